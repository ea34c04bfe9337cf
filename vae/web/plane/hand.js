// The hand on the plane: hover looks, press holds, drag moves, wheel and pinch zoom, two fingers pan.

/** @import { LatentPlane } from "./plane.js" */

/**
 * What the hand does, in coordinates of the plane.
 * @typedef {object} HandActions
 * @property {(a: number, b: number) => void} look
 * @property {(a: number, b: number) => void} hold
 * @property {() => void} begin
 * @property {() => void} cancel
 * @property {() => void} leave
 * @property {() => void} release
 * @property {(index: number, x: number, y: number) => void} near
 * @property {() => void} moved
 * @property {() => void} viewed
 */

/** Where each finger is, CSS pixels. @typedef {Map<number, [number, number]>} Fingers */
/** @typedef {{mode: "hold" | "pan" | null, timer: number}} HandState */

const ZOOM_PER_NOTCH = 1.2;
const REACH = 14; // CSS pixels within which the hand is on a point
const VIEW_REST_MS = 160;

/**
 * Listen to the hand on a plane's canvas. `act.look(a, b)` and `act.hold(a, b)` follow it,
 * `act.leave()` and `act.release()` end that; a press begins with `act.begin()` and is undone by
 * `act.cancel()`; `act.near(index, x, y)` names the point under the hand, −1 for none;
 * `act.moved()` draws a moved view and `act.viewed()` hears when it came to rest.
 * @type {(canvas: HTMLCanvasElement, plane: LatentPlane, act: HandActions) => {stop(): void}}
 */
export function listenToHand(canvas, plane, act) {
  /** @type {Fingers} */
  const fingers = new Map();
  /** @type {HandState} */
  const state = { mode: null, timer: 0 };
  const rest = () => {
    clearTimeout(state.timer);
    state.timer = setTimeout(act.viewed, VIEW_REST_MS);
  };
  canvas.onpointerdown = (event) => press(canvas, plane, act, fingers, state, event);
  canvas.onpointermove = (event) => follow(plane, act, fingers, state, event);
  canvas.onpointerup = canvas.onpointercancel = (event) => {
    if (!fingers.delete(event.pointerId)) return;
    if (state.mode === "hold") act.release();
    else if (state.mode) rest();
    // a finger left over from a pinch is no press
    state.mode = fingers.size ? "pan" : null;
  };
  canvas.onpointerleave = () => {
    if (state.mode) return;
    act.near(-1, 0, 0);
    act.leave();
  };
  canvas.oncontextmenu = (event) => event.preventDefault();
  canvas.onwheel = (event) => {
    event.preventDefault();
    // a notch of a mouse is about 100, a touch pad sends many small steps
    const notches = Math.max(-3, Math.min(3, -event.deltaY / (event.deltaMode === 0 ? 100 : 3)));
    plane.zoom(ZOOM_PER_NOTCH ** notches, event.offsetX, event.offsetY);
    act.moved();
    rest();
  };
  return { stop: () => clearTimeout(state.timer) };
}

/** @type {(canvas: HTMLCanvasElement, plane: LatentPlane, act: HandActions, fingers: Fingers, state: HandState, event: PointerEvent) => void} */
function press(canvas, plane, act, fingers, state, event) {
  canvas.setPointerCapture(event.pointerId);
  fingers.set(event.pointerId, [event.offsetX, event.offsetY]);
  // a second finger makes it a pinch: the first was no press
  if (state.mode === "hold") act.cancel();
  const plain = event.button === 0 && !event.shiftKey;
  state.mode = fingers.size === 1 && plain ? "hold" : "pan";
  if (event.button === 1) event.preventDefault();
  act.near(-1, 0, 0);
  if (state.mode !== "hold") return;
  act.begin();
  act.hold(...plane.toPlane(event.offsetX, event.offsetY));
}

/** @type {(plane: LatentPlane, act: HandActions, fingers: Fingers, state: HandState, event: PointerEvent) => void} */
function follow(plane, act, fingers, state, event) {
  const [x, y] = [event.offsetX, event.offsetY];
  if (state.mode === "hold") act.hold(...plane.toPlane(x, y));
  else if (state.mode === "pan") carry(plane, act, fingers, event);
  else if (event.pointerType !== "touch") {
    act.near(plane.nearest(x, y, REACH), x, y);
    act.look(...plane.toPlane(x, y));
  }
}

/**
 * Move the view with one finger's step; with two fingers it also zooms as they part.
 * @type {(plane: LatentPlane, act: HandActions, fingers: Fingers, event: PointerEvent) => void}
 */
function carry(plane, act, fingers, event) {
  const before = fingers.get(event.pointerId);
  if (!before) return;
  /** @type {[number, number]} */
  const now = [event.offsetX, event.offsetY];
  fingers.set(event.pointerId, now);
  const others = [...fingers].filter(([id]) => id !== event.pointerId);
  plane.pan((now[0] - before[0]) / fingers.size, (now[1] - before[1]) / fingers.size);
  if (others.length === 1) {
    const [, [x, y]] = others[0];
    /** @type {(point: number[]) => number} */
    const apart = (point) => Math.max(8, Math.hypot(point[0] - x, point[1] - y));
    plane.zoom(apart(now) / apart(before), (now[0] + x) / 2, (now[1] + y) / 2);
  }
  act.moved();
}
