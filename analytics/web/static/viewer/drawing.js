// Reads the drawing that the service made: where each node, box and line is, in the drawing's own units.
export const MANY = 400; // nodes: of more, what is on a tile is made only where it is seen

const START = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">`;

export function parse(text) {
  // What other pages read in it this one does not: a third of its elements.
  let needed = text.replace(/<g id="tool-[^>]*>.*?<\/g>/gs, "").replace(/<text display="none">[^<]*<\/text>/g, "");
  const bodies = new Map();
  if (needed.split('class="boundaries').length - 1 > MANY) {
    needed = needed.replace(/(<g class="[a-z]+-n" [^>]*data-id="([^"]*)"[^>]*>)(.*?)(?=<path aria-label=")/gs, (_all, opening, id, body) => {
      bodies.set(id, body);
      return opening;
    });
  }
  const parsed = new DOMParser().parseFromString(needed, "image/svg+xml");
  if (parsed.querySelector("parsererror")) return null;
  const svg = document.adoptNode(parsed.documentElement);
  const [, , width, height] = svg.getAttribute("viewBox").split(/[\s,]+/).map(Number);
  return { svg, width, height, bodies };
}

// Makes what is on the tiles of these nodes; of the others it is taken away.
export function furnish(drawing, wanted) {
  const missing = [];
  for (const node of drawing.nodes.values()) {
    if (!node.body) continue;
    if (wanted(node) && !node.furnished) missing.push(node);
    else if (!wanted(node) && node.furnished) {
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

// Call it when the drawing is in the page.
export function survey({ svg, width, height, bodies }) {
  const prefix = svg.getAttribute("class").replace("svg", "").trim();
  const nodes = new Map();
  const boxes = new Map();
  const lines = new Map(); // number: everything drawn of it
  const ground = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const element of svg.querySelectorAll("g[data-id]")) {
    const id = element.dataset.id;
    const outline = element.querySelector(":scope > .boundaries") || element.lastElementChild;
    const area = outline.getBBox();
    const [dx, dy] = moved(element);
    const thing = { id, element, outline, x: area.x + dx, y: area.y + dy, width: area.width, height: area.height, dx, dy };
    thing.middle = { x: thing.x + thing.width / 2, y: thing.y + thing.height / 2 };
    if (outline.id) {
      const body = bodies.get(id);
      const sizes = body ? [...body.matchAll(/font-size="([\d.]+)"/g)].map((found) => Number(found[1]))
        : [...element.querySelectorAll("text[font-size]")].map((one) => Number(one.getAttribute("font-size")));
      nodes.set(id, { ...thing, type: Math.max(0, ...sizes), provider: element.dataset.provider, body });
      if (body) element.classList.add(`${prefix}p-${element.dataset.provider}`); // bare tiles have its colour
    } else boxes.set(id, { ...thing, header: null, type: 0 });
    grow(ground, thing);
  }
  for (const header of svg.querySelectorAll("g[data-header]")) {
    const box = boxes.get(header.dataset.header);
    if (!box) continue;
    box.header = header;
    box.type = Number(header.querySelector("text:last-of-type, text")?.getAttribute("font-size")) || 0;
  }
  const unnumbered = new Map();
  for (const element of svg.querySelectorAll("g[data-source][data-target]")) {
    const ends = `${element.dataset.source}>${element.dataset.target}`;
    const number = element.dataset.line === undefined ? -1 - unnumbered.size : Number(element.dataset.line);
    unnumbered.set(element, number);
    lines.set(number, { number, ends, source: element.dataset.source, target: element.dataset.target, element,
      path: element.querySelector(".conector"), besides: [] });
  }
  for (const element of svg.querySelectorAll("[data-line]:not([data-source])")) {
    lines.get(Number(element.dataset.line))?.besides.push(element);
  }
  if (!nodes.size) Object.assign(ground, { left: 0, top: 0, right: width, bottom: height });
  const type = [...nodes.values()].map((node) => node.type).filter(Boolean);
  return { svg, width, height, prefix, nodes, boxes, lines: [...lines.values()], ground,
    smallest: type.length ? Math.min(...type) : 14, flat: (svg.querySelector(":scope > desc")?.textContent || "").startsWith("Flat") };
}

function moved(element) {
  const found = /translate\(([-\d.]+)[ ,]+([-\d.]+)\)/.exec(element.getAttribute("transform") || "");
  return found ? [Number(found[1]), Number(found[2])] : [0, 0];
}

function grow(ground, thing) {
  ground.left = Math.min(ground.left, thing.x);
  ground.top = Math.min(ground.top, thing.y);
  ground.right = Math.max(ground.right, thing.x + thing.width);
  ground.bottom = Math.max(ground.bottom, thing.y + thing.height);
}
