// What is done for a drawing of many things, so that it is seen soon and moves lightly: its lines are painted together
// at first, and what is on a tile, and where a line can be hit, is made only where it is near enough to be seen.
import { shape } from "./dom.js";
import { extent } from "./extent.js";

export const MANY = 400; // nodes

const START = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">`;
const HIT = 14; // units of the drawing around a line

// The text of a drawing without what is made later, and by id what that is on the nodes.
export function lightened(text) {
  const bodies = new Map();
  if (text.split('class="boundaries').length - 1 <= MANY) return { text, bodies };
  const bare = text.replace(/(<g class="[a-z]+-n" [^>]*data-id="([^"]*)"[^>]*>)(.*?)(?=<path aria-label=")/gs, (_all, opening, id, body) => {
    bodies.set(id, body);
    return opening;
  });
  return { text: bare.replace(/<path class="conector_h[^>]*\/>/g, ""), bodies };
}

// Shows all lines as a few long paths instead of themselves; the answer puts them back.
export function together({ svg, lines }) {
  const alike = new Map();
  for (const path of lines.flatMap((line) => [line.path, ...line.besides.filter((one) => one.localName === "path")])) {
    const looks = ["class", "stroke", "stroke-width", "stroke-dasharray"].map((name) => [name, path.getAttribute(name)?.replace("conector ", "") ?? null]);
    const key = looks.join();
    if (!alike.has(key)) alike.set(key, { looks: looks.filter((look) => look[1] !== null), parts: [] });
    alike.get(key).parts.push(path.getAttribute("d"));
  }
  const first = lines[0]?.element.parentNode;
  if (!first) return () => {};
  const all = shape("g", { class: "together" });
  for (const { looks, parts } of alike.values()) all.append(shape("path", { ...Object.fromEntries(looks), d: parts.join("") }));
  first.before(all);
  svg.classList.add("apart-later");
  return () => {
    svg.classList.remove("apart-later");
    all.remove();
  };
}

// Makes what is on the tiles, and around the lines, that ``sees`` says yes to; of the others it is taken away.
export function furnish(drawing, sees) {
  tiles(drawing, sees);
  for (const line of drawing.lines) {
    line.area ||= extent(line.path.getAttribute("d"));
    if (!sees(line.area)) line.hit?.remove();
    else line.element.append((line.hit ||= shape("path", { class: "conector_h", d: line.path.getAttribute("d"), "pointer-events": "stroke", stroke: "none", "stroke-width": HIT })));
  }
}

function tiles(drawing, sees) {
  const missing = [];
  for (const node of drawing.nodes.values()) {
    if (!node.body) continue;
    const wanted = sees(node);
    if (wanted && !node.furnished) missing.push(node);
    else if (!wanted && node.furnished) {
      while (node.element.firstChild !== node.outline) node.element.firstChild.remove();
      node.furnished = false;
      node.element.classList.remove("near");
    }
  }
  if (!missing.length) return;
  const made = new DOMParser().parseFromString(`${START}${missing.map((node) => `<g>${node.body}</g>`).join("")}</svg>`, "image/svg+xml");
  [...made.documentElement.children].forEach((group, number) => {
    const node = missing[number];
    node.element.prepend(...group.childNodes);
    node.furnished = true;
    node.element.classList.add("near");
  });
}
