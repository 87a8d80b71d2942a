// Many articles: a file of rows in, POST /v1/batch, each answer to its row as it comes, results out as a file.
const PAGE = 25; // rows shown at a time
const PAUSE = 150; // ms between two looks at what has come

const fresh = () => ({ answers: [], done: 0, flagged: 0, failed: 0, left: "", asked: "", page: 0, only: "all" });
let table = null; // {name, columns, rows} of the file chosen
let work = fresh();
let running = null;

// ---- the file ----

async function bringRows(file) {
  emptied();
  const problem = file.size > limits.batch_body
    ? filled(words.many_size, { name: file.name, size: sized(file.size), most: sized(limits.batch_body) })
    : read(file.name, tableOf(file.name, decoded(await file.arrayBuffer())));
  sayManyWrong(problem && { title: wrongs.BadShape.title, told: problem });
  showChosen();
  showRows();
}

// What is wrong with the table, if anything is.
function read(name, found) {
  if (!found) return filled(words.many_form, { name });
  const count = found.rows.length;
  if (!count) return filled(words.many_empty, { name });
  if (count > limits.rows) return filled(words.many_rows, { name, count: counted(count), most: counted(limits.rows) });
  table = { name, ...found };
  return null;
}

// Gradio puts the tab on the page when it is first shown.
function sayManyWrong(problem) {
  const place = spoken(".sz-many");
  if (place) sayWrong(place.querySelector(".sz-wrong"), problem);
}

function showChosen() {
  const place = spoken(".sz-many")?.querySelector(".sz-chosen");
  if (!place) return;
  place.hidden = !table;
  if (!table) return;
  say(place.querySelector(".sz-said"), numbered("many_chosen", { name: table.name, count: counted(table.rows.length) }));
  const [text, id] = ["text", "id"].map((column) => place.querySelector(`[data-column=${column}]`));
  text.replaceChildren(...table.columns.map((name, index) => new Option(name, index)));
  id.replaceChildren(new Option(words.many_number, -1), ...table.columns.map((name, index) => new Option(name, index)));
  text.value = table.columns.includes("text") ? table.columns.indexOf("text") : longest(table);
  id.value = table.columns.indexOf("id");
}

// The column that holds the most, where none is called text.
function longest({ columns, rows }) {
  const size = (index) => rows.slice(0, 50).reduce((sum, row) => sum + String(row?.[index] ?? "").length, 0);
  return columns.map((_, index) => index).reduce((best, index) => (size(index) > size(best) ? index : best));
}

// ---- the work ----

const column = (name) => Number(spoken(".sz-many").querySelector(`[data-column=${name}]`).value);

function nameOf(row, number) {
  const name = row?.[column("id")];
  return typeof name === "string" || Number.isSafeInteger(name) ? name : number + 1;
}

// The line that asks for a row; where the row holds no text, what is wrong with it.
function askedOf(row, number, options) {
  const text = row?.[column("text")];
  if (row?.wrong) return { problem: { type: "BadShape", message: words[row.wrong] } };
  if (typeof text === "string") return { line: JSON.stringify({ id: nameOf(row, number), text, ...options }) };
  return { problem: { type: "BadShape", message: row ? words.row_text : words.row_form } };
}

async function runRows(options) {
  if (running) return;
  sayManyWrong(table ? null : { title: wrongs.EmptyInput.title, told: words.many_none });
  if (!table) return;
  const asked = JSON.stringify([options, column("text"), column("id")]);
  if (asked !== work.asked || work.done === table.rows.length) work = { ...fresh(), asked };
  const waiting = [];
  table.rows.forEach((row, number) => {
    if (work.answers[number]) return;
    const { line, problem } = askedOf(row, number, options);
    if (line) waiting.push({ number, line });
    else answered(number, JSON.stringify({ id: nameOf(row, number), error: problem }), problem.message);
  });
  await ask(waiting);
}

async function ask(waiting) {
  const mine = (running = new AbortController());
  const before = { done: work.done, at: performance.now(), all: waiting.length };
  busy(true);
  const ticking = setInterval(() => {
    if (running !== mine) return;
    work.left = timeLeft(before);
    showRows();
  }, PAUSE);
  const problem = await streamed(waiting, mine.signal).catch((error) => (error.name === "AbortError" ? null : cut()));
  clearInterval(ticking);
  if (running !== mine) return; // another file was chosen
  running = null;
  busy(false);
  const finished = work.done === table.rows.length;
  const time = seconds((performance.now() - before.at) / 1000);
  work.left = finished ? filled(words.many_finished, { time }) : words.many_stopped;
  sayManyWrong(problem ?? (finished || mine.signal.aborted ? null : cut()));
  showRows();
  announce();
}

const cut = () => ({ title: wrongs[""].title, told: numbered("many_cut", { count: counted(work.done) }) });

// Sends the lines and takes the answers, one per line and in order. What was refused, or null.
async function streamed(waiting, signal) {
  if (!waiting.length) return null;
  const lines = waiting.map(({ line }) => line).join("\n");
  if (new Blob([lines]).size > limits.batch_body) {
    const size = sized(new Blob([lines]).size);
    return { title: wrongs.BodyTooLarge.title, told: filled(words.many_size, { name: table.name, size, most: sized(limits.batch_body) }) };
  }
  const headers = { "Content-Type": "application/x-ndjson" };
  const response = await fetch("/v1/batch", { method: "POST", headers, body: lines, signal });
  if (!response.ok) return problemOf(response);
  const numbers = waiting.map(({ number }) => number)[Symbol.iterator]();
  for await (const line of linesOf(response.body)) {
    if (signal.aborted) break;
    answered(numbers.next().value, line);
  }
  return null;
}

async function* linesOf(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + part.value).split("\n");
    rest = lines.pop();
    yield* lines;
  }
}

function answered(number, line, own = "") {
  const { error, findings = [] } = JSON.parse(line);
  const flagged = findings.filter((finding) => finding.confidence >= limits.flagged).length;
  work.answers[number] = { line, flagged, failed: Boolean(error), own };
  work.done += 1;
  work.flagged += flagged > 0;
  work.failed += Boolean(error);
}

// No table and no work any more; what is under way is dropped.
function emptied() {
  running?.abort();
  running = table = null;
  work = fresh();
  busy(false);
}

function timeLeft({ done, at, all }) {
  const made = work.done - done;
  if (!made) return "";
  return filled(words.many_left, { time: seconds(((performance.now() - at) / made / 1000) * (all - made)) });
}

function seconds(number) {
  const whole = Math.max(1, Math.round(number));
  return whole < 100 ? `${whole} s` : `${counted(Math.round(whole / 60))} min`;
}

// What the button does next: all rows, or those that are left of a work that was stopped.
function nameButton() {
  const left = work.done && !running ? (table?.rows.length ?? 0) - work.done : 0;
  const node = document.querySelector("#sz-rows-run");
  node.textContent = left > 0 ? numbered("many_rest", { count: counted(left) }) : words.many_run;
}

function busy(now) {
  document.body.classList.toggle("sz-many-busy", now);
  const place = spoken(".sz-rows");
  place.toggleAttribute("aria-busy", now);
  if (now) place.scrollIntoView({ block: "nearest" });
}

const filesOfRows = {
  jsonl: () => ["application/x-ndjson", work.answers.flatMap(({ line }) => [line, "\n"])],
  csv: () => ["text/csv", ["\ufeff", ...csvOf(work.answers.filter(Boolean).map(({ line }) => JSON.parse(line)))]],
};

function csvOf(answers) {
  const languages = [...new Set(answers.flatMap(({ translations }) => Object.keys(translations ?? {})))];
  const head = ["id", "title", "language", "summary", ...languages.map((code) => `summary_${code}`), "findings", "error"];
  return [head, ...answers.map(({ id, title, language, summary, translations = {}, findings, error }) => [
    id, title, language, summary, ...languages.map((code) => translations[code]),
    findings?.filter((finding) => finding.confidence >= limits.flagged).length, error?.message,
  ])].map(lineOf);
}

document.addEventListener("sz-rows-run", ({ detail: [to, sentences, language, preset] }) => {
  runRows({ to, sentences, ...(language ? { language } : {}), ...(preset ? { preset } : {}) });
});
document.addEventListener("sz-rows-stop", () => running?.abort());
document.addEventListener("sz-rows-clear", () => {
  emptied();
  sayManyWrong(null);
  showChosen();
  showRows();
});
