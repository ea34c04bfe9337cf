// Opening a model on the Interpolate page: its decoder and its encoded images together.

import { parseNetwork } from "../core/decoder.js";
import { parsePoints } from "../core/points.js";
import { parseFlowDensity } from "../core/prior_flow.js";
import { parseOutline } from "../core/remote.js";
import { messageOf } from "../parts/fetched.js";
import { fetchPayload, moveBars } from "../parts/load.js";

/** @import { Props } from "../parts/props.js" */
/** @import { Interpolator } from "./interpolate.js" */
/** @import { InterpolatorProps } from "./props.js" */

/**
 * What changes with the file behind a model's name: its payloads' addresses hold their hashes.
 * @type {(data: Props) => string}
 */
export function versionOf({ decoder, points }) {
  return `${decoder} ${points ?? ""}`;
}

/**
 * Fetch what `data` names and start `page` with it; what does not come is said, to be tried again.
 * @type {(page: Interpolator, data: InterpolatorProps) => Promise<void>}
 */
export async function openModel(page, data) {
  const version = versionOf(data);
  page.opening = version;
  page.root.classList.add("pad-loading");
  page.player.pause();
  page.say(null);
  try {
    const [payload, points, density] = await Promise.all([
      fetchPayload(data.decoder, moveBars(page.root)),
      data.points ? fetchPayload(data.points).then(parsePoints) : null,
      data.prior ? fetchPayload(data.prior).then(parseFlowDensity) : null,
    ]);
    if (page.opening !== version) return;
    page.start(data.remote ? parseOutline(payload) : parseNetwork(payload), points, data, density);
  } catch (error) {
    if (page.opening !== version) return;
    const sentence = `The model ${data.title} could not be loaded: ${messageOf(error)}.`;
    page.say(sentence, () => openModel(page, data));
  }
  page.root.classList.remove("pad-loading");
}
