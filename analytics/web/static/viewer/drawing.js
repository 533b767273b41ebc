// Reads the drawing that the service made: where each node, box and line is, in the drawing's own units.
export function parse(text) {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
  if (parsed.querySelector("parsererror")) return null;
  const svg = document.adoptNode(parsed.documentElement);
  const [, , width, height] = svg.getAttribute("viewBox").split(/[\s,]+/).map(Number);
  return { svg, width, height };
}

// Call it when the drawing is in the page.
export function survey({ svg, width, height }) {
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
      const sizes = [...element.querySelectorAll("text[font-size]")].map((one) => Number(one.getAttribute("font-size")));
      nodes.set(id, { ...thing, type: Math.max(0, ...sizes), provider: element.dataset.provider });
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
  return { svg, width, height, nodes, boxes, lines: [...lines.values()], ground,
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
