// The hand on an endless map: drag and two fingers move it, wheel and pinch zoom, a press opens.

/** @typedef {Map<number, [number, number]>} Fingers */

/**
 * @typedef {object} FlightActions
 * @property {(dx: number, dy: number) => void} pan by CSS pixels
 * @property {(factor: number, x: number, y: number) => void} zoom about a place, CSS pixels
 * @property {(x: number, y: number) => void} press
 * @property {(x: number, y: number) => void} hover
 * @property {() => void} fit
 * @property {() => void} rest
 */

const ZOOM_PER_NOTCH = 1.2;
const KEY_PAN = 60; // CSS pixels
const STILL = 5; // CSS pixels that a press may wander
const REST_MS = 200;
/** @type {Record<string, number[]>} */
const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** @type {(canvas: HTMLCanvasElement, act: FlightActions) => () => void} */
export function listenToFlight(canvas, act) {
  /** @type {Fingers} */
  const fingers = new Map();
  let [wandered, timer] = [0, 0];
  const rest = () => {
    clearTimeout(timer);
    timer = setTimeout(act.rest, REST_MS);
  };
  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, [event.offsetX, event.offsetY]);
    wandered = fingers.size > 1 ? Infinity : 0;
  };
  canvas.onpointermove = (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) {
      act.hover(event.offsetX, event.offsetY);
      return;
    }
    wandered += Math.hypot(event.offsetX - before[0], event.offsetY - before[1]);
    if (wandered > STILL) follow(fingers, event, before, act);
  };
  canvas.onpointerup = canvas.onpointercancel = (event) => {
    if (!fingers.delete(event.pointerId)) return;
    if (event.type === "pointerup" && wandered <= STILL) act.press(event.offsetX, event.offsetY);
    rest();
  };
  canvas.onwheel = (event) => {
    event.preventDefault();
    // a notch of a mouse is about 100, a touch pad sends many small steps
    const notches = Math.max(-3, Math.min(3, -event.deltaY / (event.deltaMode === 0 ? 100 : 3)));
    act.zoom(ZOOM_PER_NOTCH ** notches, event.offsetX, event.offsetY);
    rest();
  };
  canvas.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !pressKey(canvas, act, event)) return;
    event.preventDefault();
    event.stopPropagation();
    rest();
  };
  return () => clearTimeout(timer);
}

/** @type {(canvas: HTMLCanvasElement, act: FlightActions, event: KeyboardEvent) => boolean} */
function pressKey(canvas, act, { key, shiftKey }) {
  const [x, y] = [canvas.clientWidth / 2, canvas.clientHeight / 2];
  const arrow = ARROWS[key];
  const times = shiftKey ? 5 : 1;
  if (arrow) act.pan(arrow[0] * KEY_PAN * times, arrow[1] * KEY_PAN * times);
  else if (key === "+" || key === "=") act.zoom(ZOOM_PER_NOTCH, x, y);
  else if (key === "-") act.zoom(1 / ZOOM_PER_NOTCH, x, y);
  else if (key === "0") act.fit();
  else if (key === "Enter" || key === " ") act.press(x, y);
  else return false;
  return true;
}

/** @type {(fingers: Fingers, event: PointerEvent, before: number[], act: FlightActions) => void} */
function follow(fingers, event, before, act) {
  /** @type {[number, number]} */
  const now = [event.offsetX, event.offsetY];
  fingers.set(event.pointerId, now);
  act.pan((now[0] - before[0]) / fingers.size, (now[1] - before[1]) / fingers.size);
  const [other] = [...fingers].filter(([id]) => id !== event.pointerId);
  if (!other || fingers.size > 2) return;
  const [x, y] = other[1];
  /** @type {(point: number[]) => number} */
  const apart = (point) => Math.max(8, Math.hypot(point[0] - x, point[1] - y));
  act.zoom(apart(now) / apart(before), (now[0] + x) / 2, (now[1] + y) / 2);
}
