// What keys do. Where somebody writes, letters are letters.
const KEYS = {
  "+": "nearer", "=": "nearer", "-": "further", "0": "fit", "1": "natural", "2": "selection", "/": "find", p: "projection",
  f: "focus", o: "open", l: "filters", t: "table", Escape: "nothing", ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down",
};

export function keys(store, acts, ready) {
  document.addEventListener("keydown", (event) => {
    if (!ready()) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      acts.find();
      return;
    }
    const { target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || store.get().table) return;
    if (target.matches?.("input:not([type=checkbox]), select, textarea")) return;
    const act = KEYS[event.key];
    const scrolls = event.key.startsWith("Arrow") && target.closest?.("aside, details");
    if (!act || scrolls) return;
    event.preventDefault();
    acts[act]();
  });
}
