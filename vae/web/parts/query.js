// What stands in the query of an address.

/** Six digits: a difference that no pixel shows. @type {(values: ArrayLike<number>) => string} */
export function numbersText(values) {
  return Array.from(values, (value) => Number(value.toPrecision(6))).join(",");
}

/**
 * The query of an address with the parameters replaced; one that is null goes.
 * @type {(search: string, parameters: Record<string, string | null>) => string}
 */
export function queryWith(search, parameters) {
  const query = new URLSearchParams(search);
  for (const [name, text] of Object.entries(parameters)) {
    if (text === null) query.delete(name);
    else query.set(name, text);
  }
  const text = query.toString().replaceAll("%2C", ",");
  return text && `?${text}`;
}
