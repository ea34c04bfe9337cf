// log p(x) by importance sampling: long work that begins with a press.

import { button, element, shownNumber } from "../parts/dom.js";

/** @import { Diagnose } from "./diagnose.js" */
/** @import { Count, Offer } from "./props.js" */

const SAID = "log p(x) = log E_q[p(x|z) p(z) / q(z|x)], by importance sampling from each image's q: a bound " +
  "that more samples tighten. It is computed beside the pages and kept.";

export class LikelihoodExhibit {
  /** @type {Diagnose | null} */
  #page = null;
  #asked = 0;
  #offered = "";

  constructor() {
    this.said = element("p", { class: "dg-said" });
    this.offers = element("div", { class: "dg-tools" });
    this.stopping = button("stop");
    this.bar = element("progress", { class: "dg-progress", max: 1, "aria-label": "share of the samples drawn" });
    this.left = element("span", { class: "dg-caption" });
    this.table = element("dl", { class: "dg-numbers" });
    this.error = element("p", { class: "dg-said", role: "alert" });
    this.stopping.onclick = () => this.#ask("stop");
    this.running = element("div", { class: "dg-tools" }, this.bar, this.stopping, this.left);
    this.root = element("div", { class: "dg-exhibit" }, this.said, this.running, this.error, this.table, this.offers);
  }

  stop() {}

  /** @type {(what: string, size?: string) => void} */
  #ask(what, size) {
    this.#asked += 1;
    this.#page?.tell("asked", { model: this.#page.data.model, do: what, size, count: this.#asked });
  }

  /** @type {(page: Diagnose) => void} */
  show(page) {
    this.#page = page;
    const found = page.data.evidence.likelihood;
    this.said.textContent = found.why ?? SAID;
    this.running.hidden = found.state !== "running";
    this.bar.value = found.progress ?? 0;
    const left = found.left ? `, about ${found.left} left` : "";
    this.left.textContent = `${found.counting ?? ""}${left}; what was found stays when it is stopped`;
    this.error.textContent = found.error ?? "";
    this.error.hidden = !found.error;
    this.table.replaceChildren(...rows(found));
    this.#offer(found.state === "running" ? [] : found.offers ?? []);
  }

  /** Buttons stay the same ones while they offer the same, so that a press is never lost. @type {(offers: Offer[]) => void} */
  #offer(offers) {
    const offered = JSON.stringify(offers);
    if (offered === this.#offered) return;
    this.#offered = offered;
    this.offers.replaceChildren(...offers.map(({ size, words }) =>
      button(`measure ${words}`, { onclick: () => this.#ask("measure", size) })));
  }
}

/** @type {(found: Count) => HTMLElement[]} */
function rows({ log_px: logPx = null, stderr = null, elbo = null, images = 0, samples = 0, pixels = "" }) {
  if (logPx === null) return [];
  const about = stderr === null ? "" : ` ± ${shownNumber(stderr, 1)}`;
  const bound = elbo === null ? [] : [
    ["−ELBO", `${shownNumber(-elbo, 1)} nats`],
    ["the bound is loose by", `${shownNumber(logPx - elbo, 1)} nats`],
  ];
  const drawn = pixels && `; grey pixels ${pixels}`;
  return [
    ["−log p(x)", `${shownNumber(-logPx, 1)}${about} nats`],
    ...bound,
    ["measured on", `${images.toLocaleString("en")} images, ${samples.toLocaleString("en")} samples each${drawn}`],
  ].flatMap(([name, value]) => [element("dt", { textContent: name }), element("dd", { textContent: value })]);
}
