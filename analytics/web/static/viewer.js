// The viewer: follows a graph until it is drawn, then lets one look around in the drawing.
// Everything from the service is set as text; the drawing itself has passed the service's gate.
"use strict";

const graph = document.body.dataset.graph;
const stage = document.getElementById("stage");
const tip = document.getElementById("tip");
const query = window.location.search;
const WORDS = {
  nodes: "nodes", found: "found", drawn: "drawn", folded: "folded", omitted: "omitted", hidden: "cannot be seen",
  ghosts: "not in the inventory",
};
let svg = null;
let last = null; // the state the drawing belongs to
let projection = ""; // what was asked for; empty: as it was drawn
let home = null; // the viewBox that shows everything
let box = null; // the viewBox in force

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// --- following the run ---------------------------------------------------------------

async function follow() {
  let shown = null;
  for (;;) {
    const state = await look();
    if (state) {
      report(state);
      if (state.state !== "process") {
        if (!state.counts || shown === state.run) return;
        if (await draw(state)) shown = state.run;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
}

async function look() {
  try {
    const answer = await fetch(`/graph/${encodeURIComponent(graph)}${query}`);
    const body = await answer.json();
    if (answer.ok) return body;
    say("error", Object.values(body.message || {}).join(" ") || `The service answered ${answer.status}.`);
  } catch {
    say("process", "The service does not answer; trying again.");
  }
  return null;
}

function say(state, text) {
  const place = document.getElementById("state");
  place.dataset.state = state;
  place.textContent = text;
}

function report(state) {
  say(state.state, state.message);
  document.getElementById("progress").replaceChildren(...state.stages.map((row) => {
    const line = element("li", row.name.replaceAll("_", " "), { "data-state": row.state, title: row.reason || row.state });
    const tries = row.attempts > 1 ? ` · ${row.attempts} tries` : "";
    line.append(element("span", row.seconds === null ? row.state : `${(row.seconds * 1000).toFixed(0)} ms${tries}`));
    return line;
  }));
  const rows = [];
  for (const [name, count] of Object.entries(state.counts || {})) {
    if (count || name === "found" || name === "drawn") rows.push([WORDS[name] || name, count]);
  }
  if (state.statistics) rows.push(["connections", state.statistics.connections], ["density", state.statistics.density]);
  if (state.statistics?.newest) rows.push(["as of", state.statistics.newest], ["oldest", state.statistics.oldest]);
  if (state.statistics?.stale) rows.push(["not seen for long", state.statistics.stale]);
  for (const total of state.statistics?.totals || []) {
    rows.push([`${total.title}, ${total.system || "all"}`, `${total.value.toLocaleString("en")} ${total.unit}`.trim()]);
  }
  document.getElementById("counts").replaceChildren(
    ...rows.flatMap(([name, count]) => [element("dt", name), element("dd", String(count))]));
  const omissions = document.getElementById("omissions");
  omissions.replaceChildren(...state.omissions.map((o) => element("li", `${o.count} ${o.what}: ${o.reason}`)));
  document.getElementById("findings").replaceChildren(
    ...state.findings.map((f) => element("li", f.text, { "data-tone": f.tone })));
  document.getElementById("found").hidden = !state.findings.length;
  document.getElementById("left-out").hidden = !state.omissions.length;
}

// --- the drawing ---------------------------------------------------------------------

// Whether there is an end to it: a drawing that did not arrive is asked for again.
async function draw(state) {
  let text;
  try {
    const wanted = new URLSearchParams(query);
    if (projection) wanted.set("projection", projection);
    const answer = await fetch(`/graph/${encodeURIComponent(graph)}.svg?${wanted}`);
    if (!answer.ok) return false;
    text = await answer.text();
  } catch {
    return false;
  }
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
  if (parsed.querySelector("parsererror")) {
    say("error", "The drawing cannot be read.");
    return true;
  }
  svg = document.adoptNode(parsed.documentElement);
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  stage.replaceChildren(svg);
  home = svg.getAttribute("viewBox").split(/[\s,]+/).map(Number);
  show([...home]);
  const title = svg.querySelector(":scope > title");
  if (title) {
    document.getElementById("title").textContent = title.textContent;
    document.title = `${title.textContent} · Analytics Maestro`;
    title.remove(); // the browser's own tooltip would follow the pointer everywhere
  }
  last = state;
  offer(state.links, text);
  look_from();
  legend();
  return true;
}

// --- the other projection --------------------------------------------------------------

// The description says how the ground is looked at; the button offers the other way.
function look_from() {
  const flat = (svg.querySelector(":scope > desc")?.textContent || "").startsWith("Flat");
  const button = document.getElementById("projection");
  button.textContent = flat ? "Isometric" : "Flat";
  button.hidden = false;
  button.onclick = async () => {
    projection = flat ? "isometric" : "flat";
    button.disabled = true;
    await draw(last);
    button.disabled = false;
  };
}

// --- saving --------------------------------------------------------------------------

function offer(links, text) {
  const picture = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  document.getElementById("save").href = picture;
  for (const link of document.querySelectorAll("#formats [data-suffix]")) {
    // Twice its size, so that it stays sharp where it is shown larger.
    link.href = links[link.dataset.suffix] + (link.dataset.suffix === "png" ? "&scale=2" : "");
  }
  document.getElementById("formats").hidden = false;
}

// --- moving around -------------------------------------------------------------------

function show(next) {
  box = next;
  svg.setAttribute("viewBox", box.map((n) => n.toFixed(2)).join(" "));
}

function zoom(factor, at) {
  if (!svg) return;
  const [x, y, width, height] = box;
  const wide = Math.min(home[2] * 3, Math.max(home[2] / 60, width / factor));
  const scale = wide / width;
  const point = at || { x: x + width / 2, y: y + height / 2 };
  show([point.x - (point.x - x) * scale, point.y - (point.y - y) * scale, wide, height * scale]);
}

function place(event) {
  const matrix = svg.getScreenCTM().inverse();
  return new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
}

stage.addEventListener("wheel", (event) => {
  if (!svg) return;
  event.preventDefault();
  zoom(Math.exp(-event.deltaY * 0.0016), place(event));
}, { passive: false });

let grip = null;
stage.addEventListener("pointerdown", (event) => {
  if (svg && event.button === 0) grip = { id: event.pointerId, at: place(event), moved: false, x: event.clientX, y: event.clientY };
});
stage.addEventListener("pointermove", (event) => {
  if (grip && event.pointerId === grip.id) {
    if (!grip.moved && Math.hypot(event.clientX - grip.x, event.clientY - grip.y) > 4) {
      grip.moved = true;
      stage.setPointerCapture(event.pointerId);
      stage.classList.add("dragging");
    }
    if (grip.moved) {
      const now = place(event);
      show([box[0] + grip.at.x - now.x, box[1] + grip.at.y - now.y, box[2], box[3]]);
      return;
    }
  }
  hover(event);
});
stage.addEventListener("pointerup", (event) => {
  const moved = grip && grip.moved;
  grip = null;
  stage.classList.remove("dragging");
  if (!moved) choose(event);
});
stage.addEventListener("pointerleave", () => hover(null));

// --- tooltips, focus, search, families -------------------------------------------------

const nodeAt = (event) => event && event.target.closest && event.target.closest(".boundaries");
const lineAt = (event) => event && event.target.closest && event.target.closest(".conector_h, .conector");
const nodes = () => [...svg.querySelectorAll(".boundaries")];
const keyOf = (node) => node.id;
const rowsOf = (node) => [...svg.querySelectorAll(`#tool-${CSS.escape(keyOf(node))} tspan`)];
const nameOf = (node) => (rowsOf(node)[0] || node).textContent;

let hovered = null;
function hover(event) {
  if (!svg) return;
  const node = nodeAt(event);
  const line = node ? null : lineAt(event);
  if (hovered && hovered !== node) hovered.classList.remove("glowing");
  hovered = node;
  if (node) {
    node.classList.add("glowing");
    const list = element("dl");
    for (const row of rowsOf(node).slice(1)) {
      list.append(element("dt", row.getAttribute("class")), element("dd", row.textContent));
    }
    tip.replaceChildren(element("strong", nameOf(node)), list);
  } else if (line) {
    const text = line.parentNode.querySelector("text");
    if (!text || text.textContent === "None") {
      tip.hidden = true;
      return;
    }
    tip.replaceChildren(text.textContent);
  }
  tip.hidden = !(node || line);
  if (!tip.hidden) {
    const { offsetWidth: width, offsetHeight: height } = tip;
    tip.style.left = `${Math.min(event.clientX + 16, innerWidth - width - 8)}px`;
    tip.style.top = `${Math.min(event.clientY + 16, innerHeight - height - 8)}px`;
  }
}

function lines() {
  return [...svg.querySelectorAll("g[data-source][data-target]")];
}

// A click on a node leaves in full colour what it depends on, directly or not, and what depends on it.
function choose(event) {
  if (!svg) return;
  const node = nodeAt(event);
  focus(node && svg.dataset.focus !== keyOf(node) ? node : null);
}

function focus(node) {
  svg.dataset.focus = node ? keyOf(node) : "";
  svg.classList.toggle("focused", Boolean(node));
  const all = lines();
  const kept = node ? new Set([...reach(keyOf(node), all, "source", "target"), ...reach(keyOf(node), all, "target", "source")]) : null;
  fade((key) => !kept || kept.has(key));
}

function reach(start, all, from, to) {
  const next = new Map();
  for (const line of all) {
    if (!next.has(line.dataset[from])) next.set(line.dataset[from], []);
    next.get(line.dataset[from]).push(line.dataset[to]);
  }
  const seen = new Set([start]);
  for (const key of seen) for (const other of next.get(key) || []) seen.add(other);
  return seen;
}

function fade(keep) {
  for (const part of svg.querySelectorAll("g[data-id]")) part.dataset.faded = keep(part.dataset.id) ? "0" : "1";
  for (const line of lines()) line.dataset.faded = keep(line.dataset.source) && keep(line.dataset.target) ? "0" : "1";
}

function legend() {
  const counts = new Map();
  for (const part of svg.querySelectorAll("g[data-id][data-family]")) {
    counts.set(part.dataset.family, (counts.get(part.dataset.family) || 0) + 1);
  }
  const rows = [...counts].sort(([a], [b]) => a.localeCompare(b)).map(([family, count]) => {
    const tick = element("input", undefined, { type: "checkbox", value: family });
    tick.checked = true;
    tick.addEventListener("change", toggle);
    const label = element("label");
    label.append(tick, family, element("span", String(count)));
    const row = element("li");
    row.append(label);
    return row;
  });
  document.getElementById("toggles").replaceChildren(...rows);
  document.getElementById("families").hidden = rows.length < 2;
}

function toggle() {
  const on = new Set([...document.querySelectorAll("#toggles input:checked")].map((tick) => tick.value));
  const kept = new Set([...svg.querySelectorAll("g[data-id][data-family]")]
    .filter((part) => on.has(part.dataset.family)).map((part) => part.dataset.id));
  svg.classList.add("focused");
  fade((key) => kept.has(key));
}

const needle = document.getElementById("needle");
needle.addEventListener("input", () => {
  if (!svg) return;
  const text = needle.value.trim().toLowerCase();
  const found = nodes().filter((node) => text && rowsOf(node).some((row) => row.textContent.toLowerCase().includes(text)));
  for (const node of nodes()) node.classList.toggle("found", found.includes(node));
  document.getElementById("hits").textContent = text ? `${found.length} found` : "";
});
document.getElementById("find").addEventListener("submit", (event) => {
  event.preventDefault();
  const first = svg && svg.querySelector(".boundaries.found");
  if (!first) return;
  const area = first.getBBox();
  const matrix = svg.getScreenCTM().inverse().multiply(first.getScreenCTM());
  const middle = new DOMPoint(area.x + area.width / 2, area.y + area.height / 2).matrixTransform(matrix);
  const width = Math.min(box[2], home[2] / 2);
  const height = (width * box[3]) / box[2];
  show([middle.x - width / 2, middle.y - height / 2, width, height]);
});

document.getElementById("zoom-in").addEventListener("click", () => zoom(1.4));
document.getElementById("zoom-out").addEventListener("click", () => zoom(1 / 1.4));
document.getElementById("zoom-fit").addEventListener("click", () => svg && show([...home]));
document.addEventListener("keydown", (event) => {
  if (event.target === needle) {
    if (event.key === "Escape") needle.blur();
    return;
  }
  const step = box ? box[2] / 12 : 0;
  const acts = {
    "/": () => needle.focus(), "+": () => zoom(1.4), "-": () => zoom(1 / 1.4), "0": () => show([...home]),
    p: () => document.getElementById("projection").click(),
    Escape: () => focus(null),
    ArrowLeft: () => show([box[0] - step, box[1], box[2], box[3]]),
    ArrowRight: () => show([box[0] + step, box[1], box[2], box[3]]),
    ArrowUp: () => show([box[0], box[1] - step, box[2], box[3]]),
    ArrowDown: () => show([box[0], box[1] + step, box[2], box[3]]),
  };
  if (svg && acts[event.key] && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    acts[event.key]();
  }
});

follow();
