// Names in constant size over a drawing whose own are too small to be read. The important come first; none covers another.
import { make, shape } from "./dom.js";

const READABLE = 10; // pixels from which the drawing's own name does
const MOST = 500;
const TOLD = 40; // nodes whose names may stand aside
const COVERED = 0.1; // of the screen is names, where there are more things than this:
const CROWD = 200;
const MOST_WORDS = 12;
const LONG = 14; // letters and digits in a row that are broken
const RING = 11;
const FURTHEST = 260;
const TYPE = 11;
const LINE = 12;
const CELL = 32;
const GAP = 2;
const EDGE = 2; // names of what is in sight stay on the screen
const BESIDE_SYMBOL = 0.68; // of a card's width

const ruler = document.createElement("canvas").getContext("2d");
const widths = new Map();
function width_of(text, bold) {
  const key = (bold ? "b" : "n") + text;
  let width = widths.get(key);
  if (width === undefined) {
    ruler.font = `${bold ? "bold 12px" : `${TYPE}px`} "Liberation Sans", Arial, Helvetica, sans-serif`;
    width = ruler.measureText(text).width;
    widths.set(key, width);
  }
  return width;
}

// Ways to write a name, the best first: on one line, on two, on three, shortened.
function writings(name, bold) {
  const found = [[name]];
  const words = name.split(/(?<=[\s\-_./])/).flatMap((word) => (word.length > LONG ? word.match(/.{1,10}/g) : [word]));
  for (const rows of [2, 3]) {
    if (words.length < rows) break;
    found.push(wrapped(words.length > MOST_WORDS ? [...words.slice(0, MOST_WORDS - 1), words.slice(MOST_WORDS - 1).join("")] : words, rows));
  }
  return found.map((lines) => ({ lines, width: Math.ceil(Math.max(...lines.map((line) => width_of(line, bold)))) + (bold ? 8 : 4), height: lines.length * (bold ? LINE + 2 : LINE) + 2 }));
}

// Words on so many rows, the longest as short as can be.
function wrapped(words, rows) {
  if (rows === 1) return [words.join("").trim()];
  let best = null;
  for (let first = 1; first <= words.length - rows + 1; first += 1) {
    const lines = [words.slice(0, first).join("").trim(), ...wrapped(words.slice(first), rows - 1)];
    const longest = Math.max(...lines.map((line) => line.length));
    if (!best || longest < best.longest) best = { lines, longest };
  }
  return best.lines;
}

export class Names {
  constructor(layer, camera) {
    const picture = shape("svg", { class: "leads" });
    this.leads = picture.appendChild(shape("path"));
    Object.assign(this, { layer, camera, order: [], light: null });
    camera.listen((why) => (why === "rest" ? this.write() : this.carry()));
  }

  // Nothing is named until ``show`` is called for the next drawing.
  clear() {
    Object.assign(this, { order: [], type: 0, written_at: null });
    this.layer.replaceChildren();
  }

  show(drawing, model) {
    const degree = (id) => (model.out.get(id)?.length || 0) + (model.into.get(id)?.length || 0);
    const boxes = [...drawing.boxes.values()].map((box) => {
      const said = model.boxes.get(box.id);
      const sharing = [...model.boxes.values()].filter((one) => one.shares === box.id).map((one) => one.name);
      const figure = said?.figures[0];
      return { thing: box, box: true, name: [...new Set([said?.name || "", ...sharing])].filter(Boolean).join(" · "),
        figure: figure ? `${figure[1]} ${figure[0]}` : "", weight: 1e9 + box.width * box.height };
    });
    const nodes = [...drawing.nodes.values()].map((node) => ({ thing: node, box: false, name: model.name(node.id), figure: "",
      weight: degree(node.id) * 1000 + (model.nodes.get(node.id)?.count || 1) }));
    this.order = [...boxes, ...nodes].filter((one) => one.name).sort((a, b) => b.weight - a.weight);
    this.boxes = boxes.length;
    this.flat = drawing.flat;
    const types = nodes.map((one) => one.thing.type).sort((a, b) => a - b);
    this.type = (types[types.length >> 1] || 14) * (this.flat ? 1 : 0.87);
  }

  // While the picture moves the names go with it; where it has come to rest they are written anew.
  carry() {
    const { camera, written_at: at } = this;
    if (!at) return;
    const by = camera.scale / at.scale;
    this.layer.style.transform = `translate(${camera.x - at.x * by}px,${camera.y - at.y * by}px) scale(${by})`;
  }

  write() {
    const { camera } = this;
    if (!camera.drawing || !this.type) return;
    const { x: dx, y: dy, scale } = camera;
    const { clientWidth, clientHeight } = camera.stage;
    this.written_at = { x: dx, y: dy, scale };
    const taken = new Map();
    const made = [];
    const leads = [];
    let covered = 0;
    const small = this.type * scale < READABLE;
    document.body.classList.toggle("named", small);
    for (const one of this.order) {
      if (made.length >= MOST || (this.order.length > CROWD && covered > COVERED * clientWidth * clientHeight)) break;
      if (this.light && (this.light.gone.has(one.thing.id) || !this.light.things.has(one.thing.id))) continue;
      const { thing } = one;
      const left = thing.x * scale + dx;
      const top = thing.y * scale + dy;
      const wide = thing.width * scale;
      const high = thing.height * scale;
      if (left + wide < 0 || top + high < 0 || left > clientWidth || top > clientHeight) continue;
      const own = one.box ? thing.type * scale >= READABLE && !this.folded?.has(thing.id) : !small;
      if (one.box && thing.header) thing.header.classList.toggle("unread", !own);
      if (own) continue;
      const ground = { left, top, wide, high };
      let spot = this.spot(one, ground, taken);
      if (!spot && (one.box || made.length < TOLD + this.boxes)) {
        spot = this.far_spot(one, ground, taken);
        if (spot) leads.push(lead(ground, spot));
      }
      if (!spot) continue;
      covered += spot.width * spot.height;
      made.push(label(one, spot));
    }
    this.layer.style.transform = "";
    this.leads.setAttribute("d", leads.join(""));
    this.layer.replaceChildren(this.leads.parentNode, ...made);
  }

  // Somewhere near by, with a line that leads to it: for the most important only.
  far_spot(one, { left, top, wide, high }, taken) {
    const { left: l, top: t, width: w, height: h } = this.camera.free;
    const form = one.forms[one.forms.length - 1].width < one.forms[0].width * 0.7 ? one.forms[one.forms.length - 1] : one.forms[0];
    const { width, height } = form;
    const [cx, cy] = [left + wide / 2, top + high / 2];
    for (let ring = 1; ring * RING < FURTHEST; ring += 1) {
      const turns = 8 + 4 * ring;
      for (let turn = 0; turn < turns; turn += 1) {
        const angle = (Math.PI * 2 * (turn + 0.5)) / turns;
        const x = cx + Math.cos(angle) * ring * RING * 1.3 - width / 2;
        const y = cy + Math.sin(angle) * ring * RING - height / 2;
        if (x < l + EDGE || y < t || x + width > l + w - EDGE || y + height > t + h) continue;
        const area = { x, y, width, height, form };
        if (claim(taken, area)) return area;
      }
    }
    return null;
  }

  spot(one, { left, top, wide, high }, taken) {
    one.forms ||= writings(one.name, one.box);
    const middle = left + wide / 2;
    const room = this.flat ? wide * BESIDE_SYMBOL : wide;
    const forms = one.box ? one.forms : [...one.forms].sort((a, b) => excess(a, room, high) - excess(b, room, high));
    for (const form of forms) {
      const { width, height } = form;
      const places = one.box
        ? [[this.flat ? left + 3 : middle - width / 2, top + 2], [left + 3, top - height - 1], [left + wide - width - 3, top + 2],
          [left + 3, top + high - height - 2], [left + wide - width - 3, top + high - height - 2], [middle - width / 2, top + high + 1],
          [middle - width / 2, top + high / 2 - height / 2]]
        : [...(this.flat && width <= room ? [[left + wide - width - 2, top + high / 2 - height / 2]] : []),
          [middle - width / 2, top + high / 2 - height / 2], [middle - width / 2, top + high + 1], [middle - width / 2, top - height - 1],
          [left + wide + 2, top + high / 2 - height / 2], [left - width - 2, top + high / 2 - height / 2],
          [left + wide / 2, top + high + 1], [middle - width, top + high + 1], [left + wide / 2, top - height - 1], [middle - width, top - height - 1]];
      for (const [wanted, y] of places) {
        const x = Math.max(EDGE, Math.min(this.camera.stage.clientWidth - width - EDGE, wanted));
        const area = { x, y, width, height, form };
        if (claim(taken, area)) return area;
      }
    }
    return null;
  }
}

// Whether nothing is there yet; then it is this one's.
function claim(taken, { x, y, width, height }) {
  const cells = [];
  for (let column = Math.floor(x / CELL); column <= Math.floor((x + width) / CELL); column += 1) {
    for (let row = Math.floor(y / CELL); row <= Math.floor((y + height) / CELL); row += 1) {
      const key = column * 100_003 + row;
      for (const other of taken.get(key) || []) {
        if (x < other.x + other.width + GAP && other.x < x + width + GAP && y < other.y + other.height && other.y < y + height) return false;
      }
      cells.push(key);
    }
  }
  const area = { x, y, width, height };
  for (const key of cells) (taken.get(key) || taken.set(key, []).get(key)).push(area);
  return true;
}

// How much a way to write a name is larger than the room for it.
function excess({ width, height }, room, high) {
  return Math.max(0, width - room) + 2.5 * Math.max(0, height - high);
}

// From the middle of a thing to the nearest side of its name.
function lead({ left, top, wide, high }, { x, y, width, height }) {
  const [cx, cy] = [left + wide / 2, top + high / 2];
  const near = [Math.max(x, Math.min(x + width, cx)), Math.max(y, Math.min(y + height, cy))];
  return `M${cx.toFixed(1)},${cy.toFixed(1)}L${near[0].toFixed(1)},${near[1].toFixed(1)}`;
}

function label(one, { x, y, width, height, form }) {
  const made = make("span", { class: one.box ? "name box" : "name", "data-of": one.thing.id });
  made.style.cssText = `left:${x.toFixed(1)}px;top:${y.toFixed(1)}px;width:${width}px;height:${height}px`;
  form.lines.forEach((line, number) => made.append(...(number ? [document.createElement("br")] : []), line));
  return made;
}
