// Reads the drawing that the service made: where each node, box and line is, in the drawing's own units.
import { extent } from "./extent.js";
import { lightened } from "./vast.js";

export function parse(text) {
  // What other pages read in it this one does not: a third of its elements.
  const needed = text.replace(/<g id="tool-[^>]*>.*?<\/g>/gs, "").replace(/<text display="none">[^<]*<\/text>/g, "");
  const { text: light, bodies } = lightened(needed);
  const parsed = new DOMParser().parseFromString(light, "image/svg+xml");
  if (parsed.querySelector("parsererror")) return null;
  const svg = document.adoptNode(parsed.documentElement);
  const [, , width, height] = svg.getAttribute("viewBox").split(/[\s,]+/).map(Number);
  return { svg, width, height, bodies };
}

export function survey({ svg, width, height, bodies }) {
  const prefix = svg.getAttribute("class").replace("svg", "").trim();
  const nodes = new Map();
  const boxes = new Map();
  const lines = new Map(); // number: everything drawn of it
  const ground = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const element of svg.querySelectorAll("g[data-id]")) {
    const id = element.dataset.id;
    const outline = element.querySelector(":scope > .boundaries") || element.lastElementChild;
    const area = extent(outline.getAttribute("d"));
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
