// What is said of the drawing, arranged for being asked: neighbours, ways, facets.
export const NONE = "none";
export const FACETS = [
  ["family", "Families", (node) => [node.family]],
  ["provider", "Providers", (node) => node.providers],
  ["system", "Systems", (node) => node.systems],
  ["environment", "Environments", (node) => node.environments],
  ["exposure", "Internet exposure", (node) => (node.exposure ? [node.exposure] : [])],
  ["finding", "Findings", (node, findings) => findings],
];

export function arrange(details) {
  const nodes = new Map(details.nodes.map((node) => [node.id, node]));
  const boxes = new Map(details.boxes.map((box) => [box.id, box]));
  const findings = new Map();
  for (const finding of details.findings) {
    for (const id of finding.nodes) (findings.get(id) || findings.set(id, []).get(id)).push(finding);
  }
  const out = new Map();
  const into = new Map();
  const between = new Map();
  details.lines.forEach((line, number) => {
    (out.get(line.source) || out.set(line.source, []).get(line.source)).push(number);
    (into.get(line.target) || into.set(line.target, []).get(line.target)).push(number);
    const ends = `${line.source}>${line.target}`;
    (between.get(ends) || between.set(ends, []).get(ends)).push(number);
  });
  const inside = new Map();
  for (const one of [...details.nodes, ...details.boxes]) {
    if (one.parent) (inside.get(one.parent) || inside.set(one.parent, []).get(one.parent)).push(one.id);
  }
  const facets = FACETS.map(([key, title, values]) => {
    const of = new Map(details.nodes.map((node) => [node.id,
      values(node, (findings.get(node.id) || []).map((finding) => finding.code))]));
    const counts = new Map();
    for (const found of of.values()) for (const value of found.length ? found : [NONE]) counts.set(value, (counts.get(value) || 0) + 1);
    return { key, title, of, counts };
  }).filter((facet) => facet.counts.size > 1);
  const model = { details, nodes, boxes, findings, out, into, between, inside, facets };
  model.thing = (id) => nodes.get(id) || boxes.get(id);
  model.name = (id) => model.thing(id)?.name || id;
  return model;
}

// Ids within ``hops`` calls of ``start`` (0: all), itself among them.
export function reach(model, start, direction, hops = 0) {
  const found = new Set([start]);
  const walk = (lines, end) => {
    let edge = [start];
    const seen = new Set(edge);
    for (let hop = 0; edge.length && (!hops || hop < hops); hop += 1) {
      const next = [];
      for (const id of edge) {
        for (const number of lines.get(id) || []) {
          const other = model.details.lines[number][end];
          if (!seen.has(other)) seen.add(other), next.push(other);
        }
      }
      edge = next;
    }
    for (const id of seen) found.add(id);
  };
  if (direction !== "up") walk(model.out, "target");
  if (direction !== "down") walk(model.into, "source");
  return found;
}

// A shortest way from ``start`` to ``end``: numbers of lines and ids; with the calls, else against them, else any.
export function way(model, start, end) {
  const next = { with: (id) => [[model.out, "target"]], against: (id) => [[model.into, "source"]],
    any: (id) => [[model.out, "target"], [model.into, "source"]] };
  for (const kind of ["with", "against", "any"]) {
    const from = new Map([[start, null]]);
    for (const id of from.keys()) {
      if (id === end) break;
      for (const [lines, far] of next[kind](id)) {
        for (const number of lines.get(id) || []) {
          const other = model.details.lines[number][far];
          if (!from.has(other)) from.set(other, { id, number });
        }
      }
    }
    if (!from.has(end)) continue;
    const ids = [end];
    const numbers = [];
    for (let step = from.get(end); step; step = from.get(step.id)) ids.unshift(step.id), numbers.unshift(step.number);
    return { kind, ids, numbers };
  }
  return null;
}

// Ids of the nodes and boxes inside a box, at any depth.
export function contents(model, box) {
  const found = new Set(model.inside.get(box) || []);
  for (const id of found) for (const inner of model.inside.get(id) || []) found.add(inner);
  return found;
}

// What a part of the overview is opened by: a member of it, or its name where it stands outside of what is open; else nothing.
export function part_of(node) {
  return node?.members[0] || (node?.kind === "outside" ? node.name : "");
}
