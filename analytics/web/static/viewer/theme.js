// Light or dark, page and drawing alike: as the screen is, unless the state says otherwise.
import { byId } from "./dom.js";

const dark_screen = matchMedia("(prefers-color-scheme: dark)");

export class Theme {
  constructor(store, act) {
    Object.assign(this, { store, act });
    dark_screen.addEventListener("change", () => this.look());
    byId("theme").addEventListener("click", () => store.set({ theme: this.dark ? "light" : "dark" }));
    this.look();
  }

  get dark() {
    const { theme } = this.store.get();
    return theme ? theme === "dark" : dark_screen.matches;
  }

  look() {
    document.documentElement.dataset.theme = this.dark ? "dark" : "light";
    byId("night").media = this.dark ? "all" : "not all";
    const words = this.dark ? "Light colours" : "Dark colours";
    byId("theme").setAttribute("aria-label", words);
    byId("theme").title = words;
    this.act?.();
  }

  get colours() {
    const style = getComputedStyle(document.documentElement);
    return { soft: style.getPropertyValue("--soft"), mark: style.getPropertyValue("--mark") };
  }
}
