// Networks and maps of models, each read once: who comes back to a model need not wait until its
// weights are unpacked again.
//
// What is kept is shared by all that ask for it, one after the other, so nobody changes it. A network
// that is told β is changed by its slider: it is read anew for each.

import { manyOf } from "../batch/many.js";
import { parseNetwork } from "../core/decoder.js";
import { parsePoints } from "../core/points.js";
import { remembered } from "../parts/fetched.js";
import { fetchPayload } from "../parts/load.js";

/** @import { Network } from "../core/header.js" */
/** @import { Many } from "../batch/many.js" */

/** A decoder for one image and for many. @typedef {{net: Network, many: Many}} OpenedDecoder */

const MOST = 8; // of each kind: a decoder holds its weights twice

/** The decoder behind an address. @type {(address: string) => Promise<OpenedDecoder>} */
export const openDecoder = keptUnlessTold(
  async (address) => {
    const payload = await fetchPayload(address);
    const net = parseNetwork(payload);
    return { net, many: manyOf(payload, net) };
  },
  ({ net }) => Boolean(net.header.betas),
);

/** The encoder behind an address. @type {(address: string) => Promise<Network>} */
export const openEncoder = keptUnlessTold(
  async (address) => parseNetwork(await fetchPayload(address)),
  ({ header }) => Boolean(header.betas),
);

/** The map behind an address, of a model of a single β. @type {(address: string) => Promise<import("../core/header.js").Points>} */
export const openPoints = remembered(async (address) => parsePoints(await fetchPayload(address)), MOST);

/**
 * `read(address)`, done once for each address but for what is told β.
 * @type {<T>(read: (address: string) => Promise<T>, isTold: (found: T) => boolean) => (address: string) => Promise<T>}
 */
function keptUnlessTold(read, isTold) {
  const kept = remembered(read, MOST);
  return async (address) => {
    const found = await kept(address);
    return isTold(found) ? read(address) : found;
  };
}
