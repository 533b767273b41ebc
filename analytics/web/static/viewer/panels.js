// Panels lie over the drawing and fold away; the drawing is fitted into what they leave free.
import { byId } from "./dom.js";

const NARROW = matchMedia("(max-width: 50rem)");
const EDGE = 8;

export class Panels {
  constructor(camera) {
    this.camera = camera;
    byId("filters-open").addEventListener("click", () => this.toggle("filters"));
    byId("filters-close").addEventListener("click", () => this.toggle("filters", false));
    document.addEventListener("pointerdown", (event) => {
      for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      const open = document.querySelector("details.menu[open]");
      if (!open) return;
      open.open = false;
      open.querySelector("summary").focus();
      event.stopPropagation();
    }, true);
  }

  toggle(name, open = byId(name).hidden) {
    byId(name).hidden = !open;
    if (open) this.opening?.();
    document.body.classList.toggle(`with-${name}`, open);
    const button = byId(`${name}-open`);
    button.setAttribute("aria-expanded", String(open));
    this.changed?.();
    if (open) byId(name).querySelector("h2").focus();
    else button.focus();
  }

  // How far panels reach into the screen from each side.
  insets() {
    const bar = byId("bar").getBoundingClientRect().bottom + EDGE;
    const stage = byId("stage").getBoundingClientRect();
    const side = (name) => (byId(name).hidden ? null : byId(name).getBoundingClientRect());
    const [left, right] = [side("filters"), side("details")];
    if (NARROW.matches) return { left: 0, right: 0, top: bar, bottom: right ? stage.bottom - right.top : 56 };
    return { left: left ? left.right : 0, right: right ? stage.right - right.left : 0, top: bar, bottom: EDGE };
  }
}
