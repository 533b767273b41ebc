// The drawing as a file: the picture as it is seen, or what the service makes of it for other programs.
import { byId } from "./dom.js";

let picture = "";

export function offer(links, text) {
  if (picture) URL.revokeObjectURL(picture);
  picture = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  byId("save").href = picture;
  for (const link of document.querySelectorAll("#formats [data-suffix]")) {
    // Twice its size, so that it stays sharp where it is shown larger.
    link.href = links[link.dataset.suffix] + (link.dataset.suffix === "png" ? "&scale=2" : "");
  }
  byId("formats").hidden = false;
}
