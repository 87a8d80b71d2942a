// A file of rows as a table, and back. CSV with comma, semicolon or tab; JSONL, or a JSON list of objects.

// Spreadsheets write UTF-8, UTF-16 or what Windows uses in Western Europe.
function decoded(buffer) {
  const bytes = new Uint8Array(buffer);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

// {columns, rows}: a row is its cells in the order of the columns, or null where the line is none. Null for no table.
function tableOf(name, text) {
  if (/\.(jsonl|ndjson|json)$/i.test(name)) return tableOfJson(text);
  return /\.(csv|tsv)$/i.test(name) ? tableOfCsv(text) : null;
}

function tableOfJson(text) {
  const objects = text.trimStart().startsWith("[") ? listed(text) : text.split(/\r?\n/).filter((line) => line.trim()).map(object);
  if (!objects) return null;
  const columns = [...new Set(objects.flatMap((row) => (row ? Object.keys(row) : [])))];
  return columns.length
    ? { columns, rows: objects.map((row) => row && columns.map((column) => (Object.hasOwn(row, column) ? row[column] : undefined))) }
    : null;
}

function object(line) {
  try {
    return asObject(JSON.parse(line));
  } catch {
    return null;
  }
}

const asObject = (value) => (value && typeof value === "object" && !Array.isArray(value) ? value : null);

function listed(text) {
  try {
    return JSON.parse(text).map(asObject);
  } catch {
    return null;
  }
}

// A row whose text would be cut, or would hold other rows, says so in `wrong`: the word for it.
function tableOfCsv(given) {
  const [line, said] = /^\ufeff?sep=([,;\t|])(?:\r\n|\n|$)/i.exec(given) ?? [""]; // how Excel is told the delimiter
  const text = given.slice(line.length);
  const [head, ...rows] = cells(text, said ?? delimiter(text)).filter((row) => row.some((cell) => cell.trim()));
  if (!head) return null;
  for (const row of rows) if (row.slice(head.length).some((cell) => cell.trim())) row.wrong ??= "row_cells";
  const seen = new Map();
  const columns = head.map((name, index) => {
    const plain = name.trim() || String(index + 1);
    seen.set(plain, (seen.get(plain) || 0) + 1);
    return seen.get(plain) > 1 ? `${plain} (${seen.get(plain)})` : plain;
  });
  return { columns, rows };
}

// What stands most often in the first line, outside of quotes.
function delimiter(text) {
  const head = text.slice(0, 10000).replace(/"[^"]*(?:""[^"]*)*"/g, "").split(/\r?\n/, 1)[0];
  const times = (mark) => head.split(mark).length;
  return [",", ";", "\t", "|"].reduce((best, mark) => (times(mark) > times(best) ? mark : best));
}

// RFC 4180: a quoted cell may hold anything, a quote in it is doubled.
function cells(text, mark) {
  const not = `[^${mark}\\r\\n]*`;
  const cell = new RegExp(`(?:"([^"]*(?:""[^"]*)*)("|$)(${not})|(${not}))([${mark}]|\\r\\n|\\n|\\r|$)`, "y");
  const rows = [[]];
  cell.lastIndex = text.startsWith("\ufeff") ? 1 : 0;
  while (cell.lastIndex < text.length) {
    const [, quoted, closing, after, plain, end] = cell.exec(text);
    if (closing === "" || after?.trim()) rows.at(-1).wrong = "row_quote"; // it may have taken in the rows below
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"') + after);
    if (end !== mark) rows.push([]);
    else if (cell.lastIndex === text.length) rows.at(-1).push("");
  }
  return rows;
}

// One line of CSV. A text that a spreadsheet would take for a formula gets an apostrophe in front, as spreadsheets do it.
function lineOf(values) {
  return values.map((value) => {
    const text = String(value ?? "");
    const safe = /^[=+\-@\t\r](?![\d.,\s]*$)/.test(text) ? `'${text}` : text;
    return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  }).join(",") + "\r\n";
}
