// Drawing an image by hand, encoded while the pen moves.

import { drawPixels } from "../core/decoder.js";
import { button, contextOf, element, menu, setOptions, shownNumber, shownVector, switchButton } from "../parts/dom.js";
import { dimensionOrder } from "../core/latent.js";
import { thumbnail } from "./shown.js";
import { className } from "../core/told.js";
import { createPaper, inkPixels, paintStrokes } from "./strokes.js";

/** @import { Decoder, NetworkHeader, Numbers, Posterior, Shape } from "../core/header.js" */
/** @import { Framing } from "./fit.js" */
/** @import { Stroke } from "./strokes.js" */

/**
 * `drew(pixels)` follows the pen, null for an empty sheet; `lifted()` hears it leave the paper.
 * @typedef {{drew(pixels: Float32Array | null): void, lifted(): void}} DrawingActions
 */

/** @typedef {{strokes: Stroke[], framing: Framing | null, colour: string, frame: number}} DrawingState */
/** @typedef {ReturnType<typeof posteriorParts>} PosteriorParts */
/** @typedef {Record<"sheet" | "seen", HTMLCanvasElement> & Record<"hint" | "sheetBox" | "seenBox", HTMLElement> & PosteriorParts} DrawingParts */
/** @typedef {{parts: DrawingParts, stop(): void}} Drawing */

const SHEET_GRAIN = 12; // canvas pixels per model pixel on the sheet that is drawn on
const STRIP_LENGTH = 6;
const NAMED = 4; // numbers of a long vector that are written out
const POINT_WORDS = "this model gives a point, no σ";

/**
 * Fill `box` with a sheet to draw on. `act.drew(pixels)` follows the pen with C·H·W pixels, or
 * null for an empty sheet; `act.lifted()` hears it leave the paper. `framing` says how the images
 * of the data set are placed, for a switch that places the drawing alike; null where it is unknown.
 * @type {(box: HTMLElement, shape: Shape, framing: Framing | null, act: DrawingActions) => Drawing}
 */
export function createDrawing(box, shape, framing, act) {
  const paper = createPaper(shape);
  /** @type {DrawingState} */
  const state = { strokes: [], framing, colour: "#ffffff", frame: 0 };
  const parts = drawingParts(shape);
  const sheet = contextOf(parts.sheet);
  const [grain, plain] = [SHEET_GRAIN, { scale: 1, dx: 0, dy: 0 }];
  const refresh = () => {
    state.frame = 0;
    paintStrokes(sheet, state.strokes, plain, grain);
    const pixels = inkPixels(paper, state.strokes, state.framing);
    drawPixels(contextOf(parts.seen), pixels, shape);
    parts.hint.hidden = state.strokes.length > 0;
    act.drew(state.strokes.length ? pixels : null);
  };
  const soon = () => {
    state.frame ||= requestAnimationFrame(refresh);
  };
  /** @type {(strokes: Stroke[]) => void} */
  const change = (strokes) => {
    state.strokes = strokes;
    refresh();
    act.lifted();
  };
  listenToPen(parts.sheet, shape, state, soon, () => {
    cancelAnimationFrame(state.frame);
    refresh();
    act.lifted();
  });
  const tools = element("div", { class: "pad-tools" });
  tools.append(
    button("undo", { onclick: () => change(state.strokes.slice(0, -1)) }),
    button("clear", { onclick: () => change([]) }),
  );
  if (framing) {
    tools.append(switchButton("centre like the data", true, (on) => {
      state.framing = on ? framing : null;
      refresh();
    }, { title: "scale and centre the drawing as the training images were" }));
  }
  if (shape[0] === 3) tools.append(brushColour(state));
  const aside = element("div", { class: "pad-drawing-aside" }, parts.seenBox, parts.taken, parts.words);
  box.replaceChildren(parts.sheetBox, tools, aside, parts.stripBox);
  refresh();
  return { parts, stop: () => cancelAnimationFrame(state.frame) };
}

/** @type {(shape: Shape) => DrawingParts} */
function drawingParts([, height, width]) {
  const size = { width: width * SHEET_GRAIN, height: height * SHEET_GRAIN };
  const sheet = element("canvas", {
    ...size,
    class: "pad-sheet",
    role: "img",
    "aria-label": "drawing: press and move to draw",
    "data-testid": "drawing",
  });
  const hint = element("span", { class: "pad-hint", textContent: "draw here" });
  const sheetBox = element("div", { class: "pad-sheet-box" }, sheet, hint);
  const seen = element("canvas", { class: "pad-thumb", role: "img", "aria-label": "what the encoder sees" });
  const seenWords = element("span", { textContent: `what the encoder sees, ${width}×${height}` });
  const seenBox = element("div", { class: "pad-seen" }, seen, seenWords);
  return { sheet, hint, sheetBox, seen, seenBox, ...posteriorParts() };
}

/** What `showPosterior` fills: the numbers, and a strip of what draws decode to. */
export function posteriorParts() {
  const words = element("p", { class: "pad-drawing-words", "aria-live": "polite" });
  // who lets a person choose the class shows it and listens to it
  const taken = menu("class that the picture is encoded as", [], () => {});
  taken.hidden = true;
  const strip = element("div", { class: "pad-strip" });
  const stripWords = element("span", { class: "pad-small" });
  const stripBox = element("div", { class: "pad-strip-box" }, stripWords, strip);
  return { words, taken, strip, stripWords, stripBox };
}

/**
 * Let a person choose the class that a picture is encoded as; `change(null)` is the likeliest one.
 * Nothing is offered for a model that is told no class.
 * @type {(parts: PosteriorParts, net: Decoder, change: (label: number | null) => void) => void}
 */
export function offerClasses({ taken }, net, change) {
  const names = Array.from({ length: net.classes }, (_, label) => className(net.header, label));
  setOptions(taken, [["", "as the likeliest class"], ...names.map((name, k) => [String(k), `as ${name}`])]);
  taken.hidden = !net.classes;
  taken.onchange = () => change(taken.value === "" ? null : Number(taken.value));
}

/** @type {(state: DrawingState) => HTMLInputElement} */
function brushColour(state) {
  const input = element("input", { type: "color", value: state.colour, "aria-label": "brush colour" });
  input.oninput = () => {
    state.colour = input.value;
  };
  return input;
}

/**
 * Let a pen, a finger or the mouse add strokes to `state`; of two fingers the first one draws.
 * `began()` hears of a stroke before it is there.
 * @type {(sheet: HTMLCanvasElement, shape: Shape, state: {strokes: Stroke[], colour: string},
 *   moved: () => void, lifted: () => void, began?: () => void) => void}
 */
export function listenToPen(sheet, [, height, width], state, moved, lifted, began = () => {}) {
  /** @type {Stroke | null} */
  let stroke = null;
  let pointer = 0;
  /** @type {(event: PointerEvent) => number[]} */
  const place = (event) => [
    (event.offsetX / sheet.clientWidth) * width,
    (event.offsetY / sheet.clientHeight) * height,
  ];
  sheet.onpointerdown = (event) => {
    if (event.button !== 0 || stroke) return;
    event.preventDefault();
    sheet.setPointerCapture(event.pointerId);
    began();
    pointer = event.pointerId;
    stroke = { colour: state.colour, points: [place(event)] };
    state.strokes = [...state.strokes, stroke];
    moved();
  };
  sheet.onpointermove = (event) => {
    if (!stroke || event.pointerId !== pointer) return;
    // every point of the pen's path, also those between two frames
    for (const step of event.getCoalescedEvents?.() ?? [event]) stroke.points.push(place(step));
    moved();
  };
  sheet.onpointerup = sheet.onpointercancel = (event) => {
    if (!stroke || event.pointerId !== pointer) return;
    stroke = null;
    lifted();
  };
}

/**
 * Write the posterior's numbers and show what its draws decode to; null clears both.
 * @type {(parts: PosteriorParts, net: Decoder, posterior: Posterior | null) => void}
 */
export function showPosterior(parts, net, posterior) {
  const { has_density: hasDensity } = net.header;
  // before the first stroke nothing is known yet: places are kept for draws
  const drawable = posterior ? posterior.draw !== null : hasDensity;
  parts.words.textContent = "";
  const fromMean = hasDensity ? "decoded from μ" : POINT_WORDS;
  parts.stripWords.textContent = drawable ? "decoded from draws of q(z|x)" : fromMean;
  // empty ones keep the place: nothing may move under the pen when the first stroke begins
  const blank = () => element("canvas", { class: "pad-thumb" });
  const length = drawable ? STRIP_LENGTH : 1;
  if (net.remote) {
    parts.strip.replaceChildren();
    parts.stripWords.textContent = "";
  } else if (posterior) {
    const label = posterior.label ?? net.label;
    const drawn = () => thumbnail(net, posterior.draw?.() ?? posterior.loc, label);
    parts.strip.replaceChildren(...Array.from({ length }, drawn));
  } else parts.strip.replaceChildren(...Array.from({ length }, blank));
  if (!posterior) return;
  const { loc, scale } = posterior;
  /** @type {(values: Numbers, digits?: number) => string} */
  const shown = (values, digits) => shownInOrder(net.header, values, digits);
  const width = hasDensity && scale ? `, σ = ${shown(scale, 3)}` : "";
  const name = className(net.header, posterior.label ?? net.label);
  const { probability = null, chosen = false } = posterior;
  const how = probability === null ? "" : `, q(y|x) = ${shownNumber(probability)}`;
  const taken = net.classes ? `taken as ${name}, ${chosen ? "as chosen" : "the likeliest class"}${how}; ` : "";
  parts.words.textContent = `${taken}${hasDensity ? "μ" : "z"} = ${shown(loc)}${width}`;
}

/**
 * Few numbers as a vector; many with their names, in the order of the sliders.
 * @type {(header: NetworkHeader, values: Numbers, digits?: number) => string}
 */
function shownInOrder(header, values, digits = 2) {
  if (values.length <= 3) return shownVector(values, digits);
  const order = dimensionOrder(header).slice(0, NAMED);
  const named = order.map((i) => `z${i + 1} ${shownNumber(values[i], digits)}`);
  return `(${named.join(", ")}${values.length > NAMED ? ", …" : ""})`;
}
