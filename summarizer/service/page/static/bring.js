// Files and addresses: read by the service, put into the article's field, kept nowhere.
function put(text) {
  const field = document.querySelector("#sz-article textarea");
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

let bringing = null; // the request under way; a later one takes its place

async function bring(name, request) {
  const place = spoken(".sz-bring");
  const [said, wrong] = [place.querySelector(".sz-said"), place.querySelector(".sz-wrong")];
  bringing?.abort();
  const mine = (bringing = new AbortController());
  sayWrong(wrong, null);
  say(said, filled(words.bringing, { name }));
  place.setAttribute("aria-busy", "true");
  const problem = await fetched(name, { ...request, signal: mine.signal }, said).catch((error) =>
    error.name === "AbortError" ? undefined : { title: wrongs[""].title, told: words.unreached, language: locale });
  if (bringing !== mine) return;
  place.removeAttribute("aria-busy");
  if (problem) {
    say(said, "");
    sayWrong(wrong, { ...problem, title: `${name}: ${problem.title}` });
  }
}

// What went wrong, if anything did.
async function fetched(name, { path, ...request }, said) {
  const response = await fetch(path, { method: "POST", ...request });
  if (!response.ok) return problemOf(response);
  const { text, notes } = await response.json();
  put(text);
  say(said, numbered("brought", { name, count: counted(text.length) }));
  said.append(...notes.map(noted));
  return null;
}

// Something to know of how it was read: by its kind in the reader's language, else as the service says it.
function noted({ kind, message }) {
  const node = document.createElement("span");
  const known = words[`note_${kind}`];
  if (locale !== "en" && known) say(node, ` ${known}`);
  else say(node, ` ${sentence(message)}`, "en");
  return node;
}

function bringFile(file) {
  if (file.size <= limits.file) {
    return bring(file.name, { path: `/v1/read?name=${encodeURIComponent(file.name)}`, body: file });
  }
  const told = filled(words.file_large, { name: file.name, size: sized(file.size), most: sized(limits.file) });
  return sayWrong(spoken(".sz-bring").querySelector(".sz-wrong"), { title: wrongs.BodyTooLarge.title, told });
}

function bringAddress(address) {
  const headers = { "Content-Type": "application/json" };
  return bring(address, { path: "/v1/read", headers, body: JSON.stringify({ url: address }) });
}

// Wherever on the page a file is dropped: a table belongs to many articles, all else into the field.
function taken(file) {
  const table = /\.(csv|tsv|jsonl|ndjson)$/i.test(file.name);
  if (table === document.body.classList.contains("sz-of-many")) return table ? bringRows(file) : bringFile(file);
  document.querySelectorAll("#sz-tabs [role=tab]")[table ? 1 : 0]?.click();
  return when(table ? ".sz-many" : ".sz-bring", () => (table ? bringRows(file) : bringFile(file)));
}

// Gradio puts a tab's content on the page when it is first shown.
function when(place, act) {
  if (spoken(place)?.checkVisibility()) act();
  else requestAnimationFrame(() => when(place, act));
}

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");

document.addEventListener("change", (event) => {
  const [file] = event.target.matches?.(".sz-file") ? event.target.files : [];
  if (!file) return;
  if (event.target.dataset.brings === "rows") bringRows(file);
  else bringFile(file);
  event.target.value = ""; // so that the same file can be chosen again
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".sz-address")) return;
  event.preventDefault();
  bringAddress(event.target.elements.address.value.trim());
});

document.addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  document.body.classList.add("sz-dragged");
}, true);

document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("sz-dragged");
}, true);

document.addEventListener("drop", (event) => {
  document.body.classList.remove("sz-dragged");
  if (!carriesFiles(event)) return;
  event.preventDefault(); // or the browser would leave the page for the file
  event.stopPropagation();
  if (event.dataTransfer.files[0]) taken(event.dataTransfer.files[0]);
}, true);
