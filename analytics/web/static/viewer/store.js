// What the page shows, as one record. Whoever shows a part of it listens.
export const START = Object.freeze({
  view: null, // {x, y, scale}: the ground's point in the middle of the free screen; null: all of it
  select: "", // a node's or a box's id, or "source>target"
  query: "",
  off: Object.freeze([]), // "facet:value" of what is not wanted
  mode: "fade", // or "hide": what becomes of it
  focus: "", // "up", "down" or "both": what is left of the selection's surroundings
  hops: 0, // how far; 0: all the way
  to: "", // the other end of a path from the selection
  folded: Object.freeze([]), // boxes whose inside is not shown
  inside: "", // the part that is opened: its name, or a member's id; empty: all of it
  projection: "", // empty: as it was drawn
  theme: "", // "light", "dark"; empty: as the screen is
  table: "", // the table that lies over the drawing
});

// What is about one drawing and means nothing in another.
export const ELSEWHERE = Object.freeze({ view: null, select: "", focus: "", hops: 0, to: "", folded: [] });

export function new_store() {
  let state = START;
  const listeners = [];
  return {
    get: () => state,
    // ``quietly``: the step is no stop for the back button.
    set(patch, { quietly = false, from_address = false } = {}) {
      const changed = Object.keys(patch).filter((key) => !same(patch[key], state[key]));
      if (!changed.length) return;
      const before = state;
      state = Object.freeze({ ...state, ...patch });
      for (const listen of listeners) listen(state, before, { changed: new Set(changed), quietly, from_address });
    },
    listen: (act) => listeners.push(act),
  };
}

function same(one, other) {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
