// log p(x) by importance sampling: long work that begins with a press.

import { button, element, shownNumber } from "../parts/dom.js";

/** @import { Diagnose } from "./diagnose.js" */
/** @import { Count } from "./props.js" */

export class LikelihoodExhibit {
  /** @type {Diagnose | null} */
  #page = null;
  #asked = 0;

  constructor() {
    this.said = element("p", { class: "dg-said" });
    this.go = button("measure log p(x)");
    this.stopping = button("stop");
    this.bar = element("progress", { class: "dg-progress", max: 1, "aria-label": "images measured" });
    this.table = element("dl", { class: "dg-numbers" });
    this.go.onclick = () => this.#ask("measure");
    this.stopping.onclick = () => this.#ask("stop");
    const tools = element("div", { class: "dg-tools" }, this.go, this.bar, this.stopping);
    this.root = element("div", { class: "dg-exhibit" }, this.said, tools, this.table);
  }

  stop() {}

  /** @type {(what: string) => void} */
  #ask(what) {
    this.#asked += 1;
    this.#page?.tell("asked", { model: this.#page.data.model, do: what, count: this.#asked });
  }

  /** @type {(page: Diagnose) => void} */
  show(page) {
    this.#page = page;
    const found = page.data.evidence.likelihood;
    const running = found.state === "running";
    this.go.hidden = running || found.state === "refused" || found.state === "done";
    this.go.textContent = found.state === "stopped" ? "go on" : "measure log p(x)";
    this.stopping.hidden = !running;
    this.bar.hidden = !running && found.state !== "stopped";
    this.bar.value = found.progress ?? 0;
    this.said.textContent = found.why ?? found.error ??
      "log p(x) = log E_q[p(x|z) p(z) / q(z|x)], by importance sampling from each image's q: a bound that " +
      `more samples tighten. ${found.samples} samples per image; grey pixels are cut to black or white first.`;
    this.table.replaceChildren(...rows(found));
  }
}

/** @type {(found: Count) => HTMLElement[]} */
function rows({ log_px: logPx = null, stderr = null, elbo = null, images = 0 }) {
  if (logPx === null || elbo === null) return [];
  const about = stderr === null ? "" : ` ± ${shownNumber(stderr, 1)}`;
  return [
    ["−log p(x)", `${shownNumber(-logPx, 1)}${about} nats`],
    ["−ELBO", `${shownNumber(-elbo, 1)} nats`],
    ["the bound is loose by", `${shownNumber(logPx - elbo, 1)} nats`],
    ["measured on", `${images} images`],
  ].flatMap(([name, value]) => [element("dt", { textContent: name }), element("dd", { textContent: value })]);
}
