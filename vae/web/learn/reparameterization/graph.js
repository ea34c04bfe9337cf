// Two drawings of one computation: forwards from μ and σ to the loss, and the gradient's way back. In
// the one the draw stands on the way and lets no gradient through; in the other it comes in from above.

/** What is written into the drawings. @typedef {Record<"graph_score" | "graph_path" | "decoder" | "blocked", string>} Words */

/** A drawing, and the texts in it that change. @typedef {{root: SVGElement, texts: Record<string, SVGElement>}} Graph */

const SPACE = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT] = [300, 176];
const [LINE, BACK] = [74, 118]; // heights of the way there and of the way back
const AT = { start: 34, draw: 108, z: 166, decoder: 222, loss: 276 };
const PIPS = [[-1, -1], [1, -1], [0, 0], [-1, 1], [1, 1]];

/** @type {(tag: string, attributes?: Record<string, string | number>, ...children: (SVGElement | string)[]) => SVGElement} */
function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** The draw stands on the way: what comes back ends there. @type {(words: Words) => Graph} */
export function scoreGraph(words) {
  const note = text(AT.draw, BACK + 24, words.blocked, "rep-note");
  const texts = { z: text(AT.z, LINE - 26, "", "rep-number"), f: text(WIDTH - 4, LINE - 26, "", "rep-number rep-end") };
  const root = frame(words.graph_score, 34, 116,
    way(AT.start, AT.loss), dice(AT.draw, LINE),
    svg("path", { class: "rep-back", d: `M${AT.loss} ${LINE + 18} V${BACK} H${AT.draw + 10}` }),
    svg("path", { class: "rep-stop", d: `M${AT.draw + 8} ${BACK - 13} v26` }),
    note, ...nodes(words), ...Object.values(texts));
  return { root, texts };
}

/** The draw comes in from above: the way back is open. @type {(words: Words) => Graph} */
export function pathGraph(words) {
  const texts = {
    z: text(AT.z, LINE - 26, "", "rep-number"),
    f: text(WIDTH - 4, LINE - 26, "", "rep-number rep-end"),
    noise: text(AT.draw + 24, 22, "", "rep-number rep-begin"),
    slope: text((AT.z + AT.loss) / 2, BACK + 18, "", "rep-number"),
    loc: text(4, BACK + 40, "", "rep-number rep-begin", "mu"),
    scale: text((WIDTH + 40) / 2, BACK + 40, "", "rep-number rep-begin", "sigma"),
  };
  const root = frame(words.graph_path, 0, HEIGHT,
    way(AT.start, AT.loss),
    svg("path", { class: "rep-way", d: `M${AT.draw} 34 V${LINE - 14}` }), dice(AT.draw, 18),
    svg("path", { class: "rep-back rep-open", d: `M${AT.loss} ${LINE + 18} V${BACK} H${AT.start} V${LINE + 24}` }),
    svg("path", { class: "rep-arrow", d: `M${AT.start - 6} ${LINE + 30} l6 -10 l6 10 z` }),
    svg("circle", { class: "rep-node", cx: AT.draw, cy: LINE, r: 14 }), text(AT.draw, LINE + 5, "+", "rep-name"),
    ...nodes(words), ...Object.values(texts));
  return { root, texts };
}

/** @type {(label: string, top: number, height: number, ...children: SVGElement[]) => SVGElement} */
function frame(label, top, height, ...children) {
  return svg("svg", { class: "rep-graph", viewBox: `0 ${top} ${WIDTH} ${height}`, role: "img", "aria-label": label }, ...children);
}

/** @type {(from: number, to: number) => SVGElement} */
function way(from, to) {
  return svg("path", { class: "rep-way", d: `M${from} ${LINE} H${to}` });
}

/** μ and σ, z, the decoder and the loss. @type {(words: Words) => SVGElement[]} */
function nodes(words) {
  const { start, z, decoder, loss } = AT;
  return [
    svg("rect", { class: "rep-node", x: start - 28, y: LINE - 18, width: 56, height: 36, rx: 8 }),
    text(start - 12, LINE + 5, "μ", "rep-name", "mu"), text(start + 12, LINE + 5, "σ", "rep-name", "sigma"),
    svg("circle", { class: "rep-node", cx: z, cy: LINE, r: 15 }), text(z, LINE + 5, "z", "rep-name", "z"),
    svg("path", { class: "rep-node", d: `M${decoder - 26} ${LINE - 10} L${decoder + 26} ${LINE - 18} V${LINE + 18} L${decoder - 26} ${LINE + 10} z` }),
    text(decoder, LINE + 4, words.decoder, "rep-small"),
    svg("circle", { class: "rep-node", cx: loss, cy: LINE, r: 17 }), text(loss, LINE + 5, "f", "rep-name", "f"),
  ];
}

/** @type {(x: number, y: number) => SVGElement} */
function dice(x, y) {
  return svg("g", { "data-symbol": "epsilon", class: "rep-dice" },
    svg("rect", { x: x - 15, y: y - 15, width: 30, height: 30, rx: 6 }),
    ...PIPS.map(([dx, dy]) => svg("circle", { cx: x + 7.5 * dx, cy: y + 7.5 * dy, r: 2.6 })));
}

/** @type {(x: number, y: number, words: string, kind: string, symbol?: string) => SVGElement} */
function text(x, y, words, kind, symbol) {
  return svg("text", { x, y, class: kind, ...(symbol ? { "data-symbol": symbol } : {}) }, words);
}
