"""Measure how long the browser takes to decode and draw one image.

    python -m benchmarks.decoder_speed [--frames 300]

Starts a headless Chromium and prints, for each decoder, its multiply-adds, the size of its payload,
the time to read it and the time a frame (decode and draw) after a short warm-up, in milliseconds.
The number behind `vae.export.networks.FRAME_BUDGET`.
"""

import argparse
import shutil
import tempfile
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.browser import scripts
from vae.checkpoint import Checkpoint, round_to_half
from vae.export.networks import decoder_payload
from vae.models.config import VAEConfig
from vae.models.networks import MLP, Conv, ResNet
from vae.models.vae import build

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SCRIPT = "core/decoder.js"
MODELS = {
    "mlp 2-512-512-512-784": VAEConfig((1, 28, 28), 2, MLP((512, 512, 512))),
    "mlp 28×28, defaults": VAEConfig((1, 28, 28), 2, MLP()),
    "conv 28×28, defaults": VAEConfig((1, 28, 28), 2, Conv()),
    "conv 64×64×3, defaults": VAEConfig((3, 64, 64), 10, Conv()),
    "resnet 64×64×3, defaults": VAEConfig((3, 64, 64), 10, ResNet()),
    "conv 64×64×3, 32-64-64-64": VAEConfig((3, 64, 64), 10, Conv((32, 64, 64, 64))),
}
MEASURE = """async (frames) => {
  const buffer = await document.querySelector("input").files[0].arrayBuffer();
  const start = performance.now();
  const net = decoder.parseNetwork(buffer);
  const parse = performance.now() - start;
  const context = document.createElement("canvas").getContext("2d");
  const times = [];
  for (let frame = 0; frame < frames + 50; frame++) {
    const z = Float64Array.from({ length: net.zDim }, (_, k) => 2 * Math.sin(frame / 20 + k));
    const begin = performance.now();
    decoder.drawPixels(context, decoder.decode(net, z), net.shape);
    times.push(performance.now() - begin);
  }
  const sorted = times.slice(50).sort((a, b) => a - b);
  const at = (q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
  return { macs: net.macs, parse, p05: at(0.05), p50: at(0.5), p95: at(0.95) };
}"""


def main() -> None:
    """Print one line a decoder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--frames", type=int, default=300, help="frames a decoder (default 300)")
    frames = parser.parse_args().frames
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        raise SystemExit(f"no browser found; install one of {', '.join(BROWSERS)}")
    print(
        f"{'decoder':26} {'M mul-adds':>10} {'kB':>6} {'read':>6} {'p5':>6} {'p50':>6} {'p95':>6}"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for name, config in MODELS.items():
            page = browser.new_page()
            payload = payload_of(config)
            found = measure(page, payload, frames)
            times = " ".join(f"{found[key]:6.2f}" for key in ("parse", "p05", "p50", "p95"))
            print(f"{name:26} {found['macs'] / 1e6:10.2f} {len(payload) / 1e3:6.0f} {times}")
            page.close()
        browser.close()


def payload_of(config: VAEConfig) -> bytes:
    """Pack a decoder with fresh weights: what they are makes no difference to the time."""
    model = round_to_half(build(config)).eval()
    return decoder_payload(Checkpoint("benchmark", model, {}, {}, {}, "", {}))


def measure(page: Page, payload: bytes, frames: int) -> dict[str, Any]:
    """Time a payload in a page of its own: reading it, and quantiles of a frame, in ms."""
    page.set_content("<input type=file>")
    scripts.load(page, "decoder", SCRIPT)
    with tempfile.NamedTemporaryFile() as file:
        file.write(payload)
        file.flush()
        page.set_input_files("input", file.name)
        return page.evaluate(MEASURE, frames)


if __name__ == "__main__":
    main()
