// What a screen reader says of lines; the service has said it of nodes.
import { said_of } from "./details.js";

export function speak({ drawing, model }) {
  for (const line of drawing.lines) {
    const said = model.details.lines[line.number];
    if (!said) continue;
    line.path.setAttribute("role", "img");
    line.path.setAttribute("aria-label", `${model.name(line.source)} to ${model.name(line.target)}: ${said_of(said)}`);
  }
}
