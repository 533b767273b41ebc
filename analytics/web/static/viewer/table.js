// The graph in tables that can be sorted and saved, and as a page of words.
import { byId, make } from "./dom.js";
import { rows, said_of } from "./details.js";

export const TABLES = { nodes: "Nodes", lines: "Lines", findings: "Findings", omissions: "Not drawn", words: "In words" };

// Header and rows of a table; the last cell of each row is what it selects.
export function content(model, table) {
  const { details, name } = model;
  if (table === "lines") {
    return [["from", "to", "how", "kind", "relations", "known"],
      details.lines.map((line) => [name(line.source), name(line.target), line.words, line.kind, line.count, line.known, `${line.source}>${line.target}`])];
  }
  if (table === "findings") {
    return [["finding", "what", "grave", "things"], details.findings.map((one) => [one.code, one.text, one.tone, one.nodes.map(name).join(", "), one.nodes[0] || ""])];
  }
  if (table === "omissions") {
    return [["what", "count", "how", "why", "names"], details.omissions.map((one) => [one.what, one.count, one.kind, one.reason, one.names.join(", "), ""])];
  }
  return [["name", "family", "provider", "where", "environment", "systems", "calls", "called by", "findings"], details.nodes.map((node) => [node.name, node.family,
    node.providers.join(", "), model.boxes.get(node.parent)?.name || "", node.environments.join(", "), node.systems.join(", "),
    model.out.get(node.id)?.length || 0, model.into.get(node.id)?.length || 0, (model.findings.get(node.id) || []).map((one) => one.code).join(", "), node.id])];
}

export function csv([header, lines]) {
  const cell = (value) => {
    const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value); // no formula in a sheet
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [header, ...lines.map((line) => line.slice(0, header.length))].map((line) => line.map(cell).join(",")).join("\r\n");
}

export class Table {
  constructor(store, { visit }) {
    Object.assign(this, { store, visit, model: null, sorted: { column: -1, down: false } });
    this.dialog = byId("table");
    this.dialog.addEventListener("close", () => this.store.get().table && this.store.set({ table: "" }));
    byId("table-close").addEventListener("click", () => this.store.set({ table: "" }));
    byId("table-csv").addEventListener("click", () => this.save());
    byId("table-filter").addEventListener("input", () => this.fill());
    byId("table-tabs").replaceChildren(...Object.entries(TABLES).map(([key, words]) =>
      make("button", { type: "button", "data-table": key, onclick: () => this.store.set({ table: key }) }, words)));
  }

  show(model) {
    this.model = model;
    this.look();
  }

  look() {
    const { table } = this.store.get();
    if (!this.model) return;
    if (!table) {
      if (this.dialog.open) this.dialog.close();
      return;
    }
    if (!this.dialog.open) this.dialog.showModal();
    for (const tab of byId("table-tabs").children) tab.setAttribute("aria-pressed", String(tab.dataset.table === table));
    this.sorted = { column: -1, down: false };
    byId("table-csv").hidden = table === "words";
    this.fill();
  }

  rows() {
    const { table } = this.store.get();
    const [header, all] = content(this.model, table);
    const text = byId("table-filter").value.trim().toLowerCase();
    const lines = text ? all.filter((line) => line.slice(0, header.length).join("\n").toLowerCase().includes(text)) : all;
    const { column, down } = this.sorted;
    if (column >= 0) lines.sort((a, b) => (down ? -1 : 1) * (typeof a[column] === "number" ? a[column] - b[column] : a[column].localeCompare(b[column], "en", { numeric: true })));
    return [header, lines];
  }

  fill() {
    const { table } = this.store.get();
    if (table === "words") return byId("table-body").replaceChildren(...this.words());
    const [header, lines] = this.rows();
    const head = header.map((words, column) => make("th", { scope: "col", "aria-sort": this.sorted.column === column ? (this.sorted.down ? "descending" : "ascending") : "none" },
      make("button", { type: "button", onclick: () => this.sort(column) }, words)));
    const body = lines.map((line) => make("tr", {}, ...header.map((_, column) => make(column ? "td" : "th", column ? {} : { scope: "row" },
      !column && line[header.length] ? make("button", { type: "button", class: "to", onclick: () => this.visit(line[header.length]) }, line[0]) : String(line[column])))));
    byId("table-body").replaceChildren(make("table", {}, make("caption", {}, `${TABLES[table]}: ${lines.length}`), make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...body)));
    return undefined;
  }

  sort(column) {
    this.sorted = { column, down: this.sorted.column === column && !this.sorted.down };
    this.fill();
    byId("table-body").querySelectorAll("th button")[column].focus();
  }

  words() {
    const { model } = this;
    const { details } = model;
    const text = byId("table-filter").value.trim().toLowerCase();
    const call = (number, end, arrow) => {
      const line = details.lines[number];
      return make("li", {}, `${arrow} ${model.name(line[end])}: ${said_of(line)}${line.known === "stated" ? "" : ` (${line.known})`}`);
    };
    const nodes = details.nodes.filter((node) => !text || `${node.name}\n${node.rows.join("\n")}`.toLowerCase().includes(text)).map((node) => make("section", {},
      make("h3", {}, make("button", { type: "button", class: "to", onclick: () => this.visit(node.id) }, node.name)),
      rows(node.rows) || "",
      make("ul", {}, ...(model.findings.get(node.id) || []).map((one) => make("li", {}, `finding ${one.code}: ${one.text}`)),
        ...node.marks.map((mark) => make("li", {}, mark.text)),
        ...(model.out.get(node.id) || []).map((number) => call(number, "target", "calls")), ...(model.into.get(node.id) || []).map((number) => call(number, "source", "called by")))));
    const plain = (title, list) => (list.length ? [make("h2", {}, title), make("ul", {}, ...list.map((words) => make("li", {}, words)))] : []);
    return [...plain("Findings", details.findings.map((one) => one.text)), ...plain("Not drawn as itself", details.omissions.map((one) => `${one.count} ${one.what}: ${one.reason}`)),
      make("h2", {}, `Nodes (${nodes.length})`), ...nodes];
  }

  save() {
    const { table } = this.store.get();
    const file = URL.createObjectURL(new Blob([`\ufeff${csv(this.rows())}`], { type: "text/csv;charset=utf-8" }));
    make("a", { href: file, download: `${document.body.dataset.graph}-${table}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(file), 10_000);
  }
}
