// A few words beside the pointer.
import { byId, make } from "./dom.js";
import { rows, said_of } from "./details.js";

const ROWS = 8;

export function tip(model, event, thing, ends) {
  const place = byId("tip");
  place.hidden = !(event && (thing || ends) && event.pointerType !== "touch");
  if (place.hidden) return;
  if (ends) {
    const [source, target] = ends.split(">");
    const lines = (model.between.get(ends) || []).map((number) => model.details.lines[number]);
    place.replaceChildren(make("strong", {}, `${model.name(source)} → ${model.name(target)}`), lines.map(said_of).join(", "));
  } else {
    const said = model.thing(thing.id);
    place.replaceChildren(make("strong", {}, said?.name || ""), rows((said?.rows || []).slice(0, ROWS)) || "");
  }
  const { offsetWidth: width, offsetHeight: height } = place;
  place.style.left = `${Math.max(4, Math.min(event.clientX + 16, innerWidth - width - 8))}px`;
  place.style.top = `${Math.max(4, Math.min(event.clientY + 16, innerHeight - height - 8))}px`;
}
