// The page of one graph: wires its parts together. Everything from the service is set as text;
// the drawing itself has passed the service's gate.
import * as addresses from "./address.js";
import { Camera } from "./camera.js";
import { Details, ends_of } from "./details.js";
import { after_paint, byId, once_a_frame } from "./dom.js";
import { parse, survey } from "./drawing.js";
import { Filters } from "./filters.js";
import { follow, say } from "./follow.js";
import { gestures } from "./gestures.js";
import { lit, paint } from "./lighting.js";
import { keys } from "./keys.js";
import { load } from "./load.js";
import { Marks } from "./marks.js";
import { Minimap } from "./minimap.js";
import { arrange, contents, part_of } from "./model.js";
import { Names } from "./names.js";
import { Panels } from "./panels.js";
import { area_of, at_home, thing_of, towards, under } from "./places.js";
import { offer } from "./save.js";
import { Search } from "./search.js";
import { speak } from "./speech.js";
import { ELSEWHERE, new_store } from "./store.js";
import { Table } from "./table.js";
import { Theme } from "./theme.js";
import { tip } from "./tip.js";
import { MANY, furnish, together } from "./vast.js";

const SEEN = 5; // pixels of the smallest name from which what is on a tile is made in a vast drawing
const stage = byId("stage");
const store = new_store();
const bound = addresses.bind(store);
store.set(addresses.read(location.hash), { from_address: true });

let shown = null; // {drawing, model, light, projection, near} of the picture in the page
let state_drawn = null; // what the service said when it was fetched
let turn = 0; // counts what was asked for: an answer to something earlier comes too late
let picking = ""; // the thing from which a way is asked for
let hovered = "";
let apart = () => {}; // shows the lines of a vast drawing as themselves, which at first are painted together

const marks = new Marks(stage);
const camera = new Camera(stage, [byId("world"), marks.svg]);
const names = new Names(byId("names"), camera);
const minimap = new Minimap(byId("minimap"), camera);
const panels = new Panels(camera);
const theme = new Theme(store, () => shown && minimap.show(shown.drawing, shown.light, theme));
const details = new Details(store, { visit, pick, open, opens, fails, fallen });
const filters = new Filters(store);
const table = new Table(store, { visit });
const search = new Search(store, { go: go_to_hit, mark: mark_hits });
camera.insets = () => panels.insets();
panels.opening = () => filters.open();
panels.changed = () => shown && !store.get().view && camera.fit();

// --- the drawing -------------------------------------------------------------------------

// Whether there is an end to it: a drawing that did not arrive is asked for again.
async function draw(state) {
  state_drawn = state;
  const mine = (turn += 1);
  const { projection, inside } = store.get();
  const found = await load(projection, inside);
  if (mine !== turn) return true; // something else is wanted by now
  if (!found) return false;
  const parsed = found.text && parse(found.text);
  if (parsed) {
    put(parsed, found, inside);
    after_paint(() => offer(state.links, found.text));
  } else if (inside) {
    store.set({ inside: "" }, { quietly: true });
    const drawn = await draw(state); // all of it
    tell(found.problem || "This part cannot be read.");
    return drawn;
  } else say("error", "The drawing cannot be read.");
  return true;
}

// All is reckoned before the picture is in the page: whoever asked for a size afterwards would have it laid out twice.
function put(parsed, { said, scope }, inside) {
  const { svg, width, height } = parsed;
  svg.querySelector(":scope > title")?.remove(); // the browser's own tooltip would follow the pointer everywhere
  svg.style.width = `${width}px`;
  svg.style.height = `${height}px`;
  svg.setAttribute("aria-label", said.title);
  const vast = said.nodes.length > MANY;
  document.body.classList.toggle("vast", vast);
  if (vast) document.body.classList.add("named"); // as it will be
  const drawing = survey(parsed);
  const model = arrange(said);
  const anew = !shown || shown.inside !== inside;
  shown = { drawing, model, inside, projection: store.get().projection };
  title(said, scope);
  hovered = "";
  marks.size(drawing);
  marks.things("hovered", []);
  camera.show(drawing);
  names.clear();
  if (!vast) names.show(drawing, model);
  details.show(model);
  const { view } = store.get();
  if (anew && view) camera.look(view, true);
  else camera.fit(undefined, { at_once: true });
  light();
  camera.rest({ anew: true });
  search.show(model);
  table.show(model);
  byId("projection").hidden = Boolean(inside); // a part is seen as the overview is
  byId("projection").textContent = drawing.flat ? "Isometric" : "Flat";
  if (vast && shown.light.all && is_far()) apart = together(drawing);
  byId("picture").replaceChildren(svg);
  document.body.dataset.drawn = "1";
  filters.show(model, drawing);
  after_paint(() => {
    if (shown.drawing !== drawing) return;
    if (vast) names.show(drawing, model), names.write();
    apart();
    speak(shown);
  });
}

function title(said, scope) {
  byId("title").textContent = scope || said.title;
  byId("heading").textContent = said.title;
  document.title = `${scope || said.title} · Analytics Maestro`;
  byId("trail").hidden = !scope;
  byId("trail-root").textContent = said.title;
  byId("trail-up").hidden = !store.get().inside.includes(STEP);
  byId("trail-here").textContent = scope;
}

// --- what follows from the state ------------------------------------------------------------

function light() {
  const state = store.get();
  apart();
  shown.light = lit(shown.model, state);
  paint(shown.drawing, shown.model, shown.light, state.mode);
  names.light = shown.light;
  names.folded = new Set(state.folded);
  names.write();
  minimap.show(shown.drawing, shown.light, theme);
  select();
  const { path } = shown.light;
  const words = { with: "", against: " (against the calls)", any: " (calls in both directions)" };
  byId("notice").textContent = state.to && state.select
    ? path ? `${path.ids.map(shown.model.name).join(" → ")}${words[path.kind]}` : `No way from ${shown.model.name(state.select)} to ${shown.model.name(state.to)}`
    : "";
}

function select() {
  const { select: wanted } = store.get();
  const { drawing } = shown;
  const ends = ends_of(wanted);
  const thing = thing_of(shown, wanted);
  marks.things("selected", thing ? [thing] : []);
  const { path, lines } = shown.light;
  const about = (line) => lines.has(line.number) && (path || (ends ? line.ends === wanted : line.source === wanted || line.target === wanted));
  marks.lines("lines", drawing.lines.filter(about).map((line) => ({ ...line, against: !path && !ends && line.target === wanted })));
}

function mark_hits(hits) {
  if (!shown) return;
  marks.things("hits", hits.filter((hit) => hit.kind !== "line" && hit.kind !== "finding").map((hit) => thing_of(shown, hit.key)).filter(Boolean));
}

store.listen((state, before, { changed, quietly, from_address }) => {
  if (changed.has("theme")) theme.look();
  if (!shown) return;
  if (changed.has("query")) search.look();
  if (["off", "mode", "focus", "hops", "to", "folded"].some((key) => changed.has(key)) || (changed.has("select") && (state.focus || state.to))) light();
  if (changed.has("off") || changed.has("mode")) filters.look();
  if (["select", "focus", "hops", "to", "folded"].some((key) => changed.has(key))) details.look();
  if (changed.has("select") && !(state.focus || state.to)) select();
  if (changed.has("table")) table.look();
  if (changed.has("projection") || changed.has("inside")) redraw();
  if (changed.has("view") && from_address && !quietly) {
    if (state.view) camera.look(state.view);
    else camera.fit();
  }
});

async function redraw() {
  byId("projection").disabled = true;
  await draw(state_drawn);
  byId("projection").disabled = false;
}

camera.listen((why) => {
  if (why !== "rest" || !shown) return;
  store.set({ view: at_home(camera) ? null : camera.view }, { quietly: true });
  const far = is_far();
  document.body.classList.toggle("far", far);
  if (shown.drawing.nodes.size > MANY) furnish_near(far);
  byId("zoom-level").textContent = `${Math.round(camera.scale * 100)} %`;
});

const is_far = () => camera.scale * camera.drawing.smallest < SEEN;

// Of a vast drawing only what is in sight, and a little around, can be read and hit.
function furnish_near(far) {
  if (far && !shown.near) return;
  shown.near = !far;
  const { left, top, right, bottom } = camera.seen;
  const [wide, high] = [(right - left) / 2, (bottom - top) / 2];
  furnish(shown.drawing, ({ x, y, width, height }) => !far && x + width > left - wide && x < right + wide && y + height > top - high && y < bottom + high);
}

// --- going somewhere ------------------------------------------------------------------------

// Selects a thing or a line and brings it into sight.
function visit(id) {
  if (store.get().table) store.set({ table: "" });
  const { folded } = store.get();
  const shut = folded.filter((box) => contents(shown.model, box).has(id));
  store.set({ select: id, to: "", ...(shut.length ? { folded: folded.filter((box) => !shut.includes(box)) } : {}) });
  bring(id);
}

// Into sight at a size at which it can be read; what is seen well already stays where it is.
function bring(id, always = false) {
  const area = area_of(shown, id);
  if (!area) return;
  const { left, top, right, bottom } = camera.seen;
  const readable = 12 / shown.drawing.smallest;
  const inside = area.left > left && area.right < right && area.top > top && area.bottom < bottom;
  if (!always && inside && camera.scale >= readable * 0.6) return;
  const scale = Math.min(camera.fitting(area, 40), Math.max(camera.scale, readable));
  camera.look({ x: (area.left + area.right) / 2, y: (area.top + area.bottom) / 2, scale });
}

function go_to_hit(hit) {
  if (hit.kind !== "finding") return visit(hit.key);
  const finding = shown.model.details.findings[Number(hit.key)];
  if (finding.nodes.length) {
    store.set({ select: finding.nodes[0], to: "" });
    bring(finding.nodes[0]);
  } else store.set({ table: "findings" });
  return undefined;
}

// Between a part and a part of it, as the service has it.
const STEP = " › ";
// By what the service opens it; empty where it does not.
function opens(node) {
  const part = (state_drawn?.links.inside && part_of(node)) || "";
  const { inside } = store.get();
  return part && inside && node.kind !== "outside" ? inside + STEP + part : part;
}

// Whether the service says what falls if this fails: a box that is a place, or a node that somebody holds.
const PLACES = new Set(["provider", "datacenter", "region", "zone", "network", "subnet"]);
const NOTHING = new Set(["ghost", "external", "internet", "gateway"]);
function fails(thing) {
  const can = thing.members === undefined ? PLACES.has(thing.kind) : !NOTHING.has(thing.kind);
  return Boolean(state_drawn?.links.fail) && !store.get().inside && can;
}

function fallen(rows) {
  for (const [layer, state] of [["falls", "down"], ["wavers", "degraded"]]) {
    const things = rows.filter((row) => row.state === state).map((row) => thing_of(shown, row.node));
    marks.things(layer, things.filter(Boolean));
  }
}

// A part of the overview takes the place of all of it; the back button, or the trail, leads back.
function open(part) {
  picking = "";
  byId("stage").focus({ preventScroll: true });
  store.set({ ...ELSEWHERE, inside: part });
}
byId("trail-root").addEventListener("click", () => open(""));
byId("trail-up").addEventListener("click", () => open(store.get().inside.split(STEP).slice(0, -1).join(STEP)));

function tell(words) {
  byId("notice").textContent = words;
  setTimeout(() => byId("notice").textContent === words && (byId("notice").textContent = ""), 6000);
}

function pick(id) {
  picking = id;
  byId("notice").textContent = `Choose where the way from ${shown.model.name(id)} leads: click it, or find it and press Enter`;
  byId("needle").focus();
  byId("needle").select();
}

function chosen(id) {
  if (picking && id && id !== picking && shown.model.nodes.has(id)) {
    const from = picking;
    picking = "";
    store.set({ select: from, to: id, focus: "" });
    return;
  }
  picking = "";
  store.set({ select: id, ...(id ? { to: "" } : { focus: "", hops: 0, to: "" }) });
}
search.go = (hit) => (picking && hit.kind === "node" ? chosen(hit.key) : go_to_hit(hit));

const show_hover = once_a_frame(() => {
  const { event } = show_hover;
  if (!shown) return;
  const { id, line } = event ? under(event.target) : { id: "" };
  const node = line ? null : shown.drawing.nodes.get(id);
  if (id !== hovered) {
    hovered = id;
    marks.things("hovered", node ? [node] : []);
    if (line) marks.lines("hovered", shown.drawing.lines.filter((one) => one.ends === id));
  }
  tip(shown.model, event, node, line ? id : "");
});

gestures(stage, camera, {
  tap: (target) => shown && chosen(under(target).id),
  hover: (event) => {
    show_hover.event = event;
    show_hover();
  },
});

// --- buttons and keys -----------------------------------------------------------------------

const acts = {
  nearer: () => camera.step(true, towards(shown, camera, store.get().select)),
  further: () => camera.step(false),
  fit: () => camera.fit(),
  natural: () => camera.look({ ...camera.view, scale: 1 }),
  selection: () => store.get().select && bring(store.get().select, true),
  left: () => camera.pan(80, 0), right: () => camera.pan(-80, 0), up: () => camera.pan(0, 80), down: () => camera.pan(0, -80),
  find: () => (byId("needle").focus(), byId("needle").select()),
  projection: () => store.set({ projection: shown.drawing.flat ? "isometric" : "flat" }),
  focus: () => store.get().select && store.set({ focus: store.get().focus ? "" : "both", to: "" }),
  filters: () => panels.toggle("filters"),
  table: () => store.set({ table: store.get().table ? "" : "nodes" }),
  open: () => {
    const part = opens(shown.model.nodes.get(store.get().select));
    if (part) open(part);
  },
  nothing: () => ((picking = ""), chosen("")),
};
keys(store, acts, () => shown);
for (const [id, act] of [["zoom-in", "nearer"], ["zoom-out", "further"], ["zoom-fit", "fit"], ["zoom-natural", "natural"], ["projection", "projection"], ["table-open", "table"]]) {
  byId(id).addEventListener("click", () => shown && acts[act]());
}
byId("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(bound.current());
    tell("The link is copied: who opens it sees what you see");
  } catch {
    tell(bound.current());
  }
});
addEventListener("resize", () => shown && (store.get().view ? camera.look(store.get().view, true) : camera.fit(undefined, { at_once: true })));

follow(draw);
