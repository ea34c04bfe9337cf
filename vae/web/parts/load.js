// Payloads from the server, each fetched once per page; the browser keeps them by their address.

import { element } from "./dom.js";
import { fetchAnswer, remembered } from "./fetched.js";

const FULL_SIZE = "x-full-size"; // bytes once unpacked: what travels is compressed
/** @type {Map<string, ((share: number) => void)[]>} */
const hearers = new Map(); // of an address: who follows how much has come
const payloadOf = remembered((/** @type {string} */ address) => {
  /** @type {(share: number) => void} */
  const tell = (share) => hearers.get(address)?.forEach((hear) => hear(share));
  return fetchAnswer(address).then((answer) => readAnswer(answer, tell));
});

/**
 * The bytes behind an address; `hear(share)` follows how much has come, from 0 to 1. A failure is
 * forgotten, so that the next call tries again.
 * @type {(address: string, hear?: ((share: number) => void) | null) => Promise<ArrayBuffer>}
 */
export function fetchPayload(address, hear = null) {
  const bytes = payloadOf(address);
  if (hear) {
    hearers.set(address, [...(hearers.get(address) ?? []), hear]);
    // a bar that nobody moves any more need not stay in memory
    const forget = () => hearers.delete(address);
    bytes.then(forget, forget);
  }
  return bytes;
}

/** @type {(answer: Response, tell: (share: number) => void) => Promise<ArrayBuffer>} */
async function readAnswer(answer, tell) {
  const size = Number(answer.headers.get(FULL_SIZE));
  if (!size || !answer.body) return answer.arrayBuffer();
  const bytes = new Uint8Array(size);
  const reader = answer.body.getReader();
  let read = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (read + part.value.length > size) throw new Error("more bytes came than were announced");
    bytes.set(part.value, read);
    read += part.value.length;
    tell(read / size);
  }
  if (read < size) throw new Error(`only ${read} of ${size} bytes came`);
  return bytes.buffer;
}

/** What stands in an image's place until its decoder has come: words and a bar. */
export function loadingWords() {
  const bar = element("progress", { class: "pad-progress", max: 1, "aria-label": "decoder loaded" });
  return element("span", { class: "pad-waiting" }, element("span", {}, "loading the decoder", bar));
}

/**
 * Start the bars below `root` anew; returns what moves them to a share.
 * @type {(root: HTMLElement) => (share: number) => void}
 */
export function moveBars(root) {
  /** @type {NodeListOf<HTMLProgressElement>} */
  const bars = root.querySelectorAll("progress.pad-progress");
  for (const bar of bars) bar.removeAttribute("value");
  return (share) => bars.forEach((bar) => (bar.value = share));
}
