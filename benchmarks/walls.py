"""How fast pictures follow the hand on Generate, and q under the microscope of Diagnose.

    VAE_DATA=… python -m benchmarks.walls [--seconds 3] [--models mnist-2d …] [--screen 1280 800]
        [--only idle|training] [--patience 300]

For each model, idle and beside a training of mnist as the Train page starts it: seconds from
opening the page to the first wall; how often a second the wall of 64 draws was painted while the
temperature changed at every frame of the screen, and how many of these walls were decoded whole;
then how often the manifold was painted while it was dragged, and with how many pictures in view;
last how often the microscope was drawn, with the ELBO of each place, while q was turned by its
knob. The real app and a real browser. Each line is printed as soon as it is known; a page that
does not answer is said to, and the next line comes. The training has `--patience` seconds until its
first report.
"""

import argparse
import os
import re
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Error, Locator, sync_playwright

from benchmarks.responsiveness import PATIENCE, trainer
from tests.browser.app_server import app_server
from tests.browser.find_browser import ARGUMENTS, find

SHIPPED = ("mnist-2d", "mnist-20d", "sprites-10d")
SIZE = (1280, 800)
# calls `move` at every frame and counts what the page painted meanwhile
COUNTED = """const counted = async (root, seconds, move) => {
  const frames = () => Number(root.dataset.frames);
  const [start, before] = [performance.now(), frames()];
  let whole = 0;
  const seen = new MutationObserver(() => { if (root.dataset.done === "true") whole += 1; });
  seen.observe(root, { attributeFilter: ["data-frames"] });
  for (let now = 0; now < seconds; now = (performance.now() - start) / 1000) {
    move(now);
    await new Promise(requestAnimationFrame);
  }
  seen.disconnect();
  const past = (performance.now() - start) / 1000;
  return [(frames() - before) / past, whole / past];
};"""
WARM = f"""async (root, seconds) => {{
  {COUNTED}
  const sliders = [...root.querySelectorAll('input[aria-label="temperature"]')];
  const slider = sliders.find((one) => one.offsetParent);
  return counted(root, seconds, (now) => {{
    slider.value = String(1 + 0.9 * Math.sin(3 * now));
    slider.dispatchEvent(new Event("input", {{ bubbles: true }}));
  }});
}}"""
# holds an element and moves to the pixel of it that `place` gives for the seconds past
DRAGGED = f"""{COUNTED}
const dragged = async (root, element, seconds, place) => {{
  const box = element.getBoundingClientRect();
  const hand = (kind, now) => {{
    const [x, y] = place(now);
    const where = {{ clientX: box.left + x, clientY: box.top + y }};
    const held = {{ pointerId: 1, isPrimary: true, buttons: 1, bubbles: true, ...where }};
    element.dispatchEvent(new PointerEvent(kind, held));
  }};
  element.setPointerCapture = () => {{}};
  hand("pointerdown", 0);
  const found = await counted(root, seconds, (now) => hand("pointermove", now));
  hand("pointerup", seconds);
  return found;
}};"""
PAN = f"""async (root, seconds) => {{
  {DRAGGED}
  const sky = root.querySelector('[data-testid="manifold"]');
  const {{ width, height }} = sky.getBoundingClientRect();
  return dragged(root, sky, seconds, (now) =>
    [(0.5 + 0.3 * Math.sin(1.5 * now)) * width, (0.5 + 0.3 * Math.sin(1.1 * now)) * height]);
}}"""
TURN = f"""async (root, seconds) => {{
  {DRAGGED}
  const plane = root.querySelector('[data-testid="microscope-plane"]');
  const numbers = (text) => text.split(",").map(Number);
  const [centre, knob] = [plane.dataset.at, plane.dataset.knob].map(numbers);
  const [right, down] = [knob[0] - centre[0], knob[1] - centre[1]];
  const [reach, first] = [Math.hypot(right, down), Math.atan2(down, right)];
  const found = await dragged(root, plane, seconds, (now) => {{
    const angle = first + 1.5 * Math.sin(2 * now);
    return [centre[0] + reach * Math.cos(angle), centre[1] + reach * Math.sin(angle)];
  }});
  return [...found, Number(plane.dataset.angle)];
}}"""
GENERATE = '[data-testid="generate"][data-ready="true"]'
DIAGNOSE = '[data-testid="diagnose"][data-kl]:not([data-kl=""])'
LIMIT_MS = 120_000


def open_page(
    browser: Browser, address: str, screen: tuple[int, int], ready: str
) -> tuple[Locator, float]:
    """Open a fresh page; give the root of its component, and seconds until it is `ready`."""
    page = browser.new_page(viewport={"width": screen[0], "height": screen[1]})
    started = time.perf_counter()
    page.goto(address, timeout=LIMIT_MS)
    root = page.locator(ready)
    root.wait_for(timeout=LIMIT_MS)
    seconds = time.perf_counter() - started
    page.wait_for_timeout(2500)
    return root, seconds


def temperature(root: Locator, opened: float, seconds: float) -> str:
    """Count the walls while the temperature moves."""
    paints, whole = root.evaluate(WARM, seconds)
    first = f"first wall after {opened:.2f} s"
    return f"{first}; temperature: {paints:.0f} paints/s, {whole:.0f} whole walls/s"


def manifold(root: Locator, _opened: float, seconds: float) -> str:
    """Count the paints while the manifold is dragged."""
    paints, _ = root.evaluate(PAN, seconds)
    pictures = re.search(r"(\d+) pictures", root.locator(".gen-caption").first.inner_text())
    assert pictures, "the caption says how many pictures are in view"
    return f"manifold, dragged: {paints:.0f} paints/s of {pictures[1]} pictures"


def microscope(root: Locator, _opened: float, seconds: float) -> str:
    """Count the answers while q is turned."""
    answers, _, angle = root.evaluate(TURN, seconds)
    assert angle, "the hand has turned q"
    return f"microscope, q turned: {answers:.0f} answers/s"


WAYS = (
    ("generate?model={model}", GENERATE, temperature),
    ("generate?model={model}&view=manifold", GENERATE, manifold),
    ("diagnose?model={model}", DIAGNOSE, microscope),
)
"""An address, what is there once the page is ready, and what is then counted."""


def measure(browser: Browser, address: str, args: argparse.Namespace) -> None:
    """Print what each model does, and go on where a page gives no answer."""
    for model in args.models:
        for where, ready, count in WAYS:
            try:
                found = open_page(
                    browser, f"{address}/{where.format(model=model)}", args.screen, ready
                )
                said = count(*found, args.seconds)
            except Error as error:
                said = f"{count.__name__}: no answer: {str(error).splitlines()[0]}"
            print(f"{model}, {said}", flush=True)
            for page in [page for context in browser.contexts for page in context.pages]:
                page.close()


def main() -> None:
    """Print what each model does, idle and while a run trains."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--models", nargs="+", default=SHIPPED)
    parser.add_argument("--screen", nargs=2, type=int, default=SIZE, help="width and height")
    parser.add_argument("--only", choices=("idle", "training"), help="one of the two")
    parser.add_argument(
        "--patience", type=float, default=PATIENCE, help="seconds until the training's first report"
    )
    args = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch,
        app_server(Path(scratch) / "log", {"VAE_RUNS": scratch}) as address,
        sync_playwright() as playwright,
    ):
        # the trainer is a child of this process, the server another
        os.environ["VAE_RUNS"] = scratch
        browser = playwright.chromium.launch(executable_path=find(), args=list(ARGUMENTS))
        if args.only != "training":
            print("idle", flush=True)
            measure(browser, address, args)
        if args.only != "idle":
            print("while a run trains", flush=True)
            with trainer(args.patience):
                measure(browser, address, args)
        browser.close()


if __name__ == "__main__":
    main()
