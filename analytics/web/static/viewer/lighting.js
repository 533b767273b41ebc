// Which things are in full colour: filters, focus, a path and folded boxes together.
import { NONE, contents, reach, way } from "./model.js";

export function lit(model, state) {
  const gone = new Set();
  for (const box of state.folded) for (const id of contents(model, box)) gone.add(id);
  const off = new Map();
  for (const word of state.off) {
    const [facet, value] = [word.slice(0, word.indexOf(":")), word.slice(word.indexOf(":") + 1)];
    (off.get(facet) || off.set(facet, new Set()).get(facet)).add(value);
  }
  const facets = model.facets.filter((facet) => off.has(facet.key));
  const path = state.to && state.select ? way(model, state.select, state.to) : null;
  const among = path ? new Set(path.ids) : state.focus && model.thing(state.select) ? reach(model, state.select, state.focus, state.hops) : null;
  const nodes = new Set();
  for (const node of model.details.nodes) {
    const wanted = facets.every(({ key, of }) => {
      const values = of.get(node.id);
      return values.length ? values.some((value) => !off.get(key).has(value)) : !off.get(key).has(NONE);
    });
    if (wanted && (!among || among.has(node.id))) nodes.add(node.id);
  }
  const things = new Set(nodes);
  for (const id of nodes) {
    for (let box = model.nodes.get(id).parent; box && !things.has(box); box = model.boxes.get(box)?.parent) things.add(box);
  }
  for (const box of model.details.boxes) if (among?.has(box.id) || (!among && !facets.length)) things.add(box.id);
  const numbers = path && new Set(path.numbers);
  const lines = new Set();
  model.details.lines.forEach((line, number) => {
    if (things.has(line.source) && things.has(line.target) && (!numbers || numbers.has(number))) lines.add(number);
  });
  return { things, nodes, lines, gone, path, all: nodes.size === model.details.nodes.length && !numbers };
}

// Puts it on the drawing; only what changes is touched.
export function paint(drawing, model, light, mode) {
  const some = new Set(); // trunks some of whose lines are lit: their words are,
  const dull = new Set(); // and those some of whose lines are not: the stroke where they run together is not
  model.details.lines.forEach(({ trunk }, number) => trunk && (light.lines.has(number) ? some : dull).add(trunk));
  const unlit = mode === "hide" ? "gone" : "faded";
  for (const thing of [...drawing.nodes.values(), ...drawing.boxes.values()]) {
    const look = light.gone.has(thing.id) ? "gone" : light.things.has(thing.id) ? "" : unlit;
    dress(thing.element, look);
    if (thing.header) dress(thing.header, look);
  }
  const inside = (id) => light.gone.has(id);
  for (const line of drawing.lines) {
    const said = model.details.lines[line.number];
    const hidden = inside(line.source) && inside(line.target);
    dress(line.element, hidden ? "gone" : light.lines.has(line.number) ? "" : unlit);
    for (const beside of line.besides) {
      const lit_up = !said?.trunk ? light.lines.has(line.number) : some.has(said.trunk) && !(beside.localName === "path" && dull.has(said.trunk));
      dress(beside, hidden ? "gone" : lit_up ? "" : unlit);
    }
  }
}

function dress(element, look) {
  const now = element.dataset.look || "";
  if (now === look) return;
  if (look) element.dataset.look = look;
  else delete element.dataset.look;
}
