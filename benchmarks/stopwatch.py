"""Times in the page itself: from an input event to the frame that shows the answer to it.

`INSTALL` runs before the page's own scripts. It notes when the last input event happened (by the
event's own time, so that waiting for a busy main thread counts), what the websocket sends and
hears, and the longest task. `arm` then looks once a frame whether the answer stands in the page.
"""

import json
from dataclasses import dataclass

from playwright.sync_api import Page

LIMIT_MS = 10_000
INSTALL = """(() => {
  const INPUTS = ["pointerdown", "pointerup", "keydown", "drop"];
  const none = { sent: 0, messages: 0, bytes: 0, task: 0, frames: 0 };
  const watch = { kinds: INPUTS, input: 0, heard: 0, ...none };
  const reset = (time) => Object.assign(watch, { input: time, ...none });
  // first of all listeners: `before` is how things stood when the hand acted
  const note = (event) => {
    if (!watch.kinds.includes(event.type)) return;
    reset(event.timeStamp);
    watch.before = watch.standing?.();
  };
  for (const kind of [...INPUTS, "pointermove", "input"])
    addEventListener(kind, note, { capture: true, passive: true });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) watch.task = Math.max(watch.task, duration);
  }).observe({ type: "longtask" });
  const hear = ({ data }) => {
    watch.heard = performance.now();
    watch.messages += 1;
    watch.bytes += data.byteLength ?? data.size ?? data.length ?? 0;
  };
  const Native = globalThis.WebSocket;
  globalThis.WebSocket = class extends Native {
    constructor(...wanted) {
      super(...wanted);
      this.addEventListener("message", hear);
    }
    send(data) {
      watch.sent ||= performance.now();
      super.send(data);
    }
  };
  // noted as they are made: to look for them at every frame would be a load of its own
  const shadows = new Set();
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (...wanted) {
    const root = attach.apply(this, wanted);
    shadows.add(root);
    return root;
  };
  const roots = () => [document, ...[...shadows].filter((root) => root.host.isConnected)];
  globalThis.many = (selector) => roots().flatMap((root) => [...root.querySelectorAll(selector)]);
  globalThis.one = (selector) => many(selector)[0] ?? null;
  globalThis.seen = (selector) => many(selector).some((element) => element.checkVisibility());
  const passed = () => {
    const answered = performance.now();
    const asked = watch.sent >= watch.input && watch.sent > 0;
    return {
      total: answered - watch.input,
      server: asked ? Math.max(0, watch.heard - watch.sent) : 0,
      messages: watch.messages,
      bytes: watch.bytes,
      task: watch.task,
    };
  };
  // the task after a frame's callbacks begins when that frame was painted
  const afterPaint = (act) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = act;
    channel.port2.postMessage(null);
  };
  watch.arm = (done, standing, kinds, limit) => {
    reset(0);
    Object.assign(watch, { kinds: kinds ?? INPUTS, standing });
    const started = performance.now();
    watch.answer = new Promise((resolve) => {
      const look = () => {
        watch.frames += 1;
        if (watch.input && done(watch.before)) afterPaint(() => resolve(passed()));
        else if (performance.now() - started > limit) resolve(null);
        else requestAnimationFrame(look);
      };
      look();
    });
  };
  watch.opened = (done, limit) => new Promise((resolve) => {
    const look = () => {
      if (done()) afterPaint(() => resolve(performance.now()));
      else if (performance.now() > limit) resolve(null);
      else requestAnimationFrame(look);
    };
    look();
  });
  watch.quiet = (milliseconds, limit) => new Promise((resolve) => {
    const started = performance.now();
    const look = () => {
      const now = performance.now();
      const running = document.querySelector('[data-test-script-state="running"]');
      const still = !running && now - Math.max(watch.heard, started) > milliseconds;
      if (still || now - started > limit) resolve();
      else requestAnimationFrame(look);
    };
    look();
  });
  globalThis.stopwatch = watch;
})();"""


@dataclass(frozen=True)
class Lap:
    """How long one answer took, in ms, and where the time went."""

    total: float
    """From the input event to the painted frame."""
    server: float
    """Of that, from the first message sent to the last one heard; 0 where none was sent."""
    task: float
    """The browser's longest task meanwhile; 0 where none took 50 ms."""
    messages: int
    bytes: int


def arm(page: Page, done: str, note: str = "null", kinds: tuple[str, ...] = ()) -> None:
    """Wait in the page for an input event and then for `done`, a JavaScript expression.

    It may use one(selector) and many(selector), which look into open shadow roots too, seen() for
    what is on display, stopwatch.frames since the event, and `before`: what `note` was when the
    event happened. `kinds` are the events that start the watch, by default those of a press, a
    key or a drop; "change" is none, as it does not leave a shadow root.
    """
    wanted = json.dumps(list(kinds)) if kinds else "undefined"
    page.evaluate(
        f"() => stopwatch.arm({_function('before', done, 'false')}, "
        f"{_function('', note, 'null')}, {wanted}, {LIMIT_MS})"
    )


def read(page: Page) -> Lap | None:
    """Give what the armed watch measured; None if no answer came within `LIMIT_MS`."""
    passed = page.evaluate("() => stopwatch.answer")
    return Lap(**passed) if passed else None


def opened(
    page: Page, address: str, done: str, first: str = ""
) -> tuple[float | None, float | None]:
    """Open an address; give the milliseconds from its navigation until things are painted.

    These are `first`, the page's first picture where that is not all, and `done`.
    """
    page.goto(address, wait_until="commit")
    both = (_function("", one, "false") for one in (first or done, done))
    asked = ", ".join(f"stopwatch.opened({one}, {3 * LIMIT_MS})" for one in both)
    return tuple(page.evaluate(f"() => Promise.all([{asked}])"))


def settle(page: Page, milliseconds: int = 200) -> None:
    """Return once the page's script has ended and nothing was heard for a while."""
    page.evaluate(f"() => stopwatch.quiet({milliseconds}, {LIMIT_MS})")


def _function(parameter: str, expression: str, otherwise: str) -> str:
    # an element that is not there yet makes the expression fail, which is as good as no
    return f"({parameter}) => {{ try {{ return {expression}; }} catch {{ return {otherwise}; }} }}"
