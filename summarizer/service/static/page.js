// Links between summary, translation and source; copying and saving. `element` is the result's place on the page.
// One listener on the place serves every result that is put there later.
const linked = (node) => (node.dataset.lines || "").split(" ");
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function inView(node) {
  const box = node.getBoundingClientRect();
  return box.top >= 0 && box.bottom <= innerHeight;
}

function bring(node) {
  const panel = node.closest(".sz-source");
  const behavior = calm() ? "auto" : "smooth";
  if (panel && panel.scrollHeight > panel.clientHeight) {
    const top = node.getBoundingClientRect().top - panel.getBoundingClientRect().top + panel.scrollTop;
    panel.scrollTo({ top: top - panel.clientHeight / 3, behavior });
    if (!inView(panel)) panel.scrollIntoView({ block: "nearest", behavior });
  } else if (!inView(node)) {
    node.scrollIntoView({ block: "center", behavior });
  }
}

function light(result, number, from) {
  let evidence = "";
  result.querySelectorAll(".sz-line, .sz-evidence").forEach((node) => {
    const lit = linked(node).includes(number);
    node.classList.toggle("sz-lit", lit);
    if (node.matches(".sz-line")) node.setAttribute("aria-pressed", String(lit));
    else if (lit) evidence += node.textContent + " ";
  });
  const there = from.matches(".sz-evidence") ? ".sz-line.sz-lit" : ".sz-evidence.sz-lit";
  const target = result.querySelector(there);
  if (target) bring(target);
  const said = result.dataset.said.replace("{number}", String(Number(number) + 1));
  result.querySelector(".sz-live").textContent = said.replace("{text}", () => evidence.trim());
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
    light(result, linked(node)[0], node);
  }
});
