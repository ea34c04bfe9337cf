// The link to what a pad shows: the page's own address, what Back returns to, and a copy to share.

import { copyLink } from "../parts/copy.js";
import { firstClass, placeInAddress, readAddress, writeAddress } from "./address.js";
import { keepInTab, readTab } from "../parts/carry.js";
import { createHistory } from "./history.js";
import { defaultPlane } from "../core/latent.js";
import { LAYER_NAMES, LAYERS } from "./legend.js";
import { numbersText } from "../parts/query.js";

/** @import { Decoder, Numbers } from "../core/header.js" */
/** @import { Address, PadView, Place } from "./address.js" */
/** @import { LatentPad } from "./pad.js" */
/** @import { PadProps } from "./props.js" */

/**
 * Where a model starts, and what was asked of it.
 * @typedef {object} Start
 * @property {Float64Array} z
 * @property {number} label the class that z is decoded as
 * @property {number | null} beta
 * @property {boolean} told whether the server knows of z
 * @property {boolean} wrong whether an address asks for what cannot be
 * @property {Address | null} asked
 * @property {PadView | null} address
 */

const VIEWS_KEY = "pad-views"; // in the tab's storage: {model: {z, label, axes, view, layers, hidden}}

/** @type {(pad: LatentPad) => PadLink} */
export function createLink(pad) {
  return new PadLink(pad);
}

class PadLink {
  /** @param {LatentPad} pad */
  constructor(pad) {
    this.pad = pad;
    /** @type {Address | null} */
    this.asked = this.read(location.search);
    /** @type {string | null} */
    this.written = null;
    this.quiet = true;
    this.history = createHistory((search) => this.returned(search));
    pad.refs.share.onclick = () => this.share();
  }

  stop() {
    this.history.stop();
  }

  /**
   * What an address asks of this pad; one without a model means the one that opens first.
   * @type {(search: string) => Address}
   */
  read(search) {
    const { beside, data } = this.pad;
    const address = readAddress(search, beside);
    return { ...address, model: address.model ?? data.preferred };
  }

  /** The query with this pad's part as it is now. @type {(place: Place) => string} */
  query(place) {
    return writeAddress(location.search, place, this.pad.beside);
  }

  // ---- a model opens ----------------------------------------------------------------------

  /**
   * Where to start with the model that `data` names: z and class, whether the server was told of
   * it, whether the address is wrong about it; `asked` of this model by an address, and the view to show.
   * @type {(net: Decoder, data: PadProps) => Start}
   */
  starting(net, data) {
    const asked = this.asked?.model === data.model ? this.asked : null;
    this.asked = null;
    const there = placeInAddress(asked, net.zDim);
    const same = there && data.z && numbersText(data.z) === numbersText(there);
    const kept = recallView(data.model);
    const before = data.z ?? (kept?.z?.length === net.zDim ? kept.z : new Float64Array(net.zDim));
    const z = Float64Array.from(same || !there ? before : there);
    const label = firstClass(asked?.label ?? kept?.label, net.classes);
    const beta = asked?.beta ?? (asked?.z ? null : (kept?.beta ?? null));
    const full = asked && (asked.z || asked.axes || asked.view || asked.layers || asked.hidden.length);
    // of the first pad's z the server says what is wrong
    const wrong = Boolean(this.pad.beside && asked?.z && !there);
    return { z, label, beta, told: same || !there, wrong, asked, address: full ? asked : kept };
  }

  /**
   * The address of the model that is left, and silence until the next one is there.
   * @type {() => string | null}
   */
  leaving() {
    this.quiet = true;
    const { isOpen, root } = this.pad;
    return isOpen ? this.query({ ...placeOf(this.pad), model: root.dataset.model }) : null;
  }

  /**
   * A model has opened: where the person chose it, Back returns to the one `before`.
   * @type {(before: string | null, asked: Address | null) => void}
   */
  opened(before, asked) {
    this.quiet = false;
    const place = placeOf(this.pad);
    this.written = numbersText(place.z);
    if (this.pad.beside) this.history.rewrite(this.query(place), false);
    else if (before && !asked) this.history.leave(before, this.query(place));
  }

  // ---- the hand ---------------------------------------------------------------------------

  /** Bring the address to what the pad shows. */
  write() {
    if (this.quiet) return;
    const place = placeOf(this.pad);
    const text = numbersText(place.z);
    // of two linked hands the first pad's moves are the entries of the history
    const led = this.pad.beside && this.pad.pair.mode !== "apart";
    const moved = text !== this.written && !led;
    this.written = text;
    this.history.rewrite(this.query(place), moved);
    // `data` may name the model that comes next
    keepView(this.pad.root.dataset.model ?? "", place);
  }

  /** @type {(search: string) => void} */
  returned(search) {
    const address = this.read(search);
    if (this.quiet || address.model !== this.pad.root.dataset.model) {
      this.asked = address;
      return;
    }
    this.quiet = true;
    this.pad.goBack(address);
    this.quiet = false;
    this.written = numbersText(this.pad.held);
  }

  share() {
    const { pad } = this;
    if (!pad.isOpen) return;
    const query = this.query({ ...placeOf(pad), model: pad.data.model });
    copyLink(pad.root, pad.refs.share, query);
  }
}

/**
 * Where the pad is: z, and what of the view is not as a model's first view.
 * @type {(pad: LatentPad) => Place}
 */
function placeOf({ net, held, axes, map, controls, data, pair }) {
  const { layers, legend } = controls;
  const state = layers.state();
  const usual = LAYER_NAMES.every((name) => state[name] === LAYERS[name].on);
  return {
    z: held,
    label: net.classes ? net.label : null,
    beta: net.beta && net.beta !== 1 ? net.beta : null,
    axes: axes.name === defaultPlane(net.header).name ? null : axes.name,
    view: map.fitted ? null : map.plane.view(),
    layers: usual ? null : state,
    hidden: [...(legend?.hidden ?? [])].sort((a, b) => a - b),
    other: data.other,
    hands: pair.wanted,
  };
}

/** @type {(model: string, view: PadView & {z: Numbers}) => void} */
function keepView(model, { z, label, beta, axes, view, layers, hidden }) {
  const kept = { z: Array.from(z), label, beta, axes, view, layers, hidden };
  keepInTab(VIEWS_KEY, { ...readViews(), [model]: kept });
}

/**
 * The view that this tab of the browser saw last of a model, or null.
 * @type {(model: string) => PadView | null}
 */
function recallView(model) {
  const kept = readViews()?.[model];
  return kept && Array.isArray(kept.hidden) ? kept : null;
}

function readViews() {
  return /** @type {Record<string, PadView> | null} */ (readTab(VIEWS_KEY));
}
