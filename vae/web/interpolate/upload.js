// A picture file as an end of the path: read as the data set's images are, with switches to undo it.

import { drawPixels } from "../core/decoder.js";
import { button, element, setPressed, switchButton } from "../parts/dom.js";
import { endAt } from "./ends.js";
import { likenessOf, recognise } from "../core/likeness.js";
import { thumbnail } from "../pictures/shown.js";
import { nextTask } from "../parts/next_task.js";
import { readPicture } from "../pictures/file.js";
import { fittedPicture, proposeTreatment, stretchLevels, tonedPicture } from "../pictures/fit.js";

const SWITCHES = {
  centre: ["centre like the data", "scale and centre the picture as the training images were"],
  invert: ["invert", "dark ink on paper becomes light on black"],
  stretch: ["stretch", "the darkest level becomes black and the lightest white"],
};

const UNKNOWN_LARGE = "This decoder is too large for the browser, so the page cannot tell whether " +
  "the picture is like the training images.";

const UNKNOWN_LIKENESS = "Whether this is like the training images cannot be told: the model's file " +
  "does not say how they are, and they are not on this machine.";

/**
 * Fill a panel's `body` for an end's `cell`; `file` is a picture that was dropped, or null.
 * Returns what stops the work on a picture.
 */
export function fillUpload({ owner, encoder }, cell, body, file) {
  const upload = new Upload(owner, encoder, cell, body);
  upload.take(file);
  return () => (upload.turn = null);
}

class Upload {
  turn; input; use; previews; owner; proposed; words; unlike; seen; made; encoder; cell;

  constructor(owner, encoder, cell, body) {
    Object.assign(this, { owner, encoder, cell, ...uploadParts(owner.net, cell.letter) });
    this.likeness = likenessOf(owner.net, encoder, owner.data.likeness);
    this.framing = owner.data.framing;
    this.opened = null;
    this.input.onchange = () => this.take(this.input.files[0]);
    this.use.onclick = () => this.become();
    this.switches = Object.fromEntries(Object.entries(SWITCHES).map(([name, [text, title]]) =>
      [name, switchButton(text, false, (on) => this.change(name, on), { title })]));
    this.switches.centre.hidden = !this.framing;
    const tools = element("div", { class: "ip-tools" }, this.input, ...Object.values(this.switches), this.use);
    body.append(tools, this.previews);
  }

  /** Open a file and treat it anew: what was switched for the last one is forgotten. */
  async take(file) {
    if (!file) return;
    const { shape } = this.owner.net;
    const turn = {};
    [this.opened, this.turn, this.use.disabled] = [null, turn, true];
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
      if (!(await goesOn())) return;
      [this.proposed, this.treatment] = [found, found];
      this.opened = { picture, wide, name: file.name };
      this.show();
    } catch (error) {
      if (this.turn !== turn) return;
      [this.words.textContent, this.unlike.textContent] = [error.message, ""];
      this.seen.getContext("2d").clearRect(0, 0, this.seen.width, this.seen.height);
      this.made.replaceChildren();
    }
  }

  change(name, on) {
    if (!this.opened) return;
    this.treatment = { ...this.treatment, [name]: on };
    this.show();
  }

  show() {
    const { owner, opened, treatment } = this;
    const { net } = owner;
    for (const [name, made] of Object.entries(this.switches)) setPressed(made, treatment[name]);
    const pixels = fittedPicture(opened.picture, net.shape, this.framing, treatment);
    drawPixels(this.seen.getContext("2d"), pixels, net.shape);
    this.posterior = recognise(net, this.encoder, pixels);
    const { loc, label } = this.posterior;
    this.made.replaceChildren(net.remote ? "" : thumbnail(net, loc, label ?? net.label));
    this.use.disabled = false;
    this.value = this.likeness.logPx?.(pixels) ?? null;
    this.words.textContent = this.treatmentWords();
    this.unlike.textContent = [this.likeness.words(this.value), this.remedy()].filter(Boolean).join(" ");
  }

  treatmentWords() {
    const { picture, wide, name } = this.opened;
    const { invert, stretch, centre } = this.treatment;
    const upright = tonedPicture(picture, { invert, stretch: false }, null);
    const ends = stretchLevels(upright, this.framing).map((value) => (invert ? 1 - value : value));
    const full = wide ? 65_535 : 255;
    const [dark, light] = ends.map((value) => Math.abs(Math.round(value * full)).toLocaleString("en"));
    const done = [
      invert && "inverted",
      stretch && `stretched (${dark} of ${full.toLocaleString("en")} became black, ${light} white)`,
      centre && "scaled and centred like the data",
    ].filter(Boolean);
    const kind = wide ? "a picture of 16 bits; " : "";
    const { label } = this.posterior;
    const taken = label === null ? "" : ` Taken as ${this.owner.source.nameOf(label)}, the likeliest class.`;
    return `${name}: ${kind}${done.length ? done.join("; ") : "read as it is"}.${taken}`;
  }

  /** Name the treatment that would help a picture which is unlike the training images. */
  remedy() {
    const { opened, treatment, proposed, likeness } = this;
    const { net } = this.owner;
    const same = Object.keys(treatment).every((name) => treatment[name] === proposed[name]);
    if (this.owner.data.remote) return UNKNOWN_LARGE;
    if (!likeness.usual || !likeness.logPx) return UNKNOWN_LIKENESS;
    if (same || !likeness.isUnlike(this.value)) return "";
    const better = likeness.logPx(fittedPicture(opened.picture, net.shape, this.framing, proposed));
    const switched = Object.keys(treatment).filter((name) => treatment[name] !== proposed[name]);
    if (likeness.isUnlike(better) && better <= this.value) return "";
    const changes = switched.map((name) => `switch “${SWITCHES[name][0]}” ${proposed[name] ? "on" : "off"}`);
    return `To make it more like them, ${changes.join(" and ")}.`;
  }

  become() {
    const unlike = this.likeness.isUnlike(this.value) ? ", unlike the training images" : "";
    const words = `picture ${this.opened.name}${unlike}`;
    this.owner.setEnd(this.cell.side, endAt(this.posterior.loc, "picture", { words, told: this.posterior.label }));
  }
}

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
