// Words with values that are known only while the hand moves.

/** Put values in the place of `<name>`. @type {(words: string, values: Record<string, string | number>) => string} */
export function fillIn(words, values) {
  return words.replace(/<(\w+)>/g, (whole, name) => String(values[name] ?? whole));
}
