// What falls if this fails: asked of the service, told in words, with an outline around everything that falls.
import { address } from "./follow.js";
import { make } from "./dom.js";

const STATES = { down: "is down", degraded: "is degraded", "cannot-tell": "cannot be told" };
const MOST = 200;

// A button that asks, and then what was answered; ``told`` is given the rows, ``to`` makes a way to a node.
export function falls(thing, { to, told }) {
  const section = make("section", { class: "falls", "aria-live": "polite" });
  const ask = make("button", { type: "button", onclick: async () => {
    ask.disabled = true;
    const found = await asked(thing.id);
    section.replaceChildren(make("h3", {}, `If it fails (${found.verdicts ? found.verdicts.length : "?"})`), ...in_words(found, to));
    told(found.verdicts || []);
  } }, "If it fails …");
  section.append(make("p", { class: "tools" }, ask));
  return section;
}

async function asked(thing) {
  try {
    const answer = await fetch(address("/fail", { thing }));
    const said = await answer.json();
    return answer.ok ? said : { problem: Object.values(said.message || {}).join(" ") };
  } catch {
    return { problem: "The service does not answer; try again." };
  }
}

function in_words({ verdicts, basis, problem }, to) {
  if (problem) return [make("p", {}, problem)];
  const { applications, with_calls } = basis.recorded;
  const rests = make("p", { class: "about" }, `Calls are recorded of ${with_calls} of ${applications} applications. ${basis.assumptions.join(" ")}`);
  if (!verdicts.length) return [make("p", {}, "Nothing else that is drawn falls with it, as far as it is recorded."), rests];
  const list = verdicts.slice(0, MOST).map((row) => make("li", { "data-state": row.state }, to(row.node, row.name), ` ${STATES[row.state]}`,
    row.chain.length > 2 ? `: ${row.chain.join(" → ")}` : ""));
  if (verdicts.length > MOST) list.push(make("li", {}, `and ${verdicts.length - MOST} more`));
  return [make("ul", { class: "relations" }, ...list), rests];
}
