// Legend and filters are one list: what there is, how often, and whether it is wanted.
import { byId, make, shape } from "./dom.js";
import { NONE } from "./model.js";

const MOST = 60;
const NAMELESS = { finding: "no finding", system: "in no system", provider: "no provider", environment: "environment not told", exposure: "not asked", family: "other" };

export class Filters {
  constructor(store) {
    this.store = store;
    byId("mode").addEventListener("change", (event) => store.set({ mode: event.target.checked ? "hide" : "fade" }));
    byId("filters-clear").addEventListener("click", () => store.set({ off: [] }));
  }

  show(model, drawing) {
    this.model = model;
    this.titles = new Map(model.details.findings.map((finding) => [finding.code, finding.text]));
    this.drawing = drawing;
    this.listed = false;
    if (byId("filters").hidden) this.look();
    else this.open();
  }

  // The list is made when it is seen.
  open() {
    if (!this.model) return;
    if (!this.listed) {
      byId("facets").replaceChildren(...this.model.facets.map((facet) => this.facet(facet, this.drawing)));
      byId("line-kinds").replaceChildren(...this.lines(this.drawing));
      this.listed = true;
    }
    this.look();
  }

  facet(facet, drawing) {
    const values = [...facet.counts].sort((a, b) => (a[0] === NONE) - (b[0] === NONE) || b[1] - a[1] || a[0].localeCompare(b[0])).slice(0, MOST);
    return make("fieldset", { "data-facet": facet.key }, make("legend", {}, facet.title), ...values.map(([value, count]) => {
      const word = `${facet.key}:${value}`;
      const tick = make("input", { type: "checkbox", value, "data-word": word, onchange: () => this.toggle(word, tick.checked) });
      const words = this.words(facet.key, value);
      return make("div", { class: "filter" }, make("label", { title: words }, tick, this.icon(facet, value, drawing) || "", make("span", { class: "filter-name" }, words), make("span", { class: "count" }, String(count))),
        make("button", { type: "button", class: "only", "aria-label": `Only ${words}`, onclick: () => this.only(facet, value) }, "only"));
    }));
  }

  words(facet, value) {
    if (value === NONE) return NAMELESS[facet];
    if (facet !== "finding") return value;
    const said = this.titles.get(value) || value;
    return said.length > 70 ? `${said.slice(0, 68)}…` : said;
  }

  // The drawing's own symbol, or its provider's colour.
  icon(facet, value, drawing) {
    if (facet.key !== "family" && facet.key !== "provider") return null;
    const node = this.model.details.nodes.find((one) => facet.of.get(one.id)[0] === value && drawing.nodes.has(one.id));
    if (!node) return make("span", { class: "icon" });
    const { prefix } = drawing;
    if (facet.key === "provider") return make("span", { class: `icon swatch ${prefix}p-${drawing.nodes.get(node.id).provider}` });
    const symbol = drawing.svg.querySelector(`[id="${prefix}s-${node.symbol}"]`);
    const icon = shape("svg", { class: "icon", "aria-hidden": "true" });
    if (symbol) {
      const use = shape("use", { href: `#${symbol.id}`, class: `${prefix}p-neutral` });
      icon.append(use);
    }
    return icon;
  }

  // Symbols into their icons; they have a size only where they are seen.
  fit_icons() {
    for (const use of byId("facets").querySelectorAll("svg:not([viewBox]) > use")) {
      const area = use.getBBox();
      if (area.width) use.parentNode.setAttribute("viewBox", `${area.x - 1} ${area.y - 1} ${area.width + 2} ${area.height + 2}`);
    }
  }

  // Kinds of lines as they are drawn.
  lines(drawing) {
    const kinds = new Map();
    for (const line of drawing.lines) {
      const key = `${line.path.getAttribute("class")} ${line.path.getAttribute("stroke-dasharray")}`;
      const said = this.model.details.lines[line.number];
      if (!said) continue;
      const words = [LINE_WORDS[said.kind] || said.kind, said.known === "stated" ? "" : said.known.split(":")[0], said.back && said.kind === "dep" ? "closes a cycle" : ""].filter(Boolean).join(", ");
      const known = kinds.get(key);
      if (known) known.count += 1;
      else kinds.set(key, { words, count: 1, path: line.path });
    }
    return [...kinds.values()].map(({ words, count, path }) => {
      const icon = shape("svg", { class: "icon line", viewBox: "0 0 30 12", "aria-hidden": "true" });
      const sample = shape("path", { d: "M0,6H30", class: path.getAttribute("class").replace("conector", "").trim(), stroke: path.getAttribute("stroke"), "stroke-width": 2, "stroke-dasharray": path.getAttribute("stroke-dasharray") || "none" });
      icon.append(sample);
      return make("li", {}, icon, make("span", { class: "filter-name" }, words), make("span", { class: "count" }, String(count)));
    });
  }

  toggle(word, wanted) {
    const { off } = this.store.get();
    this.store.set({ off: wanted ? off.filter((one) => one !== word) : [...off, word] });
  }

  only(facet, value) {
    const others = this.store.get().off.filter((word) => !word.startsWith(`${facet.key}:`));
    this.store.set({ off: [...others, ...[...facet.counts.keys()].filter((one) => one !== value).map((one) => `${facet.key}:${one}`)] });
  }

  // Ticks and chips say what the state says.
  look() {
    if (!this.model) return;
    const { off, mode } = this.store.get();
    const unwanted = new Set(off);
    for (const tick of byId("facets").querySelectorAll("input")) tick.checked = !unwanted.has(tick.dataset.word);
    byId("mode").checked = mode === "hide";
    byId("filters-clear").hidden = !off.length;
    byId("chips").replaceChildren(...this.model.facets.flatMap((facet) => this.chip(facet, unwanted)));
    byId("filters-open").dataset.active = off.length ? "1" : "0";
    this.fit_icons();
  }

  chip(facet, unwanted) {
    const values = [...facet.counts.keys()];
    const left = values.filter((value) => !unwanted.has(`${facet.key}:${value}`));
    if (left.length === values.length) return [];
    const few = left.length <= values.length - left.length;
    const shown = (few ? left : values.filter((value) => !left.includes(value))).map((value) => this.words(facet.key, value));
    const words = left.length ? `${few ? "only" : "without"} ${shown.slice(0, 2).join(", ")}${shown.length > 2 ? ` and ${shown.length - 2} more` : ""}` : `no ${facet.title.toLowerCase()}`;
    return [make("button", { type: "button", class: "chip", "aria-label": `${words}: take this filter away`, onclick: () =>
      this.store.set({ off: this.store.get().off.filter((word) => !word.startsWith(`${facet.key}:`)) }) }, words, make("span", { "aria-hidden": "true" }, " ✕"))];
  }
}

const LINE_WORDS = { dep: "calls", lb: "balances to", ingress: "may reach", route: "route", peering: "peering", vpn: "VPN", endpoint: "endpoint", volume: "disk" };
