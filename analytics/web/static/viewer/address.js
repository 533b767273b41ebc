// The state stands behind the # of the address: no server sees it, and who gets the link sees the same.
import { START } from "./store.js";

const WORDS = ["select", "query", "mode", "focus", "to", "inside", "projection", "theme", "table"];
const LISTS = ["off", "folded"];
const CHOICES = { mode: ["fade", "hide"], focus: ["", "up", "down", "both"], theme: ["", "light", "dark"],
  projection: ["", "flat", "isometric"], table: ["", "nodes", "lines", "findings", "omissions", "words"] };

export function written(state) {
  const words = new URLSearchParams();
  for (const key of WORDS) if (state[key] !== START[key]) words.set(key, state[key]);
  for (const key of LISTS) for (const value of state[key]) words.append(key, value);
  if (state.hops) words.set("hops", state.hops);
  if (state.view) words.set("view", [state.view.x.toFixed(1), state.view.y.toFixed(1), state.view.scale.toPrecision(4)].join(","));
  return words.toString();
}

// A state of an address; what is not understood is as at the start.
export function read(hash) {
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  const state = { ...START };
  for (const key of WORDS) {
    const value = words.get(key);
    if (value !== null && (!CHOICES[key] || CHOICES[key].includes(value))) state[key] = value;
  }
  for (const key of LISTS) state[key] = words.getAll(key);
  const hops = Number(words.get("hops"));
  state.hops = Number.isInteger(hops) && hops > 0 && hops < 100 ? hops : 0;
  const [x, y, scale] = (words.get("view") || "").split(",").map(Number);
  state.view = [x, y, scale].every(Number.isFinite) && scale > 0 ? { x, y, scale } : null;
  return state;
}

// Keeps the address and the store alike.
export function bind(store) {
  const place = () => `${location.pathname}${location.search}`;
  let timer = 0;
  const write = (act) => {
    const hash = written(store.get());
    if (hash !== location.hash.replace(/^#/, "")) history[act](null, "", place() + (hash ? `#${hash}` : ""));
  };
  store.listen((_state, _before, { quietly, from_address }) => {
    if (from_address) return;
    clearTimeout(timer);
    if (quietly) timer = setTimeout(() => write("replaceState"), 250); // browsers limit how often it is written
    else write("pushState");
  });
  const follow = () => store.set(read(location.hash), { from_address: true });
  addEventListener("popstate", follow);
  addEventListener("hashchange", follow);
  return { follow, current: () => location.origin + place() + (written(store.get()) ? `#${written(store.get())}` : "") };
}
