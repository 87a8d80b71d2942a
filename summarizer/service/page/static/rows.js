// The rows and what became of them, a page at a time. Everything is put there as text, never as markup.
const STATES = { waiting: () => words.state_waiting, failed: () => words.state_failed, done: () => words.state_done };

function showRows() {
  const place = spoken(".sz-rows");
  nameButton();
  place.hidden = !table;
  if (!table) return;
  const count = table.rows.length;
  const told = {
    done: numbered("many_done", { done: counted(work.done), count: counted(count) }),
    flagged: work.flagged ? filled(words.many_flagged, { count: counted(work.flagged) }) : "",
    failed: work.failed ? filled(words.many_failed, { count: counted(work.failed) }) : "",
    left: work.left,
  };
  for (const [name, text] of Object.entries(told)) place.querySelector(`[data-told=${name}]`).textContent = text;
  Object.assign(place.querySelector("progress"), { max: count, value: work.done });
  for (const kind of ["jsonl", "csv"]) place.querySelector(`[data-rows=${kind}]`).disabled = !work.done || Boolean(running);
  showPage(place);
}

const wanted = { all: () => true, flagged: (answer) => answer?.flagged, failed: (answer) => answer?.failed };

function showPage(place) {
  const chosen = Array.from(table.rows.keys()).filter((number) => wanted[work.only](work.answers[number]));
  work.page = Math.max(0, Math.min(work.page, Math.ceil(chosen.length / PAGE) - 1));
  const from = work.page * PAGE;
  const shown = chosen.slice(from, from + PAGE);
  const range = { from: counted(from + 1), to: counted(from + shown.length), count: counted(chosen.length) };
  place.querySelector("[data-told=page]").textContent = shown.length ? filled(words.many_page, range) : "";
  place.querySelector("[data-rows=back]").disabled = !from;
  place.querySelector("[data-rows=next]").disabled = from + PAGE >= chosen.length;
  place.querySelector(".sz-none").hidden = shown.length > 0;
  place.querySelector("table").hidden = !shown.length;
  drawn(place.querySelector("tbody"), shown);
}

// Draws only what changed, so that the focus stays where it is and an open row stays open.
function drawn(body, numbers) {
  const known = new Map(Array.from(body.rows, (row) => [row.dataset.key, row]));
  body.replaceChildren(...numbers.map((number) => {
    const key = `${number} ${work.answers[number] ? work.asked : ""} ${column("id")} ${column("text")}`;
    return known.get(key) ?? rowOf(number, key);
  }));
}

function rowOf(number, key) {
  const answer = work.answers[number];
  const row = document.createElement("tr");
  row.dataset.key = key;
  const result = answer && JSON.parse(answer.line);
  const state = !answer ? "waiting" : answer.failed ? "failed" : "done";
  const badge = element("span", `sz-state sz-state-${answer?.flagged ? "flagged" : state}`,
    answer?.flagged ? filled(words.state_flagged, { count: counted(answer.flagged) }) : STATES[state]());
  const name = element("th", "", String(nameOf(table.rows[number], number)));
  name.scope = "row";
  row.append(name, holding(element("td"), badge), holding(element("td"), ...told(result, answer, number)));
  return row;
}

function told(result, answer, number) {
  if (!result) return [element("p", "sz-begin", String(table.rows[number]?.[column("text")] ?? "").slice(0, 160))];
  if (result.error) return [problemLine(result.error, answer)];
  const more = holding(element("details"), element("summary", "", words.many_more), ...translated(result), ...found(result));
  const open = Object.assign(element("button", "sz-button", words.many_open), { type: "button" });
  open.dataset.open = number;
  const title = result.title ? [spokenIn(element("p", "sz-row-title", result.title), result.language)] : [];
  return [...title, spokenIn(element("p", "sz-row-summary", result.summary), result.language), holding(element("div", "sz-row-more"), more, open)];
}

function problemLine(error, { own }) {
  const problem = own ? { title: wrongs.BadShape.title, told: own, language: locale } : toldOf(error);
  const line = element("p");
  sayWrong(line, problem);
  return line;
}

const translated = (result) => Object.entries(result.translations).map(([code, text]) => spokenIn(element("p", "sz-row-summary", text), code));

const KINDS = ["number", "date", "name", "negation"];

function found(result) {
  const flagged = result.findings.filter((finding) => finding.confidence >= limits.flagged);
  const lines = flagged.map(({ kind, value, expected }) => {
    const name = words[`key_${KINDS.includes(kind) ? kind : "other"}`];
    return element("li", "", [name, [expected, value].filter(Boolean).join(" → ")].filter(Boolean).join(": "));
  });
  return lines.length ? [holding(element("ul", "sz-row-found"), ...lines)] : [];
}

function element(tag, className = "", text = "") {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}

function holding(node, ...inner) {
  node.append(...inner);
  return node;
}

function spokenIn(node, language) {
  return Object.assign(node, { lang: language, dir: "auto" });
}

// Said once at the end, not at every row.
function announce() {
  const place = spoken(".sz-rows");
  const told = Array.from(place.querySelectorAll(".sz-tally [data-told]"), (node) => node.textContent).filter(Boolean);
  place.querySelector(".sz-live").textContent = told.join(", ");
}

// The row on the first tab, as if it had been pasted; the service still knows the answer.
function openRow(number) {
  document.querySelector("#sz-tabs [role=tab]").click();
  put(table.rows[number][column("text")]);
  when(".sz-bring", () => setTimeout(() => document.querySelector("#sz-run").click(), 100));
}

const turned = { back: -1, next: 1 };

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-rows], [data-open]");
  if (!button) return;
  const kind = button.dataset.rows;
  if (button.dataset.open) openRow(Number(button.dataset.open));
  else if (kind in turned) {
    work.page += turned[kind];
    showRows();
  } else {
    const [type, parts] = filesOfRows[kind]();
    saved(`summaries.${kind}`, type, parts);
  }
});

document.addEventListener("change", (event) => {
  if (!event.target.matches?.("[data-only], [data-column]")) return;
  if ("only" in event.target.dataset) Object.assign(work, { only: event.target.value, page: 0 });
  else work = fresh();
  showRows();
});
