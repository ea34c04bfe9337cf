// Three bars whose lengths add up: log p(x) = ELBO + KL(q ‖ p(z|x)).
//
// They begin at one place far below, which the axis names: the bar of the ELBO and, from its end on,
// that of the KL are together as long as the bar of log p(x).

import { element, shownNumber } from "../parts/dom.js";

/** @import { Terms } from "./balance.js" */

/** @typedef {ReturnType<typeof barParts>} BarParts */

const SPANS = [2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000, 250_000];
const ROOM = 0.8; // of the axis, that a KL may fill
const LONGEST = 97; // % of the track, of log p(x)
const DIGITS = 2;

/** The elements. */
export function barParts() {
  const rows = {
    log: row("log p(x)", "dg-bar-log"),
    elbo: row("ELBO", "dg-bar-elbo"),
    kl: row("KL(q ‖ p(z|x))", "dg-bar-kl"),
  };
  const axis = element("p", { class: "dg-axis" });
  const sum = element("p", { class: "dg-sum", "aria-live": "polite" });
  const box = element("div", { class: "dg-bars" });
  box.append(rows.elbo.root, rows.kl.root, rows.log.root, axis, sum);
  return { rows, axis, sum, box };
}

/** @type {(name: string, kind: string) => Record<"root" | "term" | "bar" | "value", HTMLElement>} */
function row(name, kind) {
  const bar = element("div", { class: `dg-bar ${kind}` });
  const value = element("output", { class: "dg-value" });
  const track = element("div", { class: "dg-track", "aria-hidden": "true" }, bar);
  const term = element("span", { class: "dg-term", textContent: name });
  return { root: element("div", { class: "dg-row" }, term, track, value), term, bar, value };
}

/**
 * How many nats the axis spans: round, and the same until a KL needs another.
 * @type {(kl: number, before: number) => number}
 */
export function spanFor(kl, before) {
  const fits = kl <= ROOM * before && (kl > 0.08 * before || before === SPANS[0]);
  return fits ? before : SPANS.find((span) => kl <= 0.6 * span) ?? kl * 2;
}

/** @type {(value: number | null) => string} */
function nats(value) {
  return value === null ? "…" : shownNumber(value, DIGITS);
}

/**
 * Show the terms; returns how many nats the axis spans now.
 * @type {(parts: BarParts, terms: Terms, span: number) => number}
 */
export function showBars({ rows, axis, sum }, { log, elbo, kl, rests }, span) {
  rows.log.value.textContent = nats(log);
  rows.elbo.value.textContent = nats(elbo);
  rows.kl.value.textContent = nats(kl);
  const end = log ?? elbo ?? 0;
  const gap = log === null || elbo === null ? 0 : log - elbo;
  const wide = spanFor(Math.max(0, gap), span);
  const low = end - wide;
  /** @type {(value: number) => number} */
  const share = (value) => Math.min(100, Math.max(0, (LONGEST * (value - low)) / wide));
  place(rows.log.bar, 0, log === null ? 0 : share(log));
  place(rows.elbo.bar, 0, elbo === null ? 0 : share(elbo));
  place(rows.kl.bar, share(elbo ?? low), kl === null || elbo === null ? 0 : share(elbo + kl) - share(elbo));
  axis.textContent = `bars begin at ${shownNumber(low, 1)} nats`;
  const name = rows.log.term.textContent;
  const known = log !== null && elbo !== null && kl !== null;
  const said = known ? `ELBO + KL = ${shownNumber(elbo + kl, DIGITS)} nats` : "";
  const off = known ? Math.abs(elbo + kl - log) : 0;
  sum.textContent = !known ? `computing ${name} …`
    : rests ? `${said}: ${off.toFixed(3)} from ${name}, each by its own quadrature` : `${said}, refining …`;
  return wide;
}

/** @type {(bar: HTMLElement, from: number, width: number) => void} */
function place(bar, from, width) {
  bar.style.left = `${from}%`;
  bar.style.width = `${Math.max(0, width)}%`;
}
