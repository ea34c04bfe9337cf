// What shows a lesson: the script of its own folder, brought when the lesson is asked for.

import { remembered } from "../parts/fetched.js";

/** @import { MountExhibit } from "./exhibit.js" */

/** What the page's starter offers. @typedef {{explorerScript: (address: string) => Promise<{mount: MountExhibit}>}} Starter */

/** @type {(address: string) => Promise<MountExhibit>} */
export const exhibitAt = remembered(async (address) => {
  const { explorerScript } = /** @type {Starter} */ (/** @type {unknown} */ (globalThis));
  return (await explorerScript(address)).mount;
});
