// What all scripts of the page share: its words, its limits, and what the service says when it refuses.
const speech = () => JSON.parse(document.getElementById("sz-speech").textContent);
const { words, wrongs, limits } = ((all) => all[document.documentElement.lang] || all.en)(speech());
const locale = document.documentElement.lang;
const counted = (number) => number.toLocaleString(locale);

// "{name} has {count} rows" with the values put in; a value is never looked at again.
const filled = (said, values) => said.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));

// "1 row", "2 rows": a word that has a form for one takes it where `count` is one.
const numbered = (name, values) => filled((values.count === "1" && words[`${name}_one`]) || words[name], values);

function sized(bytes) {
  const [unit, one] = bytes >= 2 ** 20 ? ["MB", 2 ** 20] : ["kB", 1024];
  return `${(bytes / one).toLocaleString(locale, { maximumFractionDigits: 1 })} ${unit}`;
}

// The part of the page that speaks the reader's language; the other is not shown.
const spoken = (place) => document.querySelector(`${place}[data-ui="${locale}"]`);

function say(node, text, language) {
  node.textContent = text;
  if (language && language !== locale) node.lang = language;
  else node.removeAttribute("lang");
}

const sentence = (said) => `${said.charAt(0).toUpperCase()}${said.slice(1)}${/[.!?…:]$/.test(said) ? "" : "."}`;

// Title and cure of an error the service told of, in the reader's language as far as its class is known.
function toldOf(problem) {
  const known = wrongs[problem.type] || { title: wrongs[""].title, told: "" };
  return { title: known.title, told: known.told || sentence(problem.message), language: known.told ? locale : "en" };
}

async function problemOf(response) {
  try {
    return toldOf((await response.json()).error);
  } catch {
    return { title: wrongs[""].title, told: words.unreached, language: locale };
  }
}

function sayWrong(node, problem) {
  node.replaceChildren();
  if (!problem) return;
  const title = Object.assign(document.createElement("strong"), { textContent: `${problem.title}. ` });
  const told = document.createElement("span");
  say(told, problem.told, problem.language);
  node.append(title, told);
}

function saved(name, type, parts) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type: `${type};charset=utf-8` }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
