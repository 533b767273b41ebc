// Follows the graph until it is drawn, and says how far it is.
import { byId, make } from "./dom.js";

const graph = document.body.dataset.graph;
const query = location.search;
const PAUSE = 400; // milliseconds
const WORDS = { nodes: "nodes", found: "found", drawn: "drawn", folded: "folded", omitted: "left out", hidden: "cannot be seen", ghosts: "not in the inventory" };

export const address = (rest = "", more = {}) => {
  const wanted = new URLSearchParams(query);
  for (const [key, value] of Object.entries(more)) if (value) wanted.set(key, value);
  return `/graph/${encodeURIComponent(graph)}${rest}?${wanted}`;
};

export function say(state, text) {
  const place = byId("state");
  place.dataset.state = state;
  byId("state-words").textContent = text;
}

async function ask() {
  try {
    const answer = await fetch(address());
    const body = await answer.json();
    if (answer.ok) return body;
    say("error", Object.values(body.message || {}).join(" ") || `The service answered ${answer.status}.`);
  } catch {
    say("process", "The service does not answer; trying again.");
  }
  return null;
}

// ``draw`` shows the drawing of a state and says whether there is an end to it.
export async function follow(draw) {
  let shown = null;
  for (;;) {
    const state = await ask();
    if (state) {
      report(state);
      if (state.state !== "process") {
        if (!state.counts || shown === state.run) return;
        if (await draw(state)) shown = state.run;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

function report(state) {
  const took = state.ended && state.created ? state.ended - state.created : null;
  const drawn = took === null ? "Drawn" : `Drawn in ${took < 10 ? took.toFixed(1) : Math.round(took)} s`;
  const words = { finished: drawn, warning: `${drawn}: ${state.message}`, process: state.message, error: state.message };
  say(state.state, words[state.state] || state.message);
  if (state.state === "process") byId("about").open = true;
  else if (byId("state").dataset.was === "process") byId("about").open = false;
  byId("state").dataset.was = state.state;
  byId("progress").replaceChildren(...state.stages.map((row) => {
    const tries = row.attempts > 1 ? ` · ${row.attempts} tries` : "";
    return make("li", { "data-state": row.state, title: row.reason || row.state }, row.name.replaceAll("_", " "),
      make("span", {}, row.seconds === null ? row.state : `${(row.seconds * 1000).toFixed(0)} ms${tries}`));
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
  byId("counts").replaceChildren(...rows.flatMap(([name, count]) => [make("dt", {}, name), make("dd", {}, String(count))]));
  byId("omissions").replaceChildren(...state.omissions.map((one) => make("li", {}, `${one.count} ${one.what}: ${one.reason}`)));
  byId("findings").replaceChildren(...state.findings.map((one) => make("li", { "data-tone": one.tone }, one.text)));
  byId("found").hidden = !state.findings.length;
  byId("left-out").hidden = !state.omissions.length;
}
