// Pictures for the strip, and where in them it is strange if that is asked for.

import { messageOf } from "../parts/fetched.js";
import { showSentence } from "../parts/sentence.js";
import { rangeOf } from "./heat.js";
import { imageWords, scoreWords } from "./words.js";

/** @import { Anomaly } from "./anomaly.js" */

/** @type {(page: Anomaly) => Promise<void>} */
export async function paint(page) {
  const { images, exhibit } = page;
  if (!images) return;
  show(page);
  try {
    await Promise.all([images.pictures.fetch(exhibit.images), page.where ? images.nats.fetch(exhibit.images) : null]);
    if (images !== page.images) return;
    show(page);
    page.root.dataset.pictures = String(exhibit.images.length);
    page.settle();
  } catch (error) {
    if (images === page.images) showSentence(page.refs, `The pictures did not come: ${messageOf(error)}.`, () => paint(page));
  }
}

/** Draw what has come. @type {(page: Anomaly) => void} */
function show(page) {
  const { images, exhibit, data, refs, where } = page;
  if (!images) return;
  const maps = where ? exhibit.images.flatMap((image) => [images.nats.at(image) ?? []]) : [];
  const range = rangeOf(maps);
  exhibit.paint(data.shape, (image) => images.pictures.at(image), where ? (image) => images.nats.at(image) : null, range,
    (image) => imageWords(page, image));
  refs.scale.hidden = !where;
  refs.scale.textContent = where ? `${scoreWords(range[0], "")} to ${scoreWords(range[1], "")} nats per pixel` : "";
}
