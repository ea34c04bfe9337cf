// What the sheet asks the server for: the set, a drawing to keep, a change of the classes.

/** @import { Group, Kept, SetAnswer } from "./props.js" */
/** @import { Waiting } from "./pending.js" */

/** The server has understood and said no; its sentence is the message. */
export class Refused extends Error {}

/** @type {(address: string, options?: RequestInit) => Promise<any>} */
async function ask(address, options) {
  const answer = await fetch(address, options);
  if (answer.ok) return answer.json();
  if (answer.status < 500) throw new Refused(await answer.text());
  throw new Error(`the server answered ${answer.status}`);
}

/** @type {(address: string) => Promise<SetAnswer>} */
export function loadSet(address) {
  return ask(address, { cache: "no-store" });
}

/** Send a drawing; it is on its way even where the page is left. @type {(address: string, drawing: Waiting) => Promise<Kept>} */
export function sendDrawing(address, { group, token, pixels, comesFrom }) {
  const options = { method: "POST", body: bytesOf(pixels), keepalive: true };
  const query = comesFrom ? `?part=${encodeURIComponent(comesFrom)}` : "";
  return ask(`${address}/keep/${group}/${token}${query}`, options);
}

/** @type {(address: string, key: string) => Promise<unknown>} */
export function removeDrawing(address, key) {
  return ask(`${address}/remove/${key}`, { method: "POST", keepalive: true });
}

/**
 * Add, rename or remove a class; gives its key and all classes as they are then.
 * @type {(address: string, change: {do: string, group?: string, name?: string}) =>
 *   Promise<{group: string, classes: Group[]}>}
 */
export function changeClass(address, change) {
  return ask(`${address}/class`, { method: "POST", body: JSON.stringify(change) });
}

/** Levels 0 to 255 of pixels in [0, 1], as text. @type {(pixels: Float32Array) => string} */
export function textOf(pixels) {
  return btoa(String.fromCharCode(...Array.from(pixels, (value) => Math.round(255 * Math.min(1, Math.max(0, value))))));
}

/** @type {(text: string) => Uint8Array<ArrayBuffer>} */
export function bytesOf(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
