// The whole drawing in a corner, while more than a quarter of it is out of sight; a press goes there.
const SIDE = 168;
const OUT_OF_SIGHT = 0.25;

export class Minimap {
  constructor(canvas, camera) {
    Object.assign(this, { canvas, camera, drawing: null, picture: null });
    camera.listen(() => this.look());
    const go = (event) => {
      if (event.buttons !== 1 && event.type !== "pointerdown") return;
      const { left, top } = canvas.getBoundingClientRect();
      const { ground } = camera.drawing;
      camera.look({ x: ground.left + (event.clientX - left) / this.by, y: ground.top + (event.clientY - top) / this.by, scale: camera.scale }, true);
    };
    canvas.addEventListener("pointerdown", (event) => (canvas.setPointerCapture(event.pointerId), go(event)));
    canvas.addEventListener("pointermove", go);
  }

  // What is to be seen there; it is painted when it is, once for each drawing and its colours.
  show(drawing, light, theme) {
    Object.assign(this, { drawing, light, theme, picture: null });
    this.look();
  }

  paint() {
    const { drawing, light, theme: { colours } } = this;
    const { ground } = drawing;
    const width = ground.right - ground.left;
    const height = ground.bottom - ground.top;
    this.by = SIDE / Math.max(width, height * 1.2);
    const sharp = devicePixelRatio || 1;
    const [w, h] = [Math.max(24, Math.round(width * this.by)), Math.max(24, Math.round(height * this.by))];
    Object.assign(this.canvas, { width: w * sharp, height: h * sharp });
    Object.assign(this.canvas.style, { width: `${w}px`, height: `${h}px` });
    const picture = Object.assign(document.createElement("canvas"), { width: w * sharp, height: h * sharp });
    const pen = picture.getContext("2d");
    pen.scale(this.by * sharp, this.by * sharp);
    pen.translate(-ground.left, -ground.top);
    pen.fillStyle = colours.soft;
    pen.globalAlpha = 0.25;
    for (const box of drawing.boxes.values()) pen.fill(outline(box));
    for (const node of drawing.nodes.values()) {
      pen.globalAlpha = light.things.has(node.id) && !light.gone.has(node.id) ? 1 : 0.2;
      pen.fill(outline(node));
    }
    Object.assign(this, { picture, sharp, colours });
  }

  look() {
    if (!this.drawing) return;
    const { ground } = this.drawing;
    const { left, top, right, bottom } = this.camera.seen;
    const across = Math.max(0, Math.min(right, ground.right) - Math.max(left, ground.left)) / Math.max(1, ground.right - ground.left);
    const down = Math.max(0, Math.min(bottom, ground.bottom) - Math.max(top, ground.top)) / Math.max(1, ground.bottom - ground.top);
    this.canvas.hidden = across * down >= 1 - OUT_OF_SIGHT;
    if (this.canvas.hidden) return;
    if (!this.picture) this.paint();
    const pen = this.canvas.getContext("2d");
    const by = this.by * this.sharp;
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    pen.drawImage(this.picture, 0, 0);
    pen.strokeStyle = this.colours.mark;
    pen.lineWidth = 2 * this.sharp;
    pen.strokeRect((left - ground.left) * by, (top - ground.top) * by, (right - left) * by, (bottom - top) * by);
  }
}

function outline(thing) {
  const found = new Path2D();
  found.addPath(new Path2D(thing.outline.getAttribute("d")), new DOMMatrix([1, 0, 0, 1, thing.dx, thing.dy]));
  return found;
}
