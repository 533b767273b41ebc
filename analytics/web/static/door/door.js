// The front door: the graphs of an owner, and a form that asks for another. The page is empty until this asks.

const WORK_EVERY = 2000; // milliseconds between two looks while a graph is in work
const REST_EVERY = 10000; // … and otherwise
const NAMES = { systems: "systems", clients: "clients", apps: "applications", datacenters: "datacenters" };
const STATES = { process: "In work", finished: "Drawn", warning: "Drawn, with a warning", error: "Not drawn" };

const $ = (id) => document.getElementById(id);
let choices = null;
let timer = 0;
let turn = 0; // counts the owners that were chosen: an answer about an earlier one comes too late

async function ask(path, options) {
  const answer = await fetch(path, options);
  if (answer.status === 401) location.assign("/login");
  const said = answer.status === 204 ? {} : await answer.json();
  if (!answer.ok) throw new Error(Object.values(said.message || {}).join(" ") || `status ${answer.status}`);
  return said;
}

function made(name, words, attributes = {}) {
  const found = document.createElement(name);
  if (words !== undefined) found.textContent = words;
  for (const [key, value] of Object.entries(attributes)) found.setAttribute(key, value);
  return found;
}

const owner = () => $("owner").value;
const own = (rest) => `/door/owners/${encodeURIComponent(owner())}/${rest}`;

// --- the form ---------------------------------------------------------------------------

async function offer() {
  const mine = turn;
  $("chosen").disabled = true; // until there is something to choose from
  $("things").replaceChildren();
  if (!owner()) return;
  const found = await ask(own("choices"));
  if (mine !== turn) return;
  choices = found;
  $("chosen").disabled = false;
  $("asked").textContent = "";
  $("ask").hidden = !choices.asks;
  $("elsewhere").hidden = choices.asks;
  const chosen = document.querySelector("#types input:checked")?.value;
  const legend = $("types").querySelector("legend");
  $("types").replaceChildren(legend, ...choices.types.map((type, place) => {
    const label = made("label");
    const input = made("input", undefined, { type: "radio", name: "type", value: type.name });
    input.checked = chosen ? type.name === chosen : place === 0;
    input.addEventListener("change", fields);
    label.append(input, type.title);
    return label;
  }));
  fields();
  $("remarks").hidden = !choices.remarks.length;
  $("remarks").querySelector("summary").textContent = `${choices.remarks.length} things in the inventory could not be read as meant`;
  $("remarks").querySelector("ul").replaceChildren(...choices.remarks.map((words) => made("li", words)));
}

function fields() {
  const type = choices.types.find((one) => one.name === document.querySelector("#types input:checked").value);
  const entries = type.entries.filter((field) => field in NAMES);
  $("field").replaceChildren(made("option", "everything", { value: "" }), ...entries.map((field) => made("option", NAMES[field], { value: field })));
  things();
}

function things() {
  const field = $("field").value;
  const needle = $("needle").value.toLowerCase();
  const all = field ? choices.things[field] : [];
  const found = all.filter((one) => one.name.toLowerCase().includes(needle) || one.id === needle);
  $("things").replaceChildren(...found.slice(0, 500).map((one) => made("option", one.name, { value: one.id })));
  $("things").hidden = $("things-label").hidden = !field;
}

async function submit(event) {
  event.preventDefault();
  const body = { type: document.querySelector("#types input:checked").value };
  const field = $("field").value;
  const chosen = [...$("things").selectedOptions].map((option) => ({ _id: option.value, name: option.textContent }));
  if (field && !chosen.length) return void ($("asked").textContent = `Choose some ${NAMES[field]} first.`);
  if (field) body[field] = chosen;
  if ($("title").value) body.title = $("title").value;
  try {
    const asked = await ask(own("graphs"), { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    location.assign(asked.view);
  } catch (error) {
    $("asked").textContent = error.message;
  }
}

// --- the list ---------------------------------------------------------------------------

function age(seconds) {
  const gone = Math.max(0, Date.now() / 1000 - seconds);
  for (const [size, word] of [[86400, "day"], [3600, "hour"], [60, "minute"]]) {
    const count = Math.floor(gone / size);
    if (count) return `${count} ${word}${count > 1 ? "s" : ""} ago`;
  }
  return "just now";
}

function row(graph) {
  const line = made("tr");
  const name = made("td");
  name.append(made("a", graph.about, { href: graph.view }), made("small", graph.id));
  const state = made("td", undefined, { "data-state": graph.state });
  state.append(STATES[graph.state]);
  if (graph.state === "process") state.append(" ", made("progress", undefined, { value: graph.done, max: graph.stages, "aria-label": `${graph.done} of ${graph.stages} stages` }));
  if (graph.state === "error" || graph.state === "warning") state.append(made("small", graph.message));
  const when = made("td", age(graph.created), { title: new Date(graph.created * 1000).toLocaleString() });
  const actions = made("td", undefined, { class: "actions" });
  const again = made("button", "Draw again", { type: "button", "aria-label": `Draw ${graph.about} again` });
  again.addEventListener("click", () => change(`graphs/${encodeURIComponent(graph.id)}/redraw`, "POST", "It is drawn again."));
  const forget = made("button", "Forget", { type: "button", "aria-label": `Forget ${graph.about}` });
  forget.disabled = graph.state === "process";
  forget.addEventListener("click", () => {
    if (confirm("Forget this graph, its drawing and its links?")) change(`graphs/${encodeURIComponent(graph.id)}`, "DELETE", "It is forgotten.");
  });
  actions.append(again, " ", forget);
  line.append(name, made("td", graph.type), state, when, actions);
  return line;
}

async function change(path, method, words) {
  try {
    await ask(own(path), { method });
    $("news").textContent = words;
  } catch (error) {
    $("news").textContent = error.message;
  }
  await list();
}

let shown = "";

async function list() {
  clearTimeout(timer);
  if (!owner()) return;
  const mine = turn;
  let busy = false;
  try {
    const found = await ask(own("graphs"));
    if (mine !== turn) return;
    busy = found.graphs.some((graph) => graph.state === "process");
    $("none").hidden = found.graphs.length > 0;
    $("graphs").hidden = !found.graphs.length;
    // What has not changed stays: a button that has the focus keeps it.
    const now = JSON.stringify(found.graphs.map((graph) => ({ ...graph, view: graph.id })));
    if (now !== shown) $("graphs").querySelector("tbody").replaceChildren(...found.graphs.map(row));
    shown = now;
  } catch (error) {
    $("news").textContent = error.message;
  }
  if (!document.hidden) timer = setTimeout(list, busy ? WORK_EVERY : REST_EVERY);
}

async function choose(id) {
  if (![...$("owner").options].some((option) => option.value === id)) $("owner").append(made("option", id, { value: id }));
  $("owner").value = id;
  history.replaceState(null, "", `?owner=${encodeURIComponent(id)}`);
  shown = "";
  const mine = ++turn;
  const say = (error) => {
    if (mine === turn) $("asked").textContent = error.message;
  };
  await Promise.allSettled([list(), offer().catch(say)]);
}

async function start() {
  const { owners } = await ask("/door/owners");
  $("owner").replaceChildren(...owners.map((id) => made("option", id, { value: id })));
  const first = new URLSearchParams(location.search).get("owner") || owners[0];
  $("owner").addEventListener("change", () => choose(owner()));
  $("other").addEventListener("submit", (event) => {
    event.preventDefault();
    if ($("owner-id").value) choose($("owner-id").value);
  });
  $("field").addEventListener("change", things);
  $("needle").addEventListener("input", things);
  $("ask").addEventListener("submit", submit);
  document.addEventListener("visibilitychange", list);
  if (first) await choose(first);
}

start();
