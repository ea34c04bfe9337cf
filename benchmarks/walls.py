"""How fast the Generate page decodes many pictures: the real app and a real browser.

    VAE_DATA=… python -m benchmarks.walls [--seconds 3] [--models mnist-2d …] [--screen 1280 800]

For each model, idle and beside a training of mnist as the Train page starts it: seconds from
opening the page to the first wall; how often a second the wall of 64 draws was painted while the
temperature changed at every frame of the screen, and how many of these walls were decoded whole;
then how often the manifold was painted while it was dragged, and with how many pictures in view.
"""

import argparse
import os
import re
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Locator, sync_playwright

from benchmarks.responsiveness import trainer
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
PAN = f"""async (root, seconds) => {{
  {COUNTED}
  const sky = root.querySelector('[data-testid="manifold"]');
  const box = sky.getBoundingClientRect();
  const hand = (kind, now) => {{
    const [x, y] = [0.5 + 0.3 * Math.sin(1.5 * now), 0.5 + 0.3 * Math.sin(1.1 * now)];
    const where = {{ clientX: box.left + x * box.width, clientY: box.top + y * box.height }};
    const held = {{ pointerId: 1, isPrimary: true, buttons: 1, bubbles: true, ...where }};
    sky.dispatchEvent(new PointerEvent(kind, held));
  }};
  sky.setPointerCapture = () => {{}};
  hand("pointerdown", 0);
  const found = await counted(root, seconds, (now) => hand("pointermove", now));
  hand("pointerup", seconds);
  return found;
}}"""


def open_page(browser: Browser, address: str, screen: tuple[int, int]) -> tuple[Locator, float]:
    """Open Generate on a fresh page; give its root, and seconds to the first whole picture."""
    page = browser.new_page(viewport={"width": screen[0], "height": screen[1]})
    started = time.perf_counter()
    page.goto(address)
    root = page.locator('[data-testid="generate"][data-ready="true"]')
    root.wait_for(timeout=120_000)
    seconds = time.perf_counter() - started
    page.wait_for_timeout(2500)
    return root, seconds


def measure(browser: Browser, address: str, args: argparse.Namespace) -> None:
    """Print what each model does."""
    for model in args.models:
        page = f"{address}/generate?model={model}"
        root, seconds = open_page(browser, page, args.screen)
        paints, whole = root.evaluate(WARM, args.seconds)
        print(f"{model}: first wall after {seconds:.2f} s")
        print(f"  temperature: {paints:.0f} paints/s, {whole:.0f} whole walls/s")
        root.page.close()
        root, _ = open_page(browser, f"{page}&view=manifold", args.screen)
        paints, _ = root.evaluate(PAN, args.seconds)
        pictures = re.search(r"(\d+) pictures", root.locator(".gen-caption").first.inner_text())
        assert pictures, "the caption says how many pictures are in view"
        print(f"  manifold, dragged: {paints:.0f} paints/s of {pictures[1]} pictures", flush=True)
        root.page.close()


def main() -> None:
    """Print what each model does, idle and while a run trains."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--models", nargs="+", default=SHIPPED)
    parser.add_argument("--screen", nargs=2, type=int, default=SIZE, help="width and height")
    parser.add_argument("--only", choices=("idle", "training"), help="one of the two")
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
            print("idle")
            measure(browser, address, args)
        if args.only != "idle":
            print("while a run trains")
            with trainer():
                measure(browser, address, args)
        browser.close()


if __name__ == "__main__":
    main()
