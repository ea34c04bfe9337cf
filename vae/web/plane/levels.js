// The prior on a latent plane, where it is no standard normal: lines around shares of its mass.

import { classPalette } from "../parts/colours.js";
import { strokeWithHalo, writeQuietly } from "./sketch.js";

/** @import { ClassNormal, PriorLevels } from "../core/density.js" */
/** @import { Context, Frame, Spot } from "./sketch.js" */

const DEVIATIONS = 2; // of another class, which hold 86 % of it
const CORNERS = 96;

/**
 * Draw the levels that `priorLevels` gives, the innermost strongest, each with its share.
 * @type {(context: Context, frame: Frame, prior: PriorLevels) => void}
 */
export function sketchLevels(context, frame, prior) {
  const { width, height, theme, toScreen } = frame;
  const { line } = prior;
  context.textAlign = "center";
  for (const other of prior.others ?? []) sketchOther(context, frame, other);
  /** @type {Spot[]} */
  const named = [];
  /** @type {(a: number) => Spot[]} */
  const upright = (a) => [[toScreen(a, 0)[0], 0], [toScreen(a, 0)[0], height]];
  const levels = prior.line
    ? prior.levels.map(({ share, lines }) => ({ share, shown: lines.map(upright) }))
    : prior.levels.map(({ share, lines }) => ({
      share,
      shown: lines.map(([a0, b0, a1, b1]) => [toScreen(a0, b0), toScreen(a1, b1)]),
    }));
  for (const [i, { share, shown }] of levels.entries()) {
    context.beginPath();
    for (const [from, to] of shown) {
      context.moveTo(...from);
      context.lineTo(...to);
    }
    // beside those of other classes they are the ones that matter
    strokeWithHalo(context, theme, theme.text, prior.others?.length ? 1.75 : 1, 0.6 - 0.1 * i, 0.35);
    const place = labelPlace(shown, width, height, line, named);
    if (place) named.push(place);
    const text = `${Math.round(100 * share)} %`;
    if (place) writeQuietly(context, theme, i === levels.length - 1 ? `prior ${text}` : text, ...place, 0.8);
  }
}

// The prior of another class, faintly and in its colour: the ellipse that holds 86 % of it.
/** @type {(context: Context, frame: Frame, normal: ClassNormal) => void} */
function sketchOther(context, { theme, toScreen }, { label, a, b, aa, ab, bb }) {
  const across = Math.sqrt(aa);
  const [slope, rest] = [ab / across, Math.sqrt(Math.max(0, bb - (ab / across) ** 2))];
  context.beginPath();
  for (let k = 0; k < CORNERS; k++) {
    const [x, y] = [DEVIATIONS * Math.cos((2 * Math.PI * k) / CORNERS), DEVIATIONS * Math.sin((2 * Math.PI * k) / CORNERS)];
    context.lineTo(...toScreen(a + across * x, b + slope * x + rest * y));
  }
  context.closePath();
  const palette = classPalette(theme);
  strokeWithHalo(context, theme, palette[label % palette.length], 1, 0.45, 0);
}

// The place farthest to the upper right with room for the words, below the buttons of the map and
// away from the words that stand there already.
/** @type {(lines: Spot[][], width: number, height: number, line: boolean, named: Spot[]) => Spot | null} */
function labelPlace(lines, width, height, line, named) {
  /** @type {(spot: Spot) => boolean} */
  const inside = ([x, y]) => x > 48 && x < width - 44 && (line || (y > 52 && y < height - 28)) &&
    named.every(([a, b]) => Math.abs(x - a) > 70 || (!line && Math.abs(y - b) > 18));
  /** @type {Spot | null} */
  let best = null;
  for (const [place] of lines) {
    if (inside(place) && (!best || place[0] - place[1] > best[0] - best[1])) best = place;
  }
  return best && line ? [best[0], 60] : best;
}
