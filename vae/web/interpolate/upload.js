// A picture file as an end of the path: read as the data set's images are, with switches to undo it.

import { drawPixels } from "../core/decoder.js";
import { button, contextOf, element, setPressed, shownNumber, switchButton } from "../parts/dom.js";
import { messageOf } from "../parts/fetched.js";
import { endAt } from "./ends.js";
import { likenessOf, recognise } from "../core/likeness.js";
import { className } from "../core/told.js";
import { thumbnail } from "../pictures/shown.js";
import { nextTask } from "../parts/next_task.js";
import { readPicture } from "../pictures/file.js";
import { fittedPicture, proposeTreatment, stretchLevels, tonedPicture } from "../pictures/fit.js";

/** @import { Network, Shape } from "../core/header.js" */
/** @import { Recognised } from "../core/likeness.js" */
/** @import { Framing, Treatment } from "../pictures/fit.js" */
/** @import { Opened } from "../pictures/file.js" */
/** @import { Interpolator } from "./interpolate.js" */
/** @import { EndCell } from "./layout.js" */

/** @typedef {keyof Treatment} TreatmentName */
/** @typedef {Opened & {name: string}} Named */

/** @type {Record<TreatmentName, string[]>} */
const SWITCHES = {
  centre: ["centre like the data", "scale and centre the picture as the training images were"],
  invert: ["invert", "dark ink on paper becomes light on black"],
  stretch: ["stretch", "the darkest level becomes black and the lightest white"],
};

const TREATMENTS = /** @type {TreatmentName[]} */ (Object.keys(SWITCHES));

const UNKNOWN_LARGE = "This decoder is too large for the browser, so the page cannot tell whether " +
  "the picture is like the training images.";

const UNKNOWN_LIKENESS = "Whether this is like the training images cannot be told: the model's file " +
  "does not say how they are, and they are not on this machine.";

/**
 * Fill a panel's `body` for an end's `cell`; `file` is a picture that was dropped, or null.
 * Returns what stops the work on a picture.
 * @type {(owner: Interpolator, encoder: Network, cell: EndCell, body: HTMLElement, file: File | null) => () => void}
 */
export function fillUpload(owner, encoder, cell, body, file) {
  const upload = new Upload(owner, encoder, cell, body);
  upload.take(file);
  return () => {
    upload.turn = null;
  };
}

class Upload {
  /** Stands for one file: another takes its place. @type {object | null} */
  turn = null;
  /** @type {Named | null} */
  opened = null;
  /** @type {Treatment} */
  proposed = { invert: false, stretch: false, centre: false };
  treatment = this.proposed;
  /** @type {Recognised | null} */
  posterior = null;
  /** log p(x|z) of what the encoder sees. @type {number | null} */
  value = null;

  /** @param {Interpolator} owner @param {Network} encoder @param {EndCell} cell @param {HTMLElement} body */
  constructor(owner, encoder, cell, body) {
    this.owner = owner;
    this.encoder = encoder;
    this.cell = cell;
    this.parts = uploadParts(owner.net, cell.letter);
    const { input, use, previews } = this.parts;
    this.likeness = likenessOf(owner.net, encoder, owner.data.likeness);
    this.framing = owner.data.framing;
    input.onchange = () => this.take(input.files?.[0]);
    use.onclick = () => this.become();
    this.switches = {
      centre: this.switchOf("centre"),
      invert: this.switchOf("invert"),
      stretch: this.switchOf("stretch"),
    };
    this.switches.centre.hidden = !this.framing;
    const tools = element("div", { class: "ip-tools" }, input, ...Object.values(this.switches), use);
    body.append(tools, previews);
  }

  /** @type {(name: TreatmentName) => HTMLButtonElement} */
  switchOf(name) {
    const [text, title] = SWITCHES[name];
    return switchButton(text, false, (on) => this.change(name, on), { title });
  }

  /**
   * Open a file and treat it anew: what was switched for the last one is forgotten.
   * @type {(file: File | null | undefined) => Promise<void>}
   */
  async take(file) {
    if (!file) return;
    const { shape } = this.owner.net;
    const turn = {};
    [this.opened, this.turn, this.parts.use.disabled] = [null, turn, true];
    try {
      const { picture, wide } = await readPicture(file, shape[0]);
      const goesOn = async () => {
        await nextTask();
        // another file was chosen or the panel closed meanwhile
        return this.turn === turn;
      };
      if (!(await goesOn())) return;
      const { usual, logPx } = this.likeness;
      const found = await proposeTreatment(
        picture, shape, this.framing, wide, usual, logPx, goesOn,
      );
      if (!found || !(await goesOn())) return;
      [this.proposed, this.treatment] = [found, found];
      this.opened = { picture, wide, name: file.name };
      this.show(this.opened, found);
    } catch (error) {
      if (this.turn !== turn) return;
      const { words, unlike, seen, made } = this.parts;
      [words.textContent, unlike.textContent] = [messageOf(error), ""];
      contextOf(seen).clearRect(0, 0, seen.width, seen.height);
      made.replaceChildren();
    }
  }

  /** @type {(name: TreatmentName, on: boolean) => void} */
  change(name, on) {
    if (!this.opened) return;
    this.treatment = { ...this.treatment, [name]: on };
    this.show(this.opened, this.treatment);
  }

  /** @type {(picture: Named, treatment: Treatment) => void} */
  show(opened, treatment) {
    const { net } = this.owner;
    const { seen, made, use, words, unlike } = this.parts;
    for (const name of TREATMENTS) setPressed(this.switches[name], treatment[name]);
    const pixels = fittedPicture(opened.picture, net.shape, this.framing, treatment);
    drawPixels(contextOf(seen), pixels, net.shape);
    this.posterior = recognise(net, this.encoder, pixels);
    const { loc, label, probability = null } = this.posterior;
    made.replaceChildren(net.remote ? "" : thumbnail(net, loc, label ?? net.label));
    use.disabled = false;
    this.value = this.likeness.logPx?.(pixels) ?? null;
    const name = label === null ? "" : className(net.header, label);
    const how = probability === null ? "" : `, q(y|x) = ${shownNumber(probability)}`;
    const taken = name && ` Taken as ${name}, the likeliest class${how}.`;
    words.textContent = `${treatmentWords(opened, treatment, this.framing)}${taken}`;
    unlike.textContent = [this.likeness.words(this.value), this.remedy(opened, treatment)].filter(Boolean).join(" ");
  }

  /**
   * Name the treatment that would help a picture which is unlike the training images.
   * @type {(picture: Named, treatment: Treatment) => string}
   */
  remedy(opened, treatment) {
    const { proposed, likeness, value } = this;
    const { net } = this.owner;
    const switched = TREATMENTS.filter((name) => treatment[name] !== proposed[name]);
    if (this.owner.data.remote) return UNKNOWN_LARGE;
    if (!likeness.usual || !likeness.logPx) return UNKNOWN_LIKENESS;
    if (!switched.length || value === null || !likeness.isUnlike(value)) return "";
    const better = likeness.logPx(fittedPicture(opened.picture, net.shape, this.framing, proposed));
    if (better === null || (likeness.isUnlike(better) && better <= value)) return "";
    const changes = switched.map((name) => `switch “${SWITCHES[name][0]}” ${proposed[name] ? "on" : "off"}`);
    return `To make it more like them, ${changes.join(" and ")}.`;
  }

  become() {
    if (!this.opened || !this.posterior) return;
    const { posterior } = this;
    const { loc, label } = posterior;
    const unlike = this.likeness.isUnlike(this.value) ? ", unlike the training images" : "";
    const words = `picture ${this.opened.name}${unlike}`;
    this.owner.setEnd(this.cell.side, endAt(loc, "picture", { words, told: label, posterior }));
  }
}

/** @param {{shape: Shape}} net @param {string} letter */
function uploadParts({ shape: [, height, width] }, letter) {
  const input = element("input", { type: "file", accept: "image/*", "aria-label": "picture file" });
  const seen = element("canvas", {
    class: "pad-thumb ip-preview",
    role: "img",
    "aria-label": "what the encoder sees",
  });
  const made = element("span", { class: "ip-made" });
  const words = element("p", { class: "ip-words" });
  const unlike = element("p", { class: "ip-words ip-unlike" });
  const said = element("div", { class: "ip-said", role: "status" }, words, unlike);
  const use = button(`use as ${letter}`, { disabled: true });
  /** @type {(shown: HTMLElement, text: string) => HTMLElement} */
  const figure = (shown, text) =>
    element("figure", {}, shown, element("figcaption", { textContent: text }));
  const previews = element("div", { class: "ip-previews" });
  previews.append(
    figure(seen, `what the encoder sees, ${width}×${height}`),
    figure(made, "what the decoder makes of its μ"),
    said,
  );
  return { input, seen, made, words, unlike, use, previews };
}

/**
 * Say how a picture was read.
 * @type {(picture: Named, treatment: Treatment, framing: Framing | null) => string}
 */
function treatmentWords({ picture, wide, name }, { invert, stretch, centre }, framing) {
  const upright = tonedPicture(picture, { invert, stretch: false }, null);
  const ends = stretchLevels(upright, framing).map((value) => (invert ? 1 - value : value));
  const full = wide ? 65_535 : 255;
  const [dark, light] = ends.map((value) => Math.abs(Math.round(value * full)).toLocaleString("en"));
  const done = [
    invert && "inverted",
    stretch && `stretched (${dark} of ${full.toLocaleString("en")} became black, ${light} white)`,
    centre && "scaled and centred like the data",
  ].filter(Boolean);
  const kind = wide ? "a picture of 16 bits; " : "";
  return `${name}: ${kind}${done.length ? done.join("; ") : "read as it is"}.`;
}
