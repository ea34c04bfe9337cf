// The scores as a table for a spreadsheet.

/** @typedef {{set: string, row: number, label: string, scores: (number | null)[]}} Line */

/** @type {(text: string) => string} */
function quoted(text) {
  // a spreadsheet takes a text that begins so for a formula
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** @type {(names: string[], lines: Line[]) => string} */
export function csvOf(names, lines) {
  const head = ["set", "row", "label", ...names].map(quoted).join(",");
  const body = lines.map(({ set, row, label, scores }) =>
    [quoted(set), row, quoted(label), ...scores.map((value) => value ?? "")].join(","));
  return [head, ...body, ""].join("\n");
}
