// The dashboard's pages: reads what a page shows as JSON and writes it as text. Nothing it reads becomes markup.
"use strict";

const page = document.body.dataset;
const rows = document.getElementById("rows");

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined && text !== null) made.textContent = String(text);
  if (className) made.className = className;
  return made;
}

// An address of ours only: one that begins with a slash, and not with two.
function link(address, text) {
  if (!/^\/[^/\\]/.test(String(address))) return element("span", text);
  const made = element("a", text);
  made.setAttribute("href", address);
  return made;
}

function cell(content, className) {
  const made = element("td", content instanceof Node ? undefined : content, className);
  if (content instanceof Node) made.append(content);
  return made;
}

const jobAddress = (id) => `${page.base}0/view/job/${encodeURIComponent(id)}`;
const when = (iso) => (iso ? String(iso).slice(0, 19).replace("T", " ") : "");

function row(...cells) {
  const made = element("tr");
  made.append(...cells.map((one) => (one instanceof Element && one.tagName === "TD" ? one : cell(one))));
  return made;
}

function none(text, columns) {
  const made = cell(text);
  made.colSpan = columns;
  const line = element("tr");
  line.append(made);
  return [line];
}

const show = {
  queues({ queues }) {
    const columns = ["started", "finished", "failed", "deferred", "scheduled", "canceled"];
    const made = queues.map((one) => row(
      one.name,
      link(one.queued_url, one.count),
      ...columns.map((name) => link(one[`${name}_url`], one[`${name}_job_registry_count`])),
    ));
    return made.length ? made : none("No queues.", 8);
  },

  workers({ workers }) {
    const made = workers.map((one) => {
      const job = one.current_job;
      const works = typeof job === "string" ? job : link(jobAddress(job.job_id), describe(job));
      return row(one.name, one.state, works, one.queues.join(", "), one.successful_job_count, one.failed_job_count,
        when(one.last_heartbeat && new Date(one.last_heartbeat).toISOString()));
    });
    return made.length ? made : none("No workers.", 7);
  },

  jobs({ jobs, pagination }) {
    const links = pagination.pages_in_window.map((one) => {
      const made = link(one.url, one.number);
      if (one.number === pagination.current_page) made.setAttribute("aria-current", "page");
      return made;
    });
    document.getElementById("pages").replaceChildren(...(links.length > 1 ? links : []));
    const made = jobs.map((one) => {
      const fate = cell(one.fate || "", one.exc_info && one.fate !== "tried again" ? "failed" : "");
      if (one.exc_info) fate.append(element("pre", one.exc_info.trim().split("\n").pop()));
      return row(one.viewer ? link(one.viewer, one.graph) : "", one.type, one.stage || one.description, one.attempt,
        one.owner, one.run, when(one.created_at), fate, link(jobAddress(one.id), one.id));
    });
    return made.length ? made : none("No jobs.", 9);
  },

  job(one) {
    const lines = [
      ["Graph", one.viewer ? link(one.viewer, one.graph) : one.graph], ["Type", one.type], ["Stage", one.stage || one.description],
      ["Attempt", one.attempt], ["Owner", one.owner], ["Run", one.run], ["What came of it", one.fate], ["Status", one.status],
      ["Queue", one.origin], ["Created", when(one.created_at)], ["Enqueued", when(one.enqueued_at)],
      ["Started", when(one.started_at)], ["Ended", when(one.ended_at)],
      ["Metadata", one.metadata && Object.keys(one.metadata).length ? JSON.stringify(one.metadata) : ""],
      ["Error", one.exc_info ? element("pre", one.exc_info) : ""],
    ];
    return lines.filter(([, value]) => value !== undefined && value !== null && value !== "").flatMap(([name, value]) => {
      const held = element("dd", value instanceof Node ? undefined : value);
      if (value instanceof Node) held.append(value);
      return [element("dt", name), held];
    });
  },
};

function describe(job) {
  return job.graph ? `${job.stage} of ${job.graph}, attempt ${job.attempt}` : job.call_string || job.job_id;
}

function say(text) {
  const problem = document.getElementById("problem");
  problem.textContent = text;
  problem.hidden = !text;
}

async function load() {
  try {
    const answer = await fetch(page.source, { cache: "no-store" });
    if (!answer.ok) throw new Error(answer.status === 404 ? "This is not there any more." : `The answer was ${answer.status}.`);
    rows.replaceChildren(...show[page.page](await answer.json()));
    say("");
  } catch (error) {
    say(error.message);
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-post]");
  if (!button || (button.dataset.ask && !window.confirm(button.dataset.ask))) return;
  const answer = await fetch(button.dataset.post, { method: "POST" });
  if (answer.ok) load();
  else say(`This was refused (${answer.status}).`);
});

document.getElementById("find").addEventListener("submit", (event) => {
  event.preventDefault();
  const needle = document.getElementById("needle").value.trim();
  if (needle) window.location.assign(jobAddress(needle));
});

load();
setInterval(() => { if (document.getElementById("refresh").checked && !document.hidden) load(); }, Number(page.poll) || 2500);
