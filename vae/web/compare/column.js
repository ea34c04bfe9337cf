// A model that stands in a column: its networks, its map, and what they make of an image.

import { encode } from "../core/decoder.js";
import { recognise } from "../core/likeness.js";
import { parsePoints } from "../core/points.js";
import { posteriorOfPoint } from "../core/posterior.js";
import { parseFlow } from "../core/prior_flow.js";
import { glidePoints, parseRates } from "../core/rates.js";
import { priorSource } from "../core/source.js";
import { messageOf } from "../parts/fetched.js";
import { fetchPayload } from "../parts/load.js";
import { openDecoder, openEncoder, openPoints } from "../opened/networks.js";
import { placesOf } from "./pick.js";

/** @import { Network, Points, Posterior } from "../core/header.js" */
/** @import { Rates } from "../core/rates.js" */
/** @import { Source } from "../core/source.js" */
/** @import { Many } from "../batch/many.js" */
/** @import { BadColumn, GoodColumn } from "./props.js" */

/**
 * An image of the split: its pixels, null where they are not on the server's machine, and its class,
 * −1 where it has none.
 * @typedef {{row: number, pixels: Float32Array | null, label: number}} Picked
 */

/** An image's place in a model, and the class that its networks are told. @typedef {{posterior: Posterior, label: number | null}} Code */

/** A decoder that is here, for one image and for many, and what it draws from. */
/** @typedef {{net: Network, many: Many, source: Source}} Drawing */

/** Which version of a model a column shows: addresses hold the hashes of what lies there. @type {(data: GoodColumn | BadColumn) => string} */
export function versionOf(data) {
  return data.wrong === undefined ? [data.model, data.decoder, data.points, data.prior].join(" ") : `${data.model} ${data.wrong}`;
}

export class Column {
  /** Why nothing of the model can be shown. @type {string | null} */
  wrong = null;
  /** @type {Drawing | null} */
  drawing = null;
  /** @type {Network | null} */
  encoder = null;
  /** @type {Points | null} */
  points = null;
  /** @type {Rates | null} */
  rates = null;
  /** Where each image of the split stands among the points. @type {Map<number, number>} */
  places = new Map();
  /** Whether all that there is has come. */
  complete = false;
  beta = 1;
  /** @param {GoodColumn | BadColumn} data */
  constructor(data) {
    this.data = data;
    this.model = data.model;
    this.title = data.title;
    this.version = versionOf(data);
  }

  /**
   * Fetch the model; `came()` hears of the decoder first, then of all the rest.
   * @type {(came: () => void) => Promise<void>}
   */
  async open(came) {
    const { data } = this;
    try {
      if (data.wrong !== undefined) throw new Error(data.wrong);
      const rest = Promise.all([
        openEncoder(data.encoder),
        data.points ? pointsOf(data.points, data.rates) : null,
        data.rates ? fetchPayload(data.rates).then(parseRates) : null,
      ]);
      // what went wrong is heard below, when the decoder is there
      rest.catch(() => {});
      const [{ net, many }, flow] = await Promise.all([
        openDecoder(data.decoder),
        data.prior ? fetchPayload(data.prior).then(parseFlow) : null,
      ]);
      this.drawing = { net, many, source: priorSource(net.header, flow) };
      came();
      [this.encoder, this.points, this.rates] = await rest;
      if (this.points) this.places = placesOf(this.points);
    } catch (error) {
      this.wrong = messageOf(error);
    }
    this.complete = true;
    came();
  }

  /** Whether its map is of the same images as another's. @type {(other: Column) => boolean} */
  sharesImages(other) {
    const [one, two] = [this.data, other.data];
    return this === other || (one.wrong === undefined && two.wrong === undefined && one.images !== "" && one.images === two.images);
  }

  /**
   * Where an image lies: by the encoder where its pixels are here, else as the model's file keeps it;
   * null where neither is known. `linked` tells that rows mean the same images in this model's map.
   * @type {(image: Picked, linked: boolean) => Code | null}
   */
  codeOf({ row, pixels, label }, linked) {
    const { drawing, encoder, points } = this;
    if (!drawing) return null;
    const { net } = drawing;
    const told = label >= 0 && label < net.classes ? label : null;
    if (pixels && encoder) {
      const known = codesOf(encoder);
      const code = known.get(pixels) ?? codeOfPixels(net, encoder, pixels, told);
      known.set(pixels, code);
      return code;
    }
    const at = linked ? this.places.get(row) : undefined;
    if (!points || at === undefined || (net.classes && told === null)) return null;
    return { posterior: posteriorOfPoint(points, at, net.header), label: told };
  }

  /** Tell the networks another β and move the map there. @type {(beta: number) => void} */
  setBeta(beta) {
    this.beta = beta;
    if (this.encoder) encoded.delete(this.encoder);
    this.drawing?.net.setBeta(beta);
    this.drawing?.many.setBeta(beta);
    this.encoder?.setBeta(beta);
    if (this.rates && this.points) glidePoints(this.rates, beta, this.points);
  }
}

/** What encoders made of images, at the β that they were told last. @type {WeakMap<Network, WeakMap<Float32Array, Code>>} */
const encoded = new WeakMap();

/** @type {(encoder: Network) => WeakMap<Float32Array, Code>} */
function codesOf(encoder) {
  const known = encoded.get(encoder) ?? new WeakMap();
  encoded.set(encoder, known);
  return known;
}

/** A map whose points glide with β is each column's own. @type {(address: string, rates: string | null) => Promise<Points>} */
function pointsOf(address, rates) {
  return rates ? fetchPayload(address).then(parsePoints) : openPoints(address);
}

/** @type {(net: Network, encoder: Network, pixels: Float32Array, told: number | null) => Code} */
function codeOfPixels(net, encoder, pixels, told) {
  if (told !== null || !net.classes) return { posterior: encode(encoder, pixels, told ?? net.label), label: told };
  const posterior = recognise(net, encoder, pixels);
  return { posterior, label: posterior.label };
}
