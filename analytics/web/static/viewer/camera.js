// Where the drawing lies on the screen: one transform. A point p of the drawing is seen at p × scale + (x, y).
import { calm } from "./dom.js";

const READABLE = 40; // pixels of a name at the deepest zoom
const FURTHEST = 0.5; // of the scale at which all of it fits
const STEP = 1.4;
const REST = 160; // milliseconds without a change after which the picture is painted sharp

export class Camera {
  // ``layers`` move together; the first is the picture.
  constructor(stage, layers) {
    Object.assign(this, { stage, layers, x: 0, y: 0, scale: 1, drawing: null, insets: () => ({ left: 0, top: 0, right: 0, bottom: 0 }) });
    this.listeners = [];
    this.timer = 0;
    this.flight = 0;
  }

  show(drawing) {
    this.drawing = drawing;
    this.deepest = Math.max(1, READABLE / drawing.smallest);
  }

  listen(act) {
    this.listeners.push(act);
  }

  // The part of the screen that no panel covers.
  get free() {
    const { left, top, right, bottom } = this.insets();
    const { clientWidth, clientHeight } = this.stage;
    return { left, top, width: Math.max(80, clientWidth - left - right), height: Math.max(80, clientHeight - top - bottom) };
  }

  get middle() {
    const { left, top, width, height } = this.free;
    return { x: left + width / 2, y: top + height / 2 };
  }

  // The part of the drawing that is on the free screen.
  get seen() {
    const { left, top, width, height } = this.free;
    return { left: (left - this.x) / this.scale, top: (top - this.y) / this.scale,
      right: (left + width - this.x) / this.scale, bottom: (top + height - this.y) / this.scale };
  }

  get view() {
    const { x, y } = this.ground_at(this.middle.x, this.middle.y);
    return { x, y, scale: this.scale };
  }

  ground_at(x, y) {
    return { x: (x - this.x) / this.scale, y: (y - this.y) / this.scale };
  }

  place(x, y, scale, why = "move") {
    Object.assign(this, { x, y, scale });
    for (const layer of this.layers) layer.style.transform = `translate(${x}px,${y}px) scale(${scale})`;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.rest(), REST);
    for (const act of this.listeners) act(why);
  }

  // ``anew``: the picture is not in the page yet, and will be painted at the scale there is.
  rest({ anew = false } = {}) {
    clearTimeout(this.timer);
    if (anew) this.sharp = this.scale;
    if (this.scale !== this.sharp) {
      this.sharp = this.scale;
      const [picture] = this.layers;
      picture.style.willChange = "auto"; // a layer of its own keeps the sharpness it was made with
      requestAnimationFrame(() => requestAnimationFrame(() => (picture.style.willChange = "")));
    }
    for (const act of this.listeners) act("rest");
  }

  pan(dx, dy) {
    this.stop();
    this.place(this.x + dx, this.y + dy, this.scale);
  }

  bounded(scale) {
    return Math.min(this.deepest, Math.max(Math.min(this.fitting(this.drawing.ground) * FURTHEST, 1), scale));
  }

  // Zooms so that what is at (x, y) on the screen stays there.
  zoom(factor, x, y) {
    this.stop();
    const scale = this.bounded(this.scale * factor);
    const by = scale / this.scale;
    this.place(x - (x - this.x) * by, y - (y - this.y) * by, scale);
  }

  // A step nearer, towards what is there: the selection, or the thing nearest to the middle.
  step(nearer, target) {
    const { x, y } = this.middle;
    const scale = this.bounded(this.scale * (nearer ? STEP : 1 / STEP));
    if (!nearer || !target) {
      const by = scale / this.scale;
      return this.fly(x - (x - this.x) * by, y - (y - this.y) * by, scale);
    }
    const at = { x: target.x * this.scale + this.x, y: target.y * this.scale + this.y };
    const to = { x: (at.x + x) / 2, y: (at.y + y) / 2 };
    return this.fly(to.x - target.x * scale, to.y - target.y * scale, scale);
  }

  fitting(area, margin = 24) {
    const { width, height } = this.free;
    return Math.min((width - 2 * margin) / Math.max(1, area.right - area.left), (height - 2 * margin) / Math.max(1, area.bottom - area.top));
  }

  // ``area`` in the middle of the free screen, as large as it fits and no larger than ``most``.
  fit(area = this.drawing.ground, { most = 2, at_once = false } = {}) {
    this.look({ x: (area.left + area.right) / 2, y: (area.top + area.bottom) / 2,
      scale: Math.min(most, this.deepest, this.fitting(area)) }, at_once);
  }

  look({ x, y, scale }, at_once = false) {
    const near = this.bounded(scale);
    const { x: cx, y: cy } = this.middle;
    if (at_once) this.stop(), this.place(cx - x * near, cy - y * near, near);
    else this.fly(cx - x * near, cy - y * near, near);
  }

  stop() {
    cancelAnimationFrame(this.flight);
    this.goal = null;
  }

  // Moves there in a fifth of a second, or at once for those who want no motion.
  fly(x, y, scale) {
    this.stop();
    if (calm()) return this.place(x, y, scale);
    const from = { x: this.x, y: this.y, scale: this.scale };
    const began = performance.now();
    this.goal = { x, y, scale };
    const frame = (now) => {
      const part = Math.min(1, Math.max(0, (now - began) / 200));
      const eased = 1 - (1 - part) ** 3;
      const mixed = from.scale * (scale / from.scale) ** eased;
      const along = scale === from.scale ? eased : (mixed - from.scale) / (scale - from.scale);
      this.place(from.x + (x - from.x) * along, from.y + (y - from.y) * along, mixed);
      if (part < 1) this.flight = requestAnimationFrame(frame);
      else this.goal = null;
    };
    this.flight = requestAnimationFrame(frame);
    return undefined;
  }
}
