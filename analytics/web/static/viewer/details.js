// What is known of the selection, in words: a node, a box, or all relations between two things.
import { byId, counted, make } from "./dom.js";
import { falls } from "./falls.js";

const MOST = 200;
const KINDS = { dep: "call", lb: "balances to", ingress: "may reach", route: "route", peering: "peering", vpn: "VPN",
  endpoint: "endpoint", volume: "disk" };

export const ends_of = (select) => (select.includes(">") ? select.split(">") : null);
export const said_of = (line) => [line.words || KINDS[line.kind] || line.kind, line.count > 1 ? `×${line.count}` : ""].filter(Boolean).join(" ");

export class Details {
  constructor(store, { visit, pick, open, opens, fails, fallen }) {
    Object.assign(this, { store, visit, pick, open, opens, fails, fallen, model: null });
    this.panel = byId("details");
    byId("details-close").addEventListener("click", () => this.close());
  }

  close() {
    this.store.set({ select: "", focus: "", hops: 0, to: "" });
    byId("stage").focus({ preventScroll: true });
  }

  show(model) {
    this.model = model;
    this.look();
  }

  look() {
    const { model } = this;
    const { select } = this.store.get();
    const ends = ends_of(select);
    const known = model && (ends ? model.between.has(select) || model.between.has(`${ends[1]}>${ends[0]}`) : model.thing(select));
    this.panel.hidden = !known;
    document.body.classList.toggle("with-details", Boolean(known));
    this.fallen([]);
    if (!known) return;
    const active = this.panel.contains(document.activeElement);
    const parts = ends ? this.line(select, ends) : model.nodes.has(select) ? this.node(model.nodes.get(select)) : this.box(model.boxes.get(select));
    byId("details-body").replaceChildren(...parts.filter(Boolean));
    byId("details-name").textContent = ends ? `${model.name(ends[0])} → ${model.name(ends[1])}` : model.name(select);
    if (active && !this.panel.contains(document.activeElement)) byId("details-name").focus();
    byId("details-body").scrollTop = 0;
  }

  node(node) {
    const { model } = this;
    const about = [node.family, ...node.providers].filter(Boolean).join(" · ");
    return [
      make("p", { class: "about" }, node.count > 1 ? `${about} · stands for ${node.count}` : about),
      this.where(node.parent),
      this.opening(node),
      this.tools(node.id),
      marks(node.marks),
      this.findings(node.id),
      rows(node.rows),
      links(node.links),
      this.calls("Calls", model.out.get(node.id), "target"),
      this.calls("Called by", model.into.get(node.id), "source"),
      this.fails(node) ? falls(node, { to: (id, words) => this.to(id, words), told: this.fallen }) : null,
      this.clients(node.systems),
      node.members.length ? folded("Stands for", node.members.map((id) => make("li", {}, id))) : null,
      node.source ? make("p", { class: "source" }, `In the inventory: ${node.source}`) : null,
    ];
  }

  box(box) {
    const { model } = this;
    const inside = model.inside.get(box.id) || [];
    const shut = this.store.get().folded.includes(box.id);
    const sharing = [...model.boxes.values()].filter((one) => one.shares === box.id);
    return [
      make("p", { class: "about" }, [box.kind, ...sharing.map((one) => `${one.name} (${one.kind})`)].join(" · ")),
      this.where(box.parent),
      make("p", { class: "tools" }, make("button", { type: "button", "aria-pressed": String(shut), onclick: () => this.fold(box.id) }, shut ? "Open it" : "Fold it")),
      marks(box.marks),
      rows(box.rows),
      inside.length ? folded(`Inside (${inside.length})`, inside.slice(0, MOST).map((id) => make("li", {}, this.to(id))), true) : null,
      this.calls("Lines from it", model.out.get(box.id), "target"),
      this.calls("Lines to it", model.into.get(box.id), "source"),
      this.fails(box) ? falls(box, { to: (id, words) => this.to(id, words), told: this.fallen }) : null,
    ];
  }

  fold(id) {
    const { folded: now } = this.store.get();
    this.store.set({ folded: now.includes(id) ? now.filter((one) => one !== id) : [...now, id] });
  }

  line(select, [source, target]) {
    const { model } = this;
    const there = model.between.get(select) || [];
    const back = source === target ? [] : model.between.get(`${target}>${source}`) || [];
    const trunks = new Set(there.map((number) => model.details.lines[number].trunk).filter(Boolean));
    const beside = trunks.size ? model.details.lines.filter((line) => trunks.has(line.trunk) && line.source + line.target !== source + target) : [];
    const relations = [...there, ...back].map((number) => this.relation(model.details.lines[number]));
    const together = new Map(beside.map((line) => [`${line.source}>${line.target}`, line]));
    return [
      make("p", { class: "about" }, counted([...there, ...back].reduce((sum, number) => sum + model.details.lines[number].count, 0), "relation")),
      make("p", {}, "From ", this.to(source), " to ", this.to(target)),
      make("ul", { class: "relations" }, ...relations),
      together.size ? folded(`Runs together with (${together.size})`, [...together.values()].slice(0, MOST).map((line) =>
        make("li", {}, this.to(`${line.source}>${line.target}`, `${model.name(line.source)} → ${model.name(line.target)}`), said(line)))) : null,
    ];
  }

  relation(line) {
    const { model } = this;
    const facts = [["kind", KINDS[line.kind] || line.kind], ["how it is known", line.known], ["stands for", line.count > 1 ? counted(line.count, "relation") : ""],
      ["crosses", line.crossing], ["closes a cycle", line.back ? "yes" : ""], ...line.rows].filter((row) => row[1]);
    return make("li", {}, make("strong", {}, `${model.name(line.source)} → ${model.name(line.target)}`, line.words ? `: ${line.words}` : ""), rows(facts));
  }

  where(parent) {
    const steps = [];
    for (let box = parent; box && this.model.boxes.has(box); box = this.model.boxes.get(box).parent) steps.unshift(box);
    if (!steps.length) return null;
    return make("p", { class: "where" }, ...steps.flatMap((id, number) => [number ? " › " : "in ", this.to(id)]));
  }

  opening(node) {
    const part = this.opens(node);
    return part ? make("p", { class: "tools" }, make("button", { type: "button", title: "Open it (o)", onclick: () => this.open(part) }, "Open it")) : null;
  }

  // Focus by direction and hops, and the way to another thing.
  tools(id) {
    const { store, model } = this;
    const { focus, hops, to } = store.get();
    const choice = (value, words) => make("button", { type: "button", "aria-pressed": String(focus === value), onclick: () =>
      store.set({ focus: focus === value ? "" : value, to: "" }) }, words);
    const far = make("select", { "aria-label": "How many calls far", onchange: (event) => store.set({ hops: Number(event.target.value) }) },
      ...[0, 1, 2, 3, 4, 5].map((count) => make("option", { value: count, selected: count === hops }, count ? counted(count, "call") : "all the way")));
    return make("div", { class: "tools", role: "group", "aria-label": "Focus" }, choice("up", "Upstream"), choice("both", "Both"), choice("down", "Downstream"),
      focus ? far : null, to
        ? make("button", { type: "button", onclick: () => store.set({ to: "" }) }, `Way to ${model.name(to)} ✕`)
        : make("button", { type: "button", id: "path-to", onclick: () => this.pick(id) }, "Way to …"));
  }

  findings(id) {
    const found = this.model.findings.get(id);
    if (!found) return null;
    return make("section", {}, make("h3", {}, "Findings"), make("ul", { class: "findings" },
      ...found.map((finding) => make("li", { "data-tone": finding.tone }, make("span", { class: "code" }, finding.code), " ", finding.text))));
  }

  // Whom its systems serve, and how they are reached.
  clients(systems) {
    const served = this.model.details.clients.filter((client) => client.systems.some((system) => systems.includes(system)));
    if (!served.length) return null;
    return make("section", {}, make("h3", {}, `Clients (${served.length})`), make("ul", { class: "relations" }, ...served.slice(0, MOST).map((client) =>
      make("li", {}, client.name, rows(client.contacts)))));
  }

  calls(title, numbers, end) {
    if (!numbers?.length) return null;
    const grouped = new Map();
    for (const number of numbers) {
      const line = this.model.details.lines[number];
      (grouped.get(line[end]) || grouped.set(line[end], []).get(line[end])).push(line);
    }
    const list = [...grouped].sort((a, b) => this.model.name(a[0]).localeCompare(this.model.name(b[0]))).slice(0, MOST);
    return make("section", {}, make("h3", {}, `${title} (${grouped.size})`), make("ul", { class: "calls" }, ...list.map(([id, lines]) => make("li", {},
      this.to(id), this.to(`${lines[0].source}>${lines[0].target}`, lines.map(said_of).join(", "), `line ${this.model.name(lines[0].source)} to ${this.model.name(lines[0].target)}: `)))));
  }

  to(id, words = this.model.name(id), before = "") {
    return make("button", { type: "button", class: "to", "aria-label": before ? before + words : false, onclick: () => this.visit(id) }, words);
  }
}

const said = (line) => ` ${said_of(line)}`;

export function rows(list) {
  if (!list.length) return null;
  return make("dl", {}, ...list.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, /^https?:\/\/\S+$/.test(value) ? outside(value, value) : value)]));
}

function marks(list) {
  return list.length ? make("ul", { class: "marks-list" }, ...list.map((mark) => make("li", { "data-tone": mark.tone }, mark.text))) : null;
}

function links(list) {
  if (!list.length) return null;
  return make("ul", { class: "links" }, ...list.map((link) => make("li", {}, /^https?:\/\//.test(link.url) ? outside(link.url, link.text) : link.text)));
}

function outside(url, text) {
  return make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text);
}

function folded(title, items, open = false) {
  return make("details", { open }, make("summary", {}, title), make("ul", { class: "calls" }, ...items));
}
