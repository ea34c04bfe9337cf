// Before the VAE: a deep belief net draws by a Gibbs chain at its top, step after step; a VAE draws a z
// and decodes it, once.

import { decode, drawPixels } from "../../core/decoder.js";
import { noiseOf, priorSource } from "../../core/source.js";
import { seededUniform } from "../../core/seeded.js";
import { button, contextOf, element } from "../../parts/dom.js";
import { fetchPayload } from "../../parts/load.js";
import { fillIn } from "../fill_in.js";
import { chainOf } from "./chain.js";

/** @import { Opened } from "../exhibit.js" */
/** @import { Chain, State } from "./chain.js" */
/** @import { Side } from "./uses.js" */

const KEPT = 12;
const SEED = 4;
const MOST = 2000; // steps of one chain that are played

/** @implements {Side} */
export class BeforeSide {
  /** @type {Chain} */
  #chain;
  /** @type {State} */
  #state;
  #steps = 0;
  #draws = 0;
  #frame = 0;
  /** @type {Float32Array[][]} */
  #seen = [[], []];

  /** @param {Record<string, string>} words @param {Opened} belief @param {Opened} vae @param {ArrayBuffer[]} payloads of both networks of the belief net */
  constructor(words, belief, vae, [decoder, encoder]) {
    this.words = words;
    this.belief = belief.net;
    this.vae = vae.net;
    this.#chain = chainOf(decoder, encoder, seededUniform(SEED));
    this.#state = this.#chain.start();
    this.source = priorSource(vae.net.header);
    this.panels = [panel(words.dbn, words.dbn_how), panel(words.vae, words.vae_how)];
    this.play = button(words.play);
    this.play.onclick = () => (this.#frame ? this.leave() : this.#play());
    const [step, again, draw] = [button(words.step), button(words.restart), button(words.draw)];
    step.onclick = () => {
      this.leave();
      this.#step();
    };
    again.onclick = () => {
      this.#state = this.#chain.start();
      this.#steps = 0;
      this.#seen[0] = [];
      this.#showChain();
    };
    draw.onclick = () => this.#draw();
    this.panels[0].tools.append(this.play, step, again);
    this.panels[1].tools.append(draw);
    this.root = element("div", { class: "ln-before" }, ...this.panels.map(({ root }) => root));
  }

  show() {
    if (this.#draws) return;
    this.#draw();
    this.#showChain();
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) this.#play();
  }

  #play() {
    this.play.textContent = this.words.pause;
    const next = () => {
      this.#step();
      this.#frame = this.#steps < MOST ? requestAnimationFrame(next) : 0;
      if (!this.#frame) this.leave();
    };
    this.#frame = requestAnimationFrame(next);
  }

  #step() {
    this.#state = this.#chain.step(this.#state);
    this.#steps += 1;
    this.#showChain();
  }

  #showChain() {
    const pixels = decode(this.belief, this.#state.z).slice();
    // as many lie between those that are kept as there have been steps
    const every = Math.max(1, Math.ceil(this.#steps / 25));
    this.#keep(0, pixels, this.#steps % every === 0);
    this.panels[0].count.textContent = fillIn(this.words.steps, { count: this.#steps.toLocaleString("en") });
    this.root.dataset.steps = String(this.#steps);
  }

  #draw() {
    const noise = noiseOf(SEED, ++this.#draws, this.vae.zDim)[this.#draws - 1];
    this.#keep(1, decode(this.vae, this.source.place(noise, 1)).slice(), true);
    this.panels[1].count.textContent = fillIn(this.words.draws_count, { count: this.#draws.toLocaleString("en") });
    this.root.dataset.draws = String(this.#draws);
  }

  /** @type {(side: number, pixels: Float32Array, kept: boolean) => void} */
  #keep(side, pixels, kept) {
    const { picture, strip } = this.panels[side];
    const { shape } = side ? this.vae : this.belief;
    drawPixels(contextOf(picture), pixels, shape);
    if (!kept) return;
    this.#seen[side] = [...this.#seen[side], pixels].slice(-KEPT);
    for (const [k, canvas] of strip.entries()) {
      const one = this.#seen[side][k];
      canvas.style.visibility = one ? "" : "hidden";
      if (one) drawPixels(contextOf(canvas), one, shape);
    }
  }

  leave() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.play.textContent = this.words.play;
  }

  stop() {
    this.leave();
  }
}

/** Open what the side looks at. @type {(words: Record<string, string>, open: (role: string) => Promise<Opened>) => Promise<BeforeSide>} */
export async function openBefore(words, open) {
  const [belief, vae] = await Promise.all([open("belief"), open("draws")]);
  const payloads = await Promise.all([belief.props.decoder, belief.props.encoder].map((address) => fetchPayload(address)));
  return new BeforeSide(words, belief, vae, payloads);
}

/** @type {(name: string, how: string) => {root: HTMLElement, picture: HTMLCanvasElement, strip: HTMLCanvasElement[], tools: HTMLElement, count: HTMLElement}} */
function panel(name, how) {
  const picture = element("canvas", { class: "dg-picture ln-big", role: "img", "aria-label": name });
  const strip = Array.from({ length: KEPT }, () => element("canvas", { class: "dg-picture" }));
  const tools = element("div", { class: "dg-tools" });
  const count = element("output", { class: "ln-equal" });
  const root = element("section", { class: "ln-panel", "aria-label": name },
    element("p", { class: "ln-name", textContent: name }), element("p", { class: "ln-small", textContent: how }), picture, tools, count,
    element("div", { class: "ln-strip ln-six", "aria-hidden": "true" }, ...strip));
  return { root, picture, strip, tools, count };
}
