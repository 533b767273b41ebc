// Outlines over the drawing: what is under the pointer, selected or found. They are a layer of their own,
// so that the large picture is not painted anew for them.
import { shape } from "./dom.js";

const MOST = 100;

export class Marks {
  constructor(stage) {
    this.svg = shape("svg", { class: "marks", "aria-hidden": "true" });
    this.layers = {};
    for (const name of ["hits", "falls", "wavers", "lines", "selected", "hovered"]) this.svg.append((this.layers[name] = shape("g", { class: name })));
    stage.append(this.svg);
  }

  size({ width, height }) {
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.style.width = `${width}px`;
    this.svg.style.height = `${height}px`;
  }

  things(layer, things) {
    this.layers[layer].replaceChildren(...[...things].slice(0, MOST).map((thing) =>
      shape("path", { d: thing.outline.getAttribute("d"), transform: `translate(${thing.dx},${thing.dy})`, "data-of": thing.id })));
  }

  lines(layer, lines) {
    this.layers[layer].replaceChildren(...[...lines].slice(0, MOST).map((line) => {
      const mark = shape("path", { d: line.path.getAttribute("d"), "data-of": line.ends });
      if (line.against) mark.setAttribute("class", "against");
      return mark;
    }));
  }
}
