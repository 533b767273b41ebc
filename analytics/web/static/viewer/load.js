// The drawing and what is said of it: all of it, or a part of it that is opened.
import { address } from "./follow.js";

const MOST = 6; // that are kept, so that the way back takes no time
const TRIES = 8; // while the service opens parts for others
const kept = new Map();

// ``{text, said, scope}``, or ``{problem}`` where it cannot be had; nothing where it may be, a little later.
export async function load(projection, inside) {
  const key = `${inside}|${projection}`;
  if (kept.has(key)) return kept.get(key);
  let found;
  try {
    found = inside ? await part(inside) : await whole(projection);
  } catch {
    return null;
  }
  if (found && !found.problem) {
    kept.set(key, found);
    if (kept.size > MOST) kept.delete(kept.keys().next().value);
  }
  return found;
}

async function whole(projection) {
  const answers = await Promise.all([fetch(address(".svg", { projection, theme: "light" })), fetch(address("/details"))]);
  if (!answers.every((answer) => answer.ok)) return null;
  const [text, said] = await Promise.all([answers[0].text(), answers[1].json()]);
  return { text, said, scope: "" };
}

async function part(inside) {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const answer = await fetch(address("/inside", { part: inside }));
    const said = await answer.json();
    if (answer.ok) return { text: said.svg, said: said.details, scope: said.scope };
    if (answer.status !== 503) return { problem: Object.values(said.message || {}).join(" ") };
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  return { problem: "The service is busy; try again in a while." };
}
