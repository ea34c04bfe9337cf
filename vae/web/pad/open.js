// Opening a model on a pad: its decoder first, the encoded images after, then what is far from them.

import { parseNetwork } from "../core/decoder.js";
import { showTrouble } from "./layout.js";
import { messageOf } from "../parts/fetched.js";
import { fetchPayload, moveBars } from "../parts/load.js";
import { parseNear } from "../core/nearness.js";
import { parseOutline } from "../core/remote.js";
import { parsePoints } from "../core/points.js";
import { parseRates } from "../core/rates.js";

/** @import { LatentPad } from "./pad.js" */
/** @import { PadProps } from "./props.js" */

/**
 * Fetch what `data` names and start `pad` with it; what does not come is said, to be tried again.
 * @type {(pad: LatentPad, data: PadProps) => Promise<void>}
 */
export async function openModel(pad, data) {
  pad.opening = data.decoder;
  pad.root.classList.add("pad-loading");
  showTrouble(pad.refs, null);
  try {
    const payload = await fetchPayload(data.decoder, moveBars(pad.root));
    const net = data.remote ? parseOutline(payload) : parseNetwork(payload);
    if (pad.opening !== data.decoder) return;
    pad.start(net, data);
    pad.root.classList.remove("pad-loading");
    const points = data.points ? parsePoints(await fetchPayload(data.points)) : null;
    const rates = points && data.rates ? parseRates(await fetchPayload(data.rates)) : null;
    if (pad.opening !== data.decoder) return;
    pad.setPoints(points, rates);
    const near = points && data.near ? parseNear(await fetchPayload(data.near), points.count) : null;
    if (pad.opening === data.decoder && near) pad.setNear(near);
  } catch (error) {
    if (pad.opening !== data.decoder) return;
    pad.root.classList.remove("pad-loading");
    const what = pad.isOpen && pad.net.header.model === data.model ? "map" : "decoder";
    const sentence = `The ${what} of ${data.title} could not be loaded: ${messageOf(error)}.`;
    showTrouble(pad.refs, sentence, () => openModel(pad, data));
  }
}
