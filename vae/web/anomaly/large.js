// One image of the strip, large, with what all scores say of it.

import { fetchAnswer, messageOf } from "../parts/fetched.js";
import { showSentence } from "../parts/sentence.js";
import { strangerThan } from "./scores.js";
import { imageWords } from "./words.js";

/** @import { Anomaly } from "./anomaly.js" */
/** @import { Verdict } from "./card.js" */
/** @import { ScoreProps } from "./props.js" */
/** @import { Scores } from "./scores.js" */

/** @type {(page: Anomaly, image: number) => Promise<void>} */
export async function openImage(page, image) {
  const { images, data } = page;
  if (!images || !data.codes) return;
  page.own.close();
  page.large = image;
  try {
    const [answer] = await Promise.all([
      fetchAnswer(`${data.codes}?images=${image}`),
      images.pictures.fetch([image]),
      // a likelihood need not come apart into pixels
      images.nats.fetch([image]).catch(() => {}),
    ]);
    const z = new Float32Array(await answer.arrayBuffer());
    if (page.large === image && images === page.images) show(page, image, z);
  } catch (error) {
    showSentence(page.refs, `The image did not come: ${messageOf(error)}.`);
  }
}

/** @type {(page: Anomaly, image: number, z: Float32Array) => void} */
function show(page, image, z) {
  const { images, data } = page;
  const pixels = images?.pictures.at(image);
  if (!images || !pixels) return;
  const normal = images.about.rows.length;
  page.card.show(data.shape, {
    title: imageWords(page, image),
    model: data.model,
    pixels,
    nats: images.nats.at(image),
    verdicts: verdictsOf(page, (_, scores) => (image < normal ? scores.normal[image] : scores.foreign[image - normal])),
    z,
    row: image < normal && data.diagnosed ? images.about.rows[image] : null,
  }, page.exhibit.standing.find((one) => one.image === image)?.made ?? null);
}

/**
 * What all scores that have come say of an image.
 * @type {(page: Anomaly, valueOf: (score: ScoreProps, scores: Scores) => number | null | undefined) => Verdict[]}
 */
export function verdictsOf(page, valueOf) {
  return page.data.scores.flatMap((score) => {
    const scores = page.scoresOf(score);
    const value = scores && valueOf(score, scores);
    if (!scores || value === null || value === undefined || !Number.isFinite(value)) return [];
    const alarm = score.name === page.showing ? value > page.threshold : null;
    return [{ score, value, stranger: strangerThan(scores, value), alarm }];
  });
}
