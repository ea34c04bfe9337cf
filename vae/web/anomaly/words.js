// What the page says of a threshold, a score and an image.

/** @import { Share } from "./beta.js" */
/** @import { Auc, ScoreProps } from "./props.js" */

/** With how many digits a share is told in per cent. @type {(share: number) => number} */
function digitsOf(share) {
  const near = Math.min(100 * share, 100 - 100 * share);
  return near === 0 || near >= 9.95 ? 0 : near >= 0.95 ? 1 : 2;
}

/** Per cent with as many digits as tell something. @type {(share: number) => string} */
export function percent(share) {
  return Number.isFinite(share) ? String(Number((100 * share).toFixed(digitsOf(share)))) : "–";
}

/** "63 % [58, 67]". @type {(share: Share) => string} */
export function withInterval({ value, low, high }) {
  // one that is none or all has an end that needs digits
  const digits = Math.max(digitsOf(value), value === 0 ? digitsOf(high) : value === 1 ? digitsOf(low) : 0);
  const [from, to] = [low, high].map((end) => (100 * end).toFixed(digits));
  return `${percent(value)} % [${from}, ${to}]`;
}

/**
 * What the threshold lets through.
 * @type {(alarms: Share, found: Share, of: string) => string}
 */
export function sentenceOf(alarms, found, of) {
  return `At ${percent(alarms.value)} % false alarms it finds ${withInterval(found)} of ${of}.`;
}

/** An area near 1 has more digits: what lacks is what tells. @type {(auc: Auc) => number} */
function areaDigits({ value }) {
  return value > 0.99 ? 4 : 3;
}

/** @type {(auc: Auc) => string} */
export function areaWords(auc) {
  return auc.value.toFixed(areaDigits(auc));
}

/** @type {(auc: Auc) => string} */
export function rangeWords(auc) {
  return `[${auc.low.toFixed(areaDigits(auc))}, ${auc.high.toFixed(areaDigits(auc))}]`;
}

/** "0.931 [0.924, 0.938]". @type {(auc: Auc) => string} */
export function aucWords(auc) {
  return `${areaWords(auc)} ${rangeWords(auc)}`;
}

/**
 * What to say of a score that ranks foreign images as more normal or tells nothing, and which does
 * better; "" where it works.
 * @type {(score: ScoreProps, scores: ScoreProps[], of: string) => string}
 */
export function failureOf(score, scores, of) {
  const { auc, title } = score;
  if (!auc || auc.low > 0.5) return "";
  const best = bestOf(scores);
  const better = best?.auc && best !== score && best.auc.low > 0.5
    ? ` ${best.title} does better here: AUC ${aucWords(best.auc)}.` : " No score here does better.";
  if (auc.value >= 0.5) return `${title} tells ${of} from normal images no better than a coin. ${WHY[score.looks]}${better}`;
  const share = percent(1 - auc.value);
  return `${title} fails here: in ${share} % of all pairs it calls the normal image stranger than the foreign one. ${WHY[score.looks]}${better}`;
}

/**
 * Name the scores of what is decoded that see nothing, where another one is shown; "" for none.
 * @type {(score: ScoreProps, scores: ScoreProps[]) => string}
 */
export function blindOf(score, scores) {
  const blind = scores.filter((one) => one !== score && one.looks === "decoded" && one.auc && one.auc.low <= 0.5);
  const names = blind.map(({ title, auc }) => `${title} (AUC ${auc ? areaWords(auc) : ""})`);
  if (!names.length) return "";
  return `Not every score sees it: by ${names.join(" and ")} these images are no stranger than the model's own. Press its name to see why.`;
}

/** Why a score may fail, by what it looks at. @type {Record<ScoreProps["looks"], string>} */
const WHY = {
  decoded: "How well pixels are predicted depends on how plain and dark a picture is, whether the model has seen the like or not.",
  codes: "What is foreign gets a code among the others: the encoder keeps what tells its own images apart.",
  pixels: "By their pixels alone these images lie no farther out than the model's own.",
};

/** The score of the highest AUC. @type {(scores: ScoreProps[]) => ScoreProps | null} */
export function bestOf(scores) {
  const known = scores.filter(({ auc }) => auc);
  return known.toSorted((one, other) => (other.auc?.value ?? 0) - (one.auc?.value ?? 0))[0] ?? null;
}

/** The unit that stands beside a score's numbers. @type {(score: {unit: string}) => string} */
export function unitOf({ unit }) {
  return unit === "nats" ? unit : "";
}

/** A score with its unit. @type {(value: number, unit: string) => string} */
export function scoreWords(value, unit) {
  const size = Math.abs(value);
  const text = size !== 0 && (size < 0.01 || size >= 1e5) ? size.toExponential(1) : size.toFixed(size < 10 ? 2 : 1);
  return `${value < 0 ? "−" : ""}${text}${unit && ` ${unit}`}`;
}

/**
 * Name an image of the strip and its score.
 * @type {(page: import("./anomaly.js").Anomaly, image: number) => string}
 */
export function imageWords({ images, data, scores, score, foreign }, image) {
  if (!images || !scores || !score) return "";
  const { rows, labels, foreignRows, foreignLabels } = images.about;
  const isNormal = image < rows.length;
  const k = isNormal ? image : image - rows.length;
  const name = (isNormal ? data.classes[labels[k]] : data.foreignClasses[foreignLabels[k]]) ?? "";
  const kind = isNormal ? "normal" : `foreign, ${foreign?.title ?? ""}`;
  const value = scoreWords((isNormal ? scores.normal : scores.foreign)[k], unitOf(score));
  return `${kind}: test image ${isNormal ? rows[k] : foreignRows[k]}${name && `, ${name}`}, ${value}`;
}
