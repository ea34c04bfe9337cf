// Work in pieces: the browser hears the hand and paints between them.

/** @type {((done: unknown) => void)[]} */
const paused = [];
/** @type {MessagePort | null} */
let doorbell = null;

/** Resolve in a task of its own, after the input and the frame that wait by now. */
export function nextTask() {
  const bell = (doorbell ??= openDoorbell());
  return new Promise((resolve) => {
    paused.push(resolve);
    bell.postMessage(null);
  });
}

// a message comes at once, where a timer of a hidden page waits a second
function openDoorbell() {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => paused.shift()?.(null);
  return port2;
}
