// The keys of the whole page that move a pad, and the help that lists them.

import { sampleOf } from "../core/random.js";
import { createHelp, listenToKeys } from "../parts/help.js";

/** @import { LatentPad } from "./pad.js" */

/**
 * Let keys and the help button reach a pad. Returns a function that stops listening.
 * @type {(pad: LatentPad) => () => void}
 */
export function listenToPage(pad) {
  const help = createHelp();
  pad.root.append(help);
  const showHelp = () => (help.open ? help.close() : help.showModal());
  pad.refs.helpButton.onclick = showHelp;
  /** @type {<A extends unknown[]>(go: (...values: A) => void) => (...values: A) => void} */
  const ready = (go) => (...values) => pad.isOpen && go(...values);
  return listenToKeys(pad.root, {
    step: ready((da, db) => pad.step(da, db)),
    random: ready(() => pad.goTo(sampleOf(pad.net))),
    origin: ready(() => pad.goTo(new Float64Array(pad.net.zDim))),
    help: showHelp,
  });
}
