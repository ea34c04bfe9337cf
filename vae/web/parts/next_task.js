// Work in pieces: the browser hears the hand and paints between them.

const paused = [];
let doorbell = null;

/** Resolve in a task of its own, after the input and the frame that wait by now. */
export function nextTask() {
  doorbell ??= openDoorbell();
  return new Promise((resolve) => {
    paused.push(resolve);
    doorbell.postMessage(null);
  });
}

// a message comes at once, where a timer of a hidden page waits a second
function openDoorbell() {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => paused.shift()();
  return port2;
}
