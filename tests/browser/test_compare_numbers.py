"""The numbers of Compare in a real browser: a reason opens by key, a curve is walked."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.app_server import app_server
from tests.browser.conftest import RESULTS
from tests.browser.test_pad import Server
from tests.tiny_models import CURVE, write_models
from vae import checkpoint

START_MS = 60_000
SHAPES = "flat,flat-ae,rated"


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app with tiny models, one of them told β, whose files have their numbers."""
    RESULTS.mkdir(exist_ok=True)
    folder = write_models(Path(tmp_path_factory.mktemp("models")))
    for path in (folder / f"{name}.safetensors" for name in ("flat", "rated")):
        made = checkpoint.read(path)
        reached = {"kl": 4.0, "reconstruction": -75.0, "elbo": -79.0}
        checkpoint.write(path, replace(made, metrics=made.metrics | reached))
    added = {
        "VAE_CHECKPOINTS": str(folder),
        "VAE_RUNS": str(tmp_path_factory.mktemp("runs")),
    }
    with app_server(RESULTS / "compare_numbers.log", added) as address:
        yield address


def test_a_reason_opens_by_key_and_the_curve_is_walked_by_key_and_by_pointer(
    page: Page, shapes: Server
) -> None:
    page.goto(f"{shapes}/compare?models={SHAPES}", wait_until="domcontentloaded")
    rate = page.locator("table.numbers tbody tr").first
    expect(rate).to_be_visible(timeout=START_MS)
    dash = rate.locator("td[data-model='flat-ae'] summary")
    expect(dash).to_have_text("—")
    dash.focus()
    page.keyboard.press("Enter")
    expect(rate.get_by_text("without a posterior density.")).to_be_visible()

    slider = page.get_by_role("slider", name="β of rated")
    expect(slider).to_be_visible(timeout=START_MS)
    expect(slider).to_have_attribute("aria-valuetext", said_of(CURVE[2]))
    slider.focus()
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", said_of(CURVE[0]))
    assert mark(page) == [CURVE[0]["kl"], -CURVE[0]["reconstruction"]]

    across, down = page.evaluate(PLACE_OF_LAST)
    page.mouse.move(across - 4, down - 4)
    page.mouse.move(across, down)
    expect(slider).to_have_attribute("aria-valuetext", said_of(CURVE[3]))


# where the last place of the curve is on the screen, and what its mark's place is
PLACE_OF_LAST = """() => {
  const plot = document.querySelector("[data-testid=chart-compare_rates] .chart-plot");
  plot.scrollIntoView({ block: "center" });
  const { xaxis, yaxis } = plot._fullLayout, { left, top } = plot.getBoundingClientRect();
  const { x, y } = plot.data[2];
  return [left + xaxis._offset + xaxis.d2p(x.at(-1)), top + yaxis._offset + yaxis.d2p(y.at(-1))];
}"""
MARK = """() => {
  const { x, y } = document.querySelector("[data-testid=chart-compare_rates] .chart-plot").data[3];
  return [x[0], y[0]];
}"""


def mark(page: Page) -> list[float]:
    """Return rate and distortion at which the mark of the curve stands."""
    return page.evaluate(MARK)


def said_of(one: dict) -> str:
    """Say what the slider says of a β that was measured."""
    rate, distortion = one["kl"], -one["reconstruction"]
    elbo = f"−{rate + distortion:.1f}"
    return f"{one['beta']:.3g} · rate {rate} · distortion {distortion} · ELBO {elbo} nats"
