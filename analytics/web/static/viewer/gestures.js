// Wheel, drag, pinch and double tap, for mouse, pen and fingers alike.
const DRAG = 4; // pixels a press may tremble
const DOUBLE = 320; // milliseconds between two taps
const NEARER = 2;

export function gestures(stage, camera, { tap, hover }) {
  const pressed = new Map();
  let start = null;
  let moved = false;
  let last_tap = { time: 0, x: 0, y: 0 };

  const at = (event) => {
    const { left, top } = stage.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const spread = () => {
    const [one, two] = [...pressed.values()];
    return { x: (one.x + two.x) / 2, y: (one.y + two.y) / 2, width: Math.hypot(one.x - two.x, one.y - two.y) || 1 };
  };

  stage.addEventListener("wheel", (event) => {
    if (!camera.drawing) return;
    event.preventDefault();
    const { x, y } = at(event);
    const lines = event.deltaMode === 1 ? 16 : 1;
    camera.zoom(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0016)), x, y);
  }, { passive: false });

  stage.addEventListener("pointerdown", (event) => {
    if (!camera.drawing || event.button) return;
    pressed.set(event.pointerId, at(event));
    if (pressed.size === 1) start = { ...at(event), target: event.target }, moved = false;
    else moved = true;
  });

  stage.addEventListener("pointermove", (event) => {
    const before = pressed.get(event.pointerId);
    if (!before) return hover(event);
    const now = at(event);
    if (pressed.size === 2) {
      const old = spread();
      pressed.set(event.pointerId, now);
      const fresh = spread();
      camera.pan(fresh.x - old.x, fresh.y - old.y);
      camera.zoom(fresh.width / old.width, fresh.x, fresh.y);
      return undefined;
    }
    if (!moved && Math.hypot(now.x - start.x, now.y - start.y) < DRAG) return undefined;
    if (!moved) {
      moved = true;
      stage.setPointerCapture(event.pointerId);
      stage.classList.add("dragging");
      hover(null);
    }
    camera.pan(now.x - before.x, now.y - before.y);
    pressed.set(event.pointerId, now);
    return undefined;
  });

  const end = (event) => {
    if (!pressed.delete(event.pointerId)) return;
    if (!pressed.size) stage.classList.remove("dragging");
    if (event.type !== "pointerup" || moved) return;
    const { x, y } = at(event);
    const now = event.timeStamp;
    if (now - last_tap.time < DOUBLE && Math.hypot(x - last_tap.x, y - last_tap.y) < 24) {
      last_tap.time = 0;
      camera.zoom(NEARER, x, y);
      return;
    }
    last_tap = { time: now, x, y };
    tap(start.target, event);
  };
  stage.addEventListener("pointerup", end);
  stage.addEventListener("pointercancel", end);
  stage.addEventListener("pointerleave", () => hover(null));
}
