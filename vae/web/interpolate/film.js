// What the server draws: films and strips to keep, and the frames of a decoder that is too large
// for the browser.

import { contextOf, element, setOptions } from "../parts/dom.js";
import { numbersText } from "../parts/query.js";

/** @import { Shape } from "../core/header.js" */
/** @import { Ends } from "./ends.js" */
/** @import { Strip } from "./strip.js" */

/** @typedef {{steps: number, overshoot: number, zoom?: number, inline?: number}} FilmOptions */
/** What a picture is called here, and how it is asked for. @typedef {{name: string, method: string, options: FilmOptions}} Order */

export const STRIP_GAP = 2; // pixels around each image of a strip, as GAP in vae/export/film.py
const ZOOMS = [1, 2, 3, 4, 6, 8, 10, 12, 16]; // screen pixels per pixel
const USUAL_SIZE = 280; // pixels
const FILM_PIXELS = 40_000_000; // as in ui/routes/films.py
const REST_MS = 250; // after the last movement of an end
const BUSY = 503; // the server makes other films; it says when to ask again
const BUSY_TRIES = 30;
const BUSY_SECONDS = 1; // where it does not

/**
 * The address of a strip ("png") or a film ("gif") of a path.
 * @type {(base: string, method: string, kind: string, ends: Ends, options: FilmOptions) => string}
 */
export function filmAddress(base, method, kind, { a, b }, options) {
  const classes = a.told === null ? "" : `&a_class=${a.told}&b_class=${b.told}`;
  const ends = `a=${numbersText(a.z)}&b=${numbersText(b.z)}${classes}`;
  return `${base}/${method}.${kind}?${ends}&${queryText(options)}`;
}

/** @type {(options: FilmOptions) => string} */
function queryText(options) {
  const texts = Object.entries(options).map(([name, value]) => [name, String(value)]);
  return new URLSearchParams(texts).toString();
}

/**
 * Offer the sizes that the server makes of so many images of [C, H, W]; keeps the chosen one.
 * @type {(list: HTMLSelectElement, shape: Shape, steps: number) => void}
 */
export function offerSizes(list, [, height, width], steps) {
  const usual = ZOOMS.findLast((zoom) => zoom * width <= USUAL_SIZE) ?? 1;
  const chosen = Number(list.value) || usual;
  /** @type {(zoom: number) => boolean} */
  const fits = (zoom) =>
    (2 * steps - 2) * (height + 2 * STRIP_GAP) * (width + 2 * STRIP_GAP) * zoom ** 2 <= FILM_PIXELS;
  /** @type {(zoom: number) => string} */
  const words = (zoom) => (height === width ? `${zoom * width} px` : `${zoom * width}×${zoom * height} px`);
  const zooms = ZOOMS.filter(fits);
  setOptions(list, zooms.map((zoom) => [String(zoom), words(zoom)]));
  list.value = String(zooms.findLast((zoom) => zoom <= chosen) ?? zooms[0] ?? 1);
}

/**
 * Point a strip's links at the files of its path.
 * @type {(strip: Strip, base: string, ends: Ends, options: FilmOptions) => void}
 */
export function linkFiles(strip, base, ends, options) {
  /** @type {(kind: string, title: string) => HTMLElement} */
  const link = (kind, title) => element("a", {
    href: filmAddress(base, strip.name, kind, ends, options),
    download: "",
    textContent: kind.toUpperCase(),
    title,
    "aria-label": `download the ${strip.words} path as ${kind.toUpperCase()}`,
  });
  strip.links.replaceChildren(
    link("gif", "the path there and back, as a film"),
    link("png", "the strip, as one picture"),
  );
}

/**
 * Copy the image of [C, H, W] at place `i` of a strip that the server drew onto a canvas.
 * @type {(picture: ImageBitmap, i: number, canvas: HTMLCanvasElement, shape: Shape) => void}
 */
export function copyImage(picture, i, canvas, [, height, width]) {
  [canvas.width, canvas.height] = [width, height];
  const left = STRIP_GAP + i * (width + STRIP_GAP);
  contextOf(canvas).drawImage(picture, left, STRIP_GAP, width, height, 0, 0, width, height);
}

/** Pictures that the server draws; of those asked for while the hand moves only the last comes. */
export class ServerFilm {
  /**
   * `arrived(name, picture)` gets each; `failed(error)` hears of the first that does not come.
   * @param {string} base
   * @param {(name: string, picture: ImageBitmap) => void} arrived
   * @param {(error: unknown) => void} failed
   */
  constructor(base, arrived, failed) {
    this.base = base;
    this.arrived = arrived;
    this.failed = failed;
    this.timer = 0;
    this.count = 0;
    this.last = Promise.resolve();
  }

  stop() {
    clearTimeout(this.timer);
    this.count += 1;
  }

  /**
   * Ask for both ends and for the strips of these methods, when the hand has come to rest.
   * @type {(methods: string[], ends: Ends, walk: {steps: number, overshoot: number}) => void}
   */
  ask(methods, ends, { steps, overshoot }) {
    this.stop();
    const mine = this.count;
    /** @type {Order[]} */
    const orders = [
      { name: "ends", method: "lerp", options: { steps: 2, overshoot: 0 } },
      ...methods.map((name) => ({ name, method: name, options: { steps, overshoot } })),
    ];
    const wanted = () => mine === this.count;
    // one picture at a time, what the hand has left behind included: few may wait at the server
    this.timer = setTimeout(() => {
      this.last = this.last.then(() => this.fetchAll(orders, ends, wanted));
    }, REST_MS);
  }

  /** @type {(orders: Order[], ends: Ends, wanted: () => boolean) => Promise<void>} */
  async fetchAll(orders, ends, wanted) {
    try {
      for (const { name, method, options } of orders) {
        if (!wanted()) return;
        const address = filmAddress(this.base, method, "png", ends, { ...options, zoom: 1, inline: 1 });
        const picture = await fetchPicture(address, wanted);
        if (wanted()) this.arrived(name, picture);
      }
    } catch (error) {
      if (wanted()) this.failed(error);
    }
  }
}

// One picture; a busy server is asked again for as long as the picture is `wanted()`.
/** @type {(address: string, wanted: () => boolean) => Promise<ImageBitmap>} */
async function fetchPicture(address, wanted) {
  let answer = await fetch(address);
  for (let i = 0; i < BUSY_TRIES && answer.status === BUSY && wanted(); i++) {
    const seconds = Number(answer.headers.get("Retry-After")) || BUSY_SECONDS;
    await new Promise((again) => setTimeout(again, 1000 * seconds));
    answer = await fetch(address);
  }
  if (!answer.ok) throw new Error((await answer.text()).slice(0, 300) || `status ${answer.status}`);
  return createImageBitmap(await answer.blob());
}
