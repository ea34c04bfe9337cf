"""How the pad keeps up with the hand: the real app, a real browser, real pointer moves.

    python -m benchmarks.pad [--moves 120]

For each model: seconds from opening the page to the first decoded image; the draws that a drag of
the slider z1 and a walk over the plane gave, and the messages between browser and server during
them; and the milliseconds that one move took, decoding and drawing, as the page itself sees it.
Then how fast an atlas of a million points pans.
"""

import argparse
import math
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.browser.app_server import app_server
from tests.browser.find_browser import ARGUMENTS, find
from vae import checkpoint
from vae.checkpoint import Atlas, Checkpoint
from vae.models.config import VAEConfig
from vae.models.networks import MLP, Conv, ResNet
from vae.models.vae import build

SECONDS = 2.5
CLASSES = 10
SHIPPED = ("mnist-2d", "mnist-20d", "sprites-10d")
# untrained: weights make no difference to the time
MADE = {
    "conv-64x64x3": (VAEConfig((3, 64, 64), 10, Conv()), 10_000),
    "resnet-64x64x3": (VAEConfig((3, 64, 64), 10, ResNet()), 10_000),
    "64-dimensions": (VAEConfig((1, 28, 28), 64, MLP()), 70_000),
    "million-points": (VAEConfig((1, 28, 28), 2, MLP()), 1_000_000),
}
# dispatches a move and times it: the pad decodes and draws inside the event's handlers
TIMED_MOVES = """([element, count]) => {
  const box = element.getBoundingClientRect();
  const times = [];
  for (let i = 0; i < count; i++) {
    const angle = (2 * Math.PI * i) / count;
    const clientX = box.left + box.width * (0.5 + 0.4 * Math.cos(angle));
    const clientY = box.top + box.height * (0.5 + 0.4 * Math.sin(angle));
    const where = { clientX, clientY, pointerId: 1, bubbles: true };
    const event = new PointerEvent("pointermove", where);
    const start = performance.now();
    element.dispatchEvent(event);
    times.push(performance.now() - start);
  }
  return times;
}"""
COUNT_FRAMES = """() => {
  globalThis.shownFrames = 0;
  const count = () => { globalThis.shownFrames += 1; requestAnimationFrame(count); };
  requestAnimationFrame(count);
}"""


def write_models(folder: Path) -> None:
    """Write untrained models with atlases of the sizes named in `MADE`."""
    rng = np.random.default_rng(0)
    for name, (config, count) in MADE.items():
        label = rng.integers(0, CLASSES, count)
        centre = rng.normal(size=(CLASSES, config.z_dim))
        loc = (centre[label] + 0.4 * rng.normal(size=(count, config.z_dim))).astype(np.float32)
        atlas = Atlas(loc=loc, scale=np.full_like(loc, 0.1), label=label, index=np.arange(count))
        model = checkpoint.round_to_half(build(config)).eval()
        names = [str(i) for i in range(CLASSES)]
        dataset = {"name": "none", "class_names": names, "image_shape": list(config.image_shape)}
        made = Checkpoint(name, model, {}, dataset, {}, checkpoint.now(), {}, atlas)
        checkpoint.write(folder / f"{name}.safetensors", made)


def open_pad(browser: Browser, address: str, model: str) -> tuple[Page, Locator, list[str], float]:
    """Open a fresh page on a model; give it with its pad, its messages, and seconds to an image."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    messages: list[str] = []

    def hear(socket) -> None:
        socket.on("framesent", lambda _: messages.append("sent"))
        socket.on("framereceived", lambda _: messages.append("received"))

    page.on("websocket", hear)
    started = time.perf_counter()
    page.goto(f"{address}/?model={model}")
    pad = page.locator('[data-testid="latent-pad"][data-frames]')
    pad.wait_for(timeout=120_000)
    seconds = time.perf_counter() - started
    page.locator('[data-testid="latent-pad"]:not(.pad-loading)').wait_for(timeout=120_000)
    page.wait_for_timeout(2500)
    return page, pad, messages, seconds


def paced(count: int) -> Iterator[int]:
    """Count to `count` in about `SECONDS`."""
    started = time.perf_counter()
    for i in range(count):
        yield i
        time.sleep(max(0.0, started + (i + 1) * SECONDS / count - time.perf_counter()))


def drag_slider(page: Page, pad: Locator, moves: int) -> None:
    """Drag z1 to and fro."""
    slider = pad.get_by_label("z1", exact=True)
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    for i in paced(moves):
        share = 0.5 + 0.45 * math.sin(2 * math.pi * (i + 1) / moves)
        page.mouse.move(box["x"] + share * box["width"], y)


def walk_plane(page: Page, pad: Locator, moves: int) -> None:
    """Move around the plane without pressing."""
    box = pad.get_by_test_id("latent-plane").bounding_box()
    for i in paced(moves):
        angle = 2 * math.pi * i / moves
        page.mouse.move(
            box["x"] + box["width"] * (0.5 + 0.4 * math.cos(angle)),
            box["y"] + box["height"] * (0.5 + 0.4 * math.sin(angle)),
        )


def draws(page: Page, pad: Locator, messages: list[str], move, moves: int) -> str:
    """Count draws and messages while the hand moves."""
    before, heard = int(pad.get_attribute("data-frames")), len(messages)
    move(page, pad, moves)
    after, during = int(pad.get_attribute("data-frames")), len(messages) - heard
    page.mouse.up()
    page.wait_for_timeout(600)
    return f"{after - before}/{moves} draws, {during} messages"


def timed(pad: Locator, moves: int) -> str:
    """Time single moves over the plane inside the page."""
    plane = pad.get_by_test_id("latent-plane").element_handle()
    times = sorted(plane.evaluate(f"(element) => ({TIMED_MOVES})([element, {moves}])"))
    return f"a move {statistics.median(times):.2f} ms (p95 {times[int(0.95 * len(times))]:.2f} ms)"


def pan(page: Page, pad: Locator, moves: int) -> str:
    """Pan the map with shift held and count the frames that the browser showed."""
    page.evaluate(COUNT_FRAMES)
    box = pad.get_by_test_id("latent-plane").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.keyboard.down("Shift")
    page.mouse.move(x, y)
    page.mouse.down()
    shown, started = page.evaluate("shownFrames"), time.perf_counter()
    for i in paced(moves):
        page.mouse.move(x + 100 * math.sin(i / 8), y + 60 * math.cos(i / 8))
    seconds = time.perf_counter() - started
    rate = (page.evaluate("shownFrames") - shown) / seconds
    page.mouse.up()
    page.keyboard.up("Shift")
    return f"pans at {rate:.0f} frames/s ({moves} moves in {seconds:.1f} s)"


def main() -> None:
    """Print one paragraph a model."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moves", type=int, default=120)
    moves = parser.parse_args().moves
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = Path(scratch)
        write_models(folder)
        settings = {"VAE_CHECKPOINTS": scratch, "VAE_RUNS": scratch}
        browser = playwright.chromium.launch(executable_path=find(), args=list(ARGUMENTS))
        with app_server(folder / "log", settings) as address:
            open_pad(browser, address, SHIPPED[0])[0].close()  # the server imports torch once
            for model in (*SHIPPED, *MADE):
                page, pad, messages, seconds = open_pad(browser, address, model)
                print(f"{model}: first image after {seconds:.2f} s; {timed(pad, moves)}")
                print(f"  slider: {draws(page, pad, messages, drag_slider, moves)}")
                print(f"  plane: {draws(page, pad, messages, walk_plane, moves)}", flush=True)
                if model == "million-points":
                    print(f"  {pan(page, pad, moves)}")
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
