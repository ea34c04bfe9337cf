// Payloads from the server, each fetched once a page; the browser keeps them by their address.

import { element } from "./dom.js";

const FULL_SIZE = "x-full-size"; // bytes once unpacked: what travels is compressed
const payloads = new Map();

/**
 * The bytes behind an address; `hear(share)` follows how much has come, from 0 to 1. A failure is
 * forgotten, so that the next call tries again.
 */
export function fetchPayload(address, hear = null) {
  let found = payloads.get(address);
  if (!found) {
    const hearing = new Set();
    const tell = (share) => hearing.forEach((one) => one(share));
    found = { hearing, bytes: fetch(address).then((answer) => readAnswer(answer, tell)) };
    // a bar that nobody moves any more need not stay in memory
    found.bytes.then(() => (found.hearing = null), () => payloads.delete(address));
    payloads.set(address, found);
  }
  if (hear) found.hearing?.add(hear);
  return found.bytes;
}

async function readAnswer(answer, tell) {
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
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

/** Start the bars below `root` anew; returns what moves them to a share. */
export function moveBars(root) {
  const bars = [...root.querySelectorAll(".pad-progress")];
  for (const bar of bars) bar.removeAttribute("value");
  return (share) => bars.forEach((bar) => (bar.value = share));
}
