// One slider a latent dimension, the most informative first.

import { element, shownNumber } from "../parts/dom.js";
import { dimensionOrder, isDead, roundOut, sliderRange } from "../core/latent.js";

const KEY_STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };
const boxObservers = new WeakMap(); // of each box of sliders, the one that watches its size
const TOLD_NATS = 0.1; // what means of a given spread tell of an image, below which it is nothing
const SLIDER_STEP = 0.05; // standard deviations of the prior a key press or notch of the wheel

/**
 * Fill `refs.sliders` with a model's sliders; `refs.more` says how many lie below the box's edge.
 * `act.move(i, value)` follows the hand, `act.rest()` hears that it let go, `act.settle()` that a
 * key or the wheel moved. Returns {show(z), extend(extent), arrange(order), inform(header)}.
 */
export function createSliders({ sliders: box, more }, header, prefix, act) {
  const rows = [];
  const arrange = (order) => box.replaceChildren(...order.map((i) => rows[i].root));
  for (let i = 0; i < header.z_dim; i++) rows[i] = sliderRow(header, i, prefix, act);
  arrange(dimensionOrder(header));
  box.scrollTop = 0;
  const show = (z) => rows.forEach((row, i) => row.show(z[i]));
  const extend = (extent) => rows.forEach((row, i) => row.range(sliderRange(header, i, extent)));
  extend(null);
  countBelow(box, more);
  const inform = (told) => rows.forEach((row) => row.inform(told));
  return { show, extend, arrange, inform };
}

/** Keep `more` at the number of sliders that lie below the edge of a box which scrolls. */
function countBelow(box, more) {
  const count = () => {
    const edge = box.getBoundingClientRect().bottom;
    const isBelow = (row) => row.getBoundingClientRect().top + row.offsetHeight / 2 > edge;
    const below = [...box.children].filter(isBelow).length;
    const scrolls = box.scrollHeight > box.clientHeight + 4;
    more.hidden = !scrolls;
    more.textContent = below ? `${below} more below ↓` : "back to the first ↑";
    more.onclick = () => {
      if (below) box.scrollBy({ top: box.clientHeight - 24 });
      else box.scrollTo({ top: 0 });
    };
    box.classList.toggle("pad-goes-on", scrolls && below > 0);
  };
  box.onscroll = count;
  boxObservers.get(box)?.disconnect();
  const observer = new ResizeObserver(count);
  observer.observe(box);
  boxObservers.set(box, observer);
  count();
}

function sliderRow(header, i, prefix, act) {
  const dead = isDead(header, i);
  const input = element("input", {
    type: "range",
    step: "any",
    "aria-label": `${prefix}z${i + 1}`,
    "data-dimension": i,
  });
  const number = element("output", { class: "pad-number" });
  const name = element("span", { class: "pad-name", "aria-hidden": "true", textContent: `z${i + 1}` });
  const note = element("span", { class: "pad-note", textContent: informationText(header, i) });
  const root = element("div", { class: dead ? "pad-slider pad-dead" : "pad-slider" });
  root.append(name, input, number, note);
  const row = { root, input, number, value: NaN };
  listen(row, i, act);
  row.range = ([low, high]) => {
    [row.low, row.high] = [low, high];
    widen(row, row.value);
    if (Number.isFinite(row.value)) input.value = row.value;
  };
  row.inform = (told) => {
    note.textContent = informationText(told, i);
    root.classList.toggle("pad-dead", isDead(told, i));
  };
  row.show = (value) => {
    if (value !== row.value) showValue(row, value);
  };
  return row;
}

/** What the dimension carries, in nats; nothing is said where that is not known. */
export function informationText(header, i) {
  const kl = header.latent.kl_per_dim;
  const nats = kl ? `KL ${shownNumber(kl[i])} nats` : "";
  if (!isDead(header, i)) return nats;
  if (kl && shownNumber(kl[i]) === shownNumber(0)) return `carries no information (${nats})`;
  const what = isConstant(header, i)
    ? "its mean does not vary: carries no information"
    : "its mean hardly varies: hardly used";
  return nats ? `${nats}, but ${what}` : what;
}

/** Whether dimension i's means lie closer together than its σ can tell apart. */
function isConstant(header, i) {
  const { loc_std: spread, scale_mean: scale } = header.latent;
  return spread[i] === 0 || (scale[i] > 0 && 0.5 * Math.log1p((spread[i] / scale[i]) ** 2) < TOLD_NATS);
}

function showValue(row, value) {
  row.value = value;
  if (value < Number(row.input.min) || value > Number(row.input.max)) widen(row, value);
  // the control that the hand is on already stands there
  if (Number(row.input.value) !== value) row.input.value = value;
  row.number.textContent = shownNumber(value);
}

function widen(row, value) {
  const inside = Number.isFinite(value) ? value : 0;
  const [low, high] = [Math.min(row.low, roundOut(inside)), Math.max(row.high, roundOut(inside))];
  [row.input.min, row.input.max] = [low, high];
  // the thumb's middle runs from half its width inside one end to half inside the other
  const share = -low / (high - low);
  row.input.style.setProperty("--pad-zero", `calc(8px + ${share} * (100% - 16px))`);
}

function listen(row, i, act) {
  const { input } = row;
  const step = (count) => {
    const value = row.value + count * SLIDER_STEP;
    act.move(i, Math.min(Number(input.max), Math.max(Number(input.min), value)));
    act.settle();
  };
  let moved = false;
  const rest = () => {
    if (moved) act.rest();
    moved = false;
  };
  input.oninput = () => {
    moved = true;
    act.move(i, Number(input.value));
  };
  // a drag that ends where it began changes nothing in the browser's eyes, but the hand let go
  input.onpointerup = input.onchange = rest;
  input.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in KEY_STEPS)) return;
    event.preventDefault();
    event.stopPropagation();
    step(KEY_STEPS[event.key] * (event.shiftKey ? 10 : 1));
  };
  input.onwheel = (event) => {
    event.preventDefault();
    step(-Math.sign(event.deltaY || event.deltaX) * (event.shiftKey ? 10 : 1));
  };
}
