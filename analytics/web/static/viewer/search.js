// Finds things by name, id, address or any other word of theirs, lines by their words and ends, and findings.
import { byId, make } from "./dom.js";

const LISTED = 30;
const PAUSE = 120; // milliseconds without a keystroke after which hits are marked in the drawing

export function index_of(model) {
  const entries = [];
  const add = (kind, key, title, about, words) => entries.push({ kind, key, title, about, name: title.toLowerCase(), words: `${title}\n${words.join("\n")}`.toLowerCase() });
  for (const node of model.details.nodes) {
    add("node", node.id, node.name, [node.family, model.boxes.get(node.parent)?.name].filter(Boolean).join(" · "),
      [node.id, node.source, node.kind, ...node.systems, ...node.members, ...node.rows.map((row) => row[1]), ...node.marks.map((mark) => mark.text), ...node.links.map((link) => `${link.text} ${link.url}`)]);
  }
  for (const box of model.details.boxes) {
    add("box", box.id, box.name, box.kind, [box.id, ...box.rows.map((row) => row[1]), ...box.marks.map((mark) => mark.text)]);
  }
  const seen = new Map();
  for (const line of model.details.lines) {
    const ends = `${line.source}>${line.target}`;
    const words = [line.words, line.kind, ...line.rows.map((row) => row.join(" "))];
    const known = seen.get(ends);
    if (known) {
      known.words += `\n${words.join("\n")}`.toLowerCase();
      continue;
    }
    add("line", ends, `${model.name(line.source)} → ${model.name(line.target)}`, line.words || line.kind, words);
    seen.set(ends, entries[entries.length - 1]);
  }
  model.details.findings.forEach((finding, number) => add("finding", String(number), finding.text, "finding", [finding.code]));
  return entries;
}

const KINDS = { node: 0, box: 1, finding: 2, line: 3 };
export function find(entries, text) {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const whole = words.join(" ");
  const found = [];
  for (const entry of entries) {
    if (!words.every((word) => entry.words.includes(word))) continue;
    const rank = entry.name === whole ? 0 : entry.name.startsWith(whole) ? 1 : entry.name.includes(whole) ? 2 : 3;
    found.push({ entry, rank: rank * 4 + KINDS[entry.kind] });
  }
  return found.sort((a, b) => a.rank - b.rank).map((one) => one.entry);
}

export class Search {
  constructor(store, { go, mark }) {
    Object.assign(this, { store, go, mark, model: null, entries: null, hits: [], at: -1 });
    this.needle = byId("needle");
    this.list = byId("hit-list");
    this.needle.addEventListener("input", () => {
      this.store.set({ query: this.needle.value }, { quietly: true });
      this.open();
    });
    this.needle.addEventListener("focus", () => {
      this.open();
      if (this.model) this.entries ||= index_of(this.model); // before the first keystroke
    });
    this.needle.addEventListener("keydown", (event) => this.key(event));
    byId("find").addEventListener("submit", (event) => event.preventDefault());
    byId("find").addEventListener("focusout", (event) => {
      if (!byId("find").contains(event.relatedTarget)) this.close();
    });
  }

  show(model) {
    Object.assign(this, { model, entries: null });
    this.look();
  }

  // The index is made when something is looked for.
  found(query) {
    if (!this.model || !query.trim()) return [];
    this.entries ||= index_of(this.model);
    return find(this.entries, query);
  }

  // The hits of the store's query; the list follows what is typed.
  look() {
    const { query } = this.store.get();
    if (this.needle.value !== query) this.needle.value = query;
    this.hits = this.found(query);
    this.at = -1;
    byId("hits").textContent = query.trim() ? (this.hits.length ? `${this.hits.length} found` : "nothing found") : "";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.mark(this.hits), PAUSE);
    this.fill();
  }

  fill() {
    this.list.replaceChildren(...this.hits.slice(0, LISTED).map((hit, number) => {
      const row = make("li", { role: "option", id: `hit-${number}`, "aria-selected": String(number === this.at), "data-kind": hit.kind,
        onpointerdown: (event) => event.preventDefault(), onclick: () => this.choose(number) },
      make("span", { class: "hit-name" }, hit.title), make("span", { class: "hit-about" }, hit.about));
      return row;
    }));
    if (this.hits.length > LISTED) this.list.append(make("li", { class: "more", role: "option", "aria-disabled": "true", "aria-selected": "false" }, `and ${this.hits.length - LISTED} more`));
  }

  open() {
    const shown = Boolean(this.hits.length && this.store.get().query.trim());
    this.list.hidden = !shown;
    this.needle.setAttribute("aria-expanded", String(shown));
  }

  close() {
    this.list.hidden = true;
    this.needle.setAttribute("aria-expanded", "false");
    this.needle.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (event.key === "Escape") {
      if (this.list.hidden) this.needle.blur();
      else this.close();
      event.stopPropagation();
    } else if (event.key === "Enter" || event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!this.hits.length) return;
      this.open();
      this.move(event.key === "ArrowUp" || (event.key === "Enter" && event.shiftKey) ? -1 : 1, event.key === "Enter");
    }
  }

  move(by, go) {
    const count = this.hits.length;
    const next = this.at < 0 && by < 0 ? count - 1 : (this.at + by + count) % count;
    const marked = go && this.pointed !== undefined && this.pointed === this.at ? this.at : next;
    this.pointed = go ? undefined : marked;
    this.mark_row(marked);
    if (go) this.go(this.hits[marked]);
  }

  mark_row(number) {
    this.list.children[this.at]?.setAttribute("aria-selected", "false");
    this.at = number;
    const row = this.list.children[number];
    byId("hits").textContent = `${number + 1} of ${this.hits.length}`;
    if (!row || number >= LISTED) return this.needle.removeAttribute("aria-activedescendant");
    row.setAttribute("aria-selected", "true");
    row.scrollIntoView({ block: "nearest" });
    return this.needle.setAttribute("aria-activedescendant", row.id);
  }

  choose(number) {
    this.mark_row(number);
    this.go(this.hits[number]);
    this.close();
  }
}
