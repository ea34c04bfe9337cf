// Opening a model on the Generate page: its decoder, then its encoded images.

import { manyOf } from "../batch/many.js";
import { parseNetwork } from "../core/decoder.js";
import { parsePoints } from "../core/points.js";
import { parseFlow } from "../core/prior_flow.js";
import { parseRates } from "../core/rates.js";
import { fetchPayload, moveBars } from "../parts/load.js";

/** @import { Props } from "../parts/props.js" */
/** @import { Generate } from "./generate.js" */
/** @import { GenerateProps } from "./props.js" */

/**
 * What changes with the file behind a model's name: its payloads' addresses hold their hashes.
 * @type {(data: Props) => string}
 */
export function versionOf({ decoder, points }) {
  return `${decoder} ${points ?? ""}`;
}

/**
 * Fetch what `data` names and start `page` with it; what does not come is said, to be tried again.
 * @type {(page: Generate, data: GenerateProps) => Promise<void>}
 */
export async function openModel(page, data) {
  const version = versionOf(data);
  page.opening = version;
  page.root.classList.add("pad-loading");
  delete page.root.dataset.ready;
  page.say(null);
  try {
    const [payload, flow] = await Promise.all([
      fetchPayload(data.decoder, moveBars(page.root)),
      data.prior ? fetchPayload(data.prior).then(parseFlow) : null,
    ]);
    if (page.opening !== version) return;
    const net = parseNetwork(payload);
    page.start({ net, many: manyOf(payload, net), model: data.model, flow });
    page.root.classList.remove("pad-loading");
    page.rest();
    const points = data.points ? parsePoints(await fetchPayload(data.points)) : null;
    const rates = points && data.rates ? parseRates(await fetchPayload(data.rates)) : null;
    if (page.opening === version) page.setPoints(points, rates);
  } catch (error) {
    if (page.opening !== version) return;
    page.root.classList.remove("pad-loading");
    page.fail(error);
  }
}
