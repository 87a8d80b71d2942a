// Links between summary, translation and source; copying and saving. `element` is the result's place on the page.
// One listener on the place serves every result that is put there later.
const linked = (node) => (node.dataset.lines || "").split(" ");
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function inView(node) {
  const box = node.getBoundingClientRect();
  return box.top >= 0 && box.bottom <= innerHeight;
}

let chosenBefore = null; // the line chosen in what this place held last

// Scrolls the source alone, never the page: pointing at a line must not move the line away.
function peek(node) {
  const panel = node.closest(".sz-source");
  const top = node.getBoundingClientRect().top - panel.getBoundingClientRect().top;
  if (top >= 0 && top + node.offsetHeight <= panel.clientHeight) return;
  panel.scrollTo({ top: top + panel.scrollTop - panel.clientHeight / 3, behavior: calm() ? "auto" : "smooth" });
}

function bring(node) {
  const panel = node.closest(".sz-source");
  const behavior = calm() ? "auto" : "smooth";
  if (panel && panel.scrollHeight > panel.clientHeight) {
    peek(node);
    if (!inView(panel)) panel.scrollIntoView({ block: "nearest", behavior });
  } else if (!inView(node)) {
    node.scrollIntoView({ block: "center", behavior });
  }
}

// Lights a line and its source; none for the number null. What is lit stays so only when it was chosen, not pointed at.
function light(result, number) {
  result.querySelectorAll(".sz-line, .sz-evidence").forEach((node) => {
    const lit = number !== null && linked(node).includes(number);
    node.classList.toggle("sz-lit", lit);
    if (node.matches(".sz-line")) node.setAttribute("aria-pressed", String(lit && number === chosen(result)));
  });
}

const chosen = (result) => result.dataset.chosen ?? null;

function choose(result, number) {
  result.dataset.chosen = chosenBefore = number;
  light(result, number);
  const evidence = Array.from(result.querySelectorAll(".sz-evidence.sz-lit"), (node) => node.textContent).join(" ").trim();
  const said = (evidence ? result.dataset.said : result.dataset.unsaid).replace("{number}", String(Number(number) + 1));
  result.querySelector(".sz-live").textContent = said.replace("{text}", () => evidence);
}

// The words a finding speaks of, and the finding of the words.
function point(result, notes) {
  result.querySelectorAll("[data-notes], [data-note]").forEach((node) => {
    const own = (node.dataset.notes ?? node.dataset.note).split(" ");
    node.classList.toggle("sz-on", own.some((note) => notes.includes(note)));
  });
}

async function copy(button, text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // A page that is not served from this machine or over https has no clipboard of its own.
    const field = Object.assign(document.createElement("textarea"), { value: text });
    button.after(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  const label = button.textContent;
  button.textContent = button.closest(".sz-result").dataset.copied;
  setTimeout(() => { button.textContent = label; }, 1500);
}

function save(name, text) {
  const type = name.endsWith(".json") ? "application/json" : "text/markdown";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: type + ";charset=utf-8" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

element.addEventListener("click", (event) => {
  const node = event.target.closest("[data-lines], [data-copy], [data-save]");
  const result = node && node.closest(".sz-result");
  if (!result) return;
  if (node.dataset.save) {
    save(node.dataset.save, result.querySelector(`[data-file="${node.dataset.save}"]`).value);
  } else if ("copy" in node.dataset) {
    const lines = node.closest(".sz-card").querySelectorAll(".sz-line");
    copy(node, Array.from(lines, (line) => line.textContent).join(" "));
  } else {
    choose(result, linked(node)[0]);
    const target = result.querySelector(node.matches(".sz-evidence") ? ".sz-line.sz-lit" : ".sz-evidence.sz-lit");
    if (target) bring(target);
  }
});

element.addEventListener("pointerover", (event) => {
  const result = event.target.closest(".sz-result");
  if (!result || event.pointerType === "touch") return;
  const noted = event.target.closest("[data-notes], [data-note]");
  point(result, noted ? (noted.dataset.notes ?? noted.dataset.note).split(" ") : []);
  const line = event.target.closest(".sz-line, .sz-evidence");
  const number = line && line.dataset.lines ? linked(line)[0] : chosen(result);
  light(result, number);
  const there = line && line.matches(".sz-line") && result.querySelector(".sz-evidence.sz-lit");
  if (there) peek(there);
});

element.addEventListener("pointerleave", () => {
  const result = element.querySelector(".sz-result");
  if (result) light(result, chosen(result));
});

element.addEventListener("focusin", (event) => {
  const result = event.target.closest(".sz-result");
  if (!result || !event.target.matches(".sz-line")) return;
  choose(result, linked(event.target)[0]);
  const source = result.querySelector(".sz-evidence.sz-lit");
  if (source) peek(source);
});

// While a result grows it is put here again and again: what was chosen stays chosen, and the place comes into view once.
const working = document.querySelector("#sz-working");
const watching = new MutationObserver(() => {
  const busy = working.querySelector("[aria-busy]") || element.querySelector("[aria-busy]");
  const began = busy && !document.body.classList.contains("sz-busy");
  document.body.classList.toggle("sz-busy", Boolean(busy));
  if (began) working.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
  const result = element.querySelector(".sz-result");
  if (!result) chosenBefore = null;
  else if (chosenBefore !== null && chosen(result) === null) choose(result, chosenBefore);
});
for (const place of [working, element]) watching.observe(place, { childList: true, subtree: true });

document.addEventListener("sz-stopped", () => {
  document.querySelectorAll(".sz-working, .sz-coming").forEach((node) => node.remove());
  element.querySelectorAll(".sz-result").forEach((node) => node.removeAttribute("aria-busy"));
  document.body.classList.remove("sz-busy");
});
