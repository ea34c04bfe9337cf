// z and the view in the page's address, so that a link shows the same picture.

const OURS = ["z", "axes", "view", "layers", "hide"];
const LAYER_LETTERS = { points: "p", rings: "r", backdrop: "m" };

/** The view that an address asks for: {axes, view, layers, hidden}, null where it says nothing. */
export function readAddress(search) {
  const parameters = new URLSearchParams(search);
  const numbers = (name) => (parameters.get(name) ?? "").split(",").filter(Boolean).map(Number);
  const [cx, cy, span] = numbers("view");
  const good = [cx, cy, span].every(Number.isFinite) && span > 0;
  const letters = parameters.get("layers");
  return {
    axes: parameters.get("axes"),
    view: good ? { cx, cy, span } : null,
    layers: letters === null ? null : layersOf(letters),
    hidden: numbers("hide").filter(Number.isInteger),
  };
}

function layersOf(letters) {
  const entries = Object.entries(LAYER_LETTERS);
  return Object.fromEntries(entries.map(([name, letter]) => [name, letters.includes(letter)]));
}

/**
 * The query of an address with our part replaced and everybody else's kept. `place` is
 * {model, z, axes, view, layers, hidden}; what is null or empty stays out of the address.
 */
export function writeAddress(search, place) {
  const parameters = new URLSearchParams(search);
  OURS.forEach((name) => parameters.delete(name));
  const texts = {
    z: numbersText(place.z),
    axes: place.axes,
    view: place.view && numbersText([place.view.cx, place.view.cy, place.view.span]),
    layers: place.layers && lettersOf(place.layers),
    hide: place.hidden.length ? place.hidden.join(",") : null,
  };
  for (const [name, text] of Object.entries(texts)) {
    if (text !== null && text !== undefined) parameters.set(name, text);
  }
  if (place.model) parameters.set("model", place.model);
  // commas are allowed in a query and keep the address readable
  return `?${parameters.toString().replaceAll("%2C", ",")}`;
}

function lettersOf(layers) {
  const on = Object.keys(LAYER_LETTERS).filter((name) => layers[name]);
  return on.map((name) => LAYER_LETTERS[name]).join("") || "-";
}

/** Six digits: a difference that no pixel shows. */
function numbersText(values) {
  return Array.from(values, (value) => Number(value.toPrecision(6))).join(",");
}

/** Replace the address without an entry in the history. */
export function replaceAddress(place) {
  const query = writeAddress(location.search, place);
  if (query === location.search) return;
  history.replaceState(history.state, "", `${location.pathname}${query}${location.hash}`);
}
