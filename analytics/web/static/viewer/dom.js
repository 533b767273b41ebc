// Elements of the page. Text is always set as text.
export const byId = (id) => document.getElementById(id);

export function make(name, attributes = {}, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== undefined && value !== null) made.setAttribute(key, value);
  }
  made.append(...content.filter((part) => part !== undefined && part !== null && part !== ""));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";
export function shape(name, attributes = {}) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

export const counted = (count, one, many = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

// Calls ``act`` once for any number of calls before the next picture of the screen.
export function once_a_frame(act) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      act();
    });
  };
}

// Calls ``act`` when what is in the page now has been painted, and nothing more urgent is to be done.
export function after_paint(act) {
  requestAnimationFrame(() => requestAnimationFrame(() => (window.requestIdleCallback || setTimeout)(act)));
}

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
