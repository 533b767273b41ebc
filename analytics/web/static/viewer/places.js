// Where things are: in the drawing, under the pointer, in sight. ``shown`` is the picture in the page.
import { ends_of } from "./details.js";

// The drawn thing of an id; a box that shares another's ground is seen there.
export function thing_of({ drawing, model }, id) {
  return drawing.nodes.get(id) || drawing.boxes.get(id) || drawing.boxes.get(model.boxes.get(id)?.shares);
}

// The ground that a thing covers, or both ends of a line.
export function area_of(shown, id) {
  const things = (ends_of(id) || [id]).map((one) => thing_of(shown, one)).filter(Boolean);
  if (!things.length) return null;
  return { left: Math.min(...things.map((one) => one.x)), top: Math.min(...things.map((one) => one.y)),
    right: Math.max(...things.map((one) => one.x + one.width)), bottom: Math.max(...things.map((one) => one.y + one.height)) };
}

// What an element of the drawing belongs to.
export function under(element) {
  const node = element.closest?.(".boundaries");
  if (node) return { id: node.id };
  const line = element.closest?.("g[data-source][data-target]");
  if (line) return { id: `${line.dataset.source}>${line.dataset.target}`, line: true };
  const box = element.closest?.("g[data-id], g[data-header]");
  return box ? { id: box.dataset.id || box.dataset.header } : { id: "" };
}

// Whether all of the drawing is in sight as it is when the page opens.
export function at_home(camera) {
  const { ground } = camera.drawing;
  const { x, y } = camera.view;
  return Math.abs(camera.scale - Math.min(2, camera.deepest, camera.fitting(ground))) < 1e-3
    && Math.abs(x - (ground.left + ground.right) / 2) * camera.scale < 1 && Math.abs(y - (ground.top + ground.bottom) / 2) * camera.scale < 1;
}

// What "+" goes towards: the selection where it is in sight, else the thing nearest to the middle.
export function towards(shown, camera, select) {
  const { left, top, right, bottom } = camera.seen;
  const selected = thing_of(shown, select);
  const sees = ({ middle: { x, y } }) => x > left && x < right && y > top && y < bottom;
  if (selected && sees(selected)) return selected.middle;
  const from = camera.view;
  let best = null;
  let least = Infinity;
  for (const node of shown.drawing.nodes.values()) {
    const far = (node.middle.x - from.x) ** 2 + (node.middle.y - from.y) ** 2;
    if (far < least && !shown.light.gone.has(node.id)) [best, least] = [node.middle, far];
  }
  return best;
}
