// Pictures of the images that are scored, and their nats per pixel, fetched a handful at a time.

import { fetchAnswer, putNewest } from "../parts/fetched.js";

/** @import { Shape } from "../core/header.js" */

const KEPT = 4000;
const AT_ONCE = 150; // images of one request: its address stays short

/**
 * What lies at an address by the images' places; `read` makes numbers of an image's bytes.
 * @template {Float32Array} T
 */
export class Fetched {
  /** @type {Map<number, T>} */
  #kept = new Map();

  /** @param {string} address @param {number} bytes of one image @param {(part: ArrayBuffer) => T} read */
  constructor(address, bytes, read) {
    this.address = address;
    this.bytes = bytes;
    this.read = read;
  }

  /** @type {(image: number) => T | null} */
  at(image) {
    return this.#kept.get(image) ?? null;
  }

  /** Fetch what is not here yet. @type {(images: number[]) => Promise<void>} */
  async fetch(images) {
    const missing = [...new Set(images)].filter((image) => !this.#kept.has(image)).sort((a, b) => a - b);
    const parts = [];
    for (let k = 0; k < missing.length; k += AT_ONCE) parts.push(missing.slice(k, k + AT_ONCE));
    await Promise.all(parts.map((part) => this.#load(part)));
  }

  /** @type {(images: number[]) => Promise<void>} */
  async #load(images) {
    const answer = await fetchAnswer(`${this.address}?images=${images.join(",")}`);
    const bytes = await answer.arrayBuffer();
    images.forEach((image, k) => {
      const part = bytes.slice(k * this.bytes, (k + 1) * this.bytes);
      putNewest(this.#kept, image, this.read(part), KEPT);
    });
  }
}

/** Pixels from 0 to 1. @type {(address: string, shape: Shape) => Fetched<Float32Array>} */
export function picturesAt(address, [channels, height, width]) {
  return new Fetched(address, channels * height * width, (part) =>
    Float32Array.from(new Uint8Array(part), (byte) => byte / 255));
}

/** Nats per pixel. @type {(address: string, shape: Shape) => Fetched<Float32Array>} */
export function natsAt(address, [, height, width]) {
  return new Fetched(address, 4 * height * width, (part) => new Float32Array(part));
}
