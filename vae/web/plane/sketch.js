// The marks on a latent plane, each drawn by one function of (context, frame, what it shows).
//
// A frame is {width, height, ratio, scale, theme, toScreen}: CSS pixels, device pixels per
// CSS pixel, CSS pixels per unit of the plane, the theme's colours, and the way from (a, b) to pixels.

import { typeScale } from "../parts/type_scale.js";


/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {[a: number, b: number]} Spot */

/**
 * The colours of a plane, and the font of its numbers where it is another than usual.
 * @typedef {{text: string, background: string, accent: string, dark?: boolean, mono?: string}} PlaneTheme
 */

/**
 * @typedef {object} Frame
 * @property {number} width
 * @property {number} height
 * @property {number} ratio
 * @property {number} scale
 * @property {PlaneTheme} theme
 * @property {(a: number, b: number) => Spot} toScreen
 */

/**
 * Half axes, and the angle from u to the longer one; or outlines at 1σ and 2σ about its middle.
 * @typedef {{ra: number, rb: number, angle?: number, outline?: number[][][] | null}} Ellipse
 */
/** @typedef {Ellipse & {a: number, b: number, color: string}} PlacedEllipse */
/** @typedef {{a: number, b: number, held: boolean}} Cursor */

/**
 * A named place, and draws from what it stands for.
 * @typedef {Ellipse & {a: number, b: number, color?: string, label?: string, samples?: Spot[]}} Mark
 */

const SKETCH_MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace";
const FULL_TURN = 2 * Math.PI;

/**
 * Draw the prior's circles at 1, 2 and 3 standard deviations, each with a quiet label.
 * @type {(context: Context, frame: Frame) => void}
 */
export function sketchRings(context, frame) {
  const { width, height, scale, theme, toScreen } = frame;
  const [x0, y0] = toScreen(0, 0);
  context.textAlign = "center";
  for (const deviations of [1, 2, 3]) {
    context.beginPath();
    context.arc(x0, y0, deviations * scale, 0, FULL_TURN);
    strokeWithHalo(context, theme, theme.text, 1, 0.62 - 0.1 * deviations, 0.35);
    const place = ringLabelPlace(x0, y0, deviations * scale, width, height);
    const text = deviations === 3 ? "prior 3σ" : `${deviations}σ`;
    if (place && scale > 24) writeQuietly(context, theme, text, ...place, 0.8);
  }
}

// The first place, turning from the upper right, that leaves room for the words in the picture.
/** @type {(x0: number, y0: number, radius: number, width: number, height: number) => Spot | null} */
function ringLabelPlace(x0, y0, radius, width, height) {
  for (let turn = 0; turn < 32; turn++) {
    const angle = 0.9 + (turn * FULL_TURN) / 32;
    const [x, y] = [x0 + radius * Math.cos(angle), y0 - radius * Math.sin(angle)];
    if (x > 48 && x < width - 34 && y > 24 && y < height - 28) return [x, y];
  }
  return null;
}

/**
 * Draw the backdrop, whose upper edge is b1, over [a0, a1, b0, b1]; fainter under points.
 * @type {(context: Context, frame: Frame, picture: HTMLCanvasElement, extent: number[], opacity: number) => void}
 */
export function sketchBackdrop(context, frame, picture, [a0, a1, b0, b1], opacity) {
  const [left, top] = frame.toScreen(a0, b1);
  const [right, bottom] = frame.toScreen(a1, b0);
  context.save();
  context.globalAlpha = opacity;
  // its pixels stay sharp when they grow, and are averaged only where they shrink
  context.imageSmoothingEnabled = (right - left) * frame.ratio < picture.width;
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, left, top, right - left, bottom - top);
  context.restore();
}

/**
 * Draw the cross-hair at z: thin while the hand hovers, solid when it holds.
 * @type {(context: Context, frame: Frame, cursor: Cursor) => void}
 */
export function sketchCursor(context, frame, { a, b, held }) {
  const { width, height, theme, toScreen } = frame;
  const [x, y] = toScreen(a, b);
  const gap = held ? 8 : 7;
  const lines = [
    [0, y, x - gap, y],
    [x + gap, y, width, y],
    [x, 0, x, y - gap],
    [x, y + gap, x, height],
  ];
  strokeHairline(context, frame, theme.background, 0.5, lines, held ? 3.5 : 3);
  const colour = held ? theme.accent : theme.text;
  strokeHairline(context, frame, colour, held ? 1 : 0.6, lines, held ? 1.5 : 1);
  if (x < 0 || x > width || y < 0 || y > height) sketchPointer(context, frame, x, y);
  else if (held) sketchDot(context, theme, x, y, 5, theme.accent);
  else {
    context.beginPath();
    context.arc(x, y, 5, 0, FULL_TURN);
    strokeWithHalo(context, theme, theme.text, 1, 0.8, 0.6);
  }
}

// A small arrow at the picture's edge, towards a z that lies beyond it.
/** @type {(context: Context, frame: Frame, x: number, y: number) => void} */
function sketchPointer(context, { width, height, theme }, x, y) {
  const edgeX = Math.min(width - 10, Math.max(10, x));
  const edgeY = Math.min(height - 10, Math.max(10, y));
  context.save();
  context.translate(edgeX, edgeY);
  context.rotate(Math.atan2(y - edgeY, x - edgeX));
  context.beginPath();
  context.moveTo(7, 0);
  context.lineTo(-5, 6);
  context.lineTo(-5, -6);
  context.closePath();
  context.fillStyle = theme.accent;
  strokeWithHalo(context, theme, theme.background, 2, 1, 0);
  context.fill();
  context.restore();
}

/**
 * Draw the posterior of one point: its place, and what encloses it at 1 and 2 standard deviations.
 * @type {(context: Context, frame: Frame, posterior: PlacedEllipse) => void}
 */
export function sketchPosterior(context, frame, posterior) {
  const { theme, toScreen } = frame;
  const [x, y] = toScreen(posterior.a, posterior.b);
  // an autoencoder's posterior is a point: it has no ellipse
  if (posterior.ra > 0) sketchCloud(context, frame, posterior, posterior.color);
  sketchDot(context, theme, x, y, 3.5, posterior.color);
}

/**
 * Trace what encloses so many standard deviations: a flow's own outline, else the ellipse.
 * @type {(context: Context, frame: Frame, cloud: Ellipse & {a: number, b: number}, deviations: number) => void}
 */
function traceCloud(context, { scale, toScreen }, { a, b, ra, rb, angle, outline }, deviations) {
  context.beginPath();
  if (outline) {
    for (const [da, db] of outline[deviations - 1]) context.lineTo(...toScreen(a + da, b + db));
    context.closePath();
    return;
  }
  // angles turn the other way on a screen
  const [major, minor] = [deviations * ra * scale, deviations * rb * scale];
  context.ellipse(...toScreen(a, b), major, minor, -(angle ?? 0), 0, FULL_TURN);
}

/** @type {(context: Context, frame: Frame, cloud: Ellipse & {a: number, b: number}, color: string) => void} */
function sketchCloud(context, frame, cloud, color) {
  const { theme } = frame;
  for (const deviations of [2, 1]) {
    traceCloud(context, frame, cloud, deviations);
    context.save();
    context.globalAlpha = 0.16;
    context.fillStyle = color;
    context.fill();
    context.restore();
    strokeWithHalo(context, theme, color, deviations === 1 ? 2 : 1.25, 1, 0.75);
  }
}

/**
 * Draw the places that were held, joined in order, the older the fainter.
 * @type {(context: Context, frame: Frame, places: Spot[]) => void}
 */
export function sketchTrail(context, { theme, toScreen }, places) {
  const spots = places.map(([a, b]) => toScreen(a, b));
  /** @type {(i: number) => number} */
  const strength = (i) => 0.25 + (0.65 * (i + 1)) / spots.length;
  context.save();
  for (let i = 1; i < spots.length; i++) {
    context.beginPath();
    context.moveTo(...spots[i - 1]);
    context.lineTo(...spots[i]);
    strokeWithHalo(context, theme, theme.accent, 1.5, strength(i), 0.5 * strength(i));
  }
  for (const [i, [x, y]] of spots.entries()) {
    context.globalAlpha = strength(i);
    sketchDot(context, theme, x, y, 3, theme.accent);
  }
  context.restore();
}

/**
 * Draw a named place such as an encoded drawing: its cloud, samples from it, centre and name.
 * @type {(context: Context, frame: Frame, mark: Mark) => void}
 */
export function sketchMark(context, frame, mark) {
  const { theme, toScreen } = frame;
  const [x, y] = toScreen(mark.a, mark.b);
  const color = mark.color ?? theme.accent;
  if (mark.ra > 0) sketchCloud(context, frame, mark, color);
  for (const [a, b] of mark.samples ?? []) sketchDot(context, theme, ...toScreen(a, b), 2, color);
  sketchDot(context, theme, x, y, 5, color);
  if (!mark.label) return;
  context.textAlign = x > frame.width - 90 ? "right" : "left";
  writeQuietly(context, theme, mark.label, x + (x > frame.width - 90 ? -11 : 11), y - 11, 1);
}

/** @type {(context: Context, theme: PlaneTheme, x: number, y: number, radius: number, color: string) => void} */
function sketchDot(context, theme, x, y, radius, color) {
  context.beginPath();
  context.arc(x, y, radius + 1.5, 0, FULL_TURN);
  context.fillStyle = theme.background;
  context.fill();
  context.beginPath();
  context.arc(x, y, radius, 0, FULL_TURN);
  context.fillStyle = color;
  context.fill();
}

/**
 * A font of the plane: 12 pixels, unless told otherwise; more where type is large.
 * @type {(theme: PlaneTheme, pixels?: number, weight?: number) => string}
 */
export function planeFont(theme, pixels = 12, weight = 400) {
  return `${weight} ${pixels * typeScale()}px ${theme.mono ?? SKETCH_MONO}`;
}

/** @type {(context: Context, theme: PlaneTheme, text: string) => number} */
export function textWidth(context, theme, text) {
  context.font = planeFont(theme);
  return context.measureText(text).width;
}

// Text over points: a seam of the background's colour keeps it readable without a box.
/** @type {(context: Context, theme: PlaneTheme, text: string, x: number, y: number, alpha?: number, font?: string) => void} */
export function writeQuietly(context, theme, text, x, y, alpha = 0.75, font = planeFont(theme)) {
  context.save();
  context.font = font;
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3.5;
  context.strokeStyle = theme.background;
  context.globalAlpha = 0.85;
  context.strokeText(text, x, y);
  context.globalAlpha = alpha;
  context.fillStyle = theme.text;
  context.fillText(text, x, y);
  context.restore();
}

/**
 * Stroke the current path, on a seam of the background's colour.
 * @type {(context: Context, theme: PlaneTheme, color: string, width: number, alpha: number,
 *   halo: number) => void}
 */
export function strokeWithHalo(context, theme, color, width, alpha, halo) {
  context.save();
  context.strokeStyle = theme.background;
  context.globalAlpha = halo;
  context.lineWidth = width + 2;
  if (halo > 0) context.stroke();
  context.strokeStyle = color;
  context.globalAlpha = alpha;
  context.lineWidth = width;
  context.stroke();
  context.restore();
}

// Upright and level lines on whole device pixels, so that none is smeared over two.
/** @type {(context: Context, frame: Frame, color: string, alpha: number, lines: number[][], width?: number) => void} */
export function strokeHairline(context, { ratio }, color, alpha, lines, width = 1) {
  const thickness = Math.max(1, Math.round(width * ratio));
  const half = thickness % 2 ? 0.5 : 0;
  /** @type {(value: number) => number} */
  const snap = (value) => (Math.floor(value * ratio) + half) / ratio;
  context.save();
  context.strokeStyle = color;
  context.globalAlpha = alpha;
  context.lineWidth = thickness / ratio;
  context.beginPath();
  for (const [x1, y1, x2, y2] of lines) {
    context.moveTo(snap(x1), snap(y1));
    context.lineTo(snap(x2), snap(y2));
  }
  context.stroke();
  context.restore();
}
