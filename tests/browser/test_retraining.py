"""What survives retraining, in a browser: an image is lit in every map, by hand and by keys."""

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.app_server import app_server
from tests.browser.conftest import RESULTS
from tests.browser.test_accessibility import STILL, findings
from tests.sweep_folders import write_sweep
from tests.tiny_models import tiny_checkpoint
from vae.measures.retraining.findings import survival
from vae.models.config import VAEConfig
from vae.models.networks import MLP

START_MS = 60_000
VIEW = "compare?view=retraining&model=digits-2d"
# how many pixels of each map's canvas have the accent, which nothing but the lit image has
ACCENT = """(root) => [...root.querySelectorAll("canvas")].map((canvas) => {
  const host = root.closest(".retrained-host");
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = getComputedStyle(host).getPropertyValue("--st-primary-color");
  probe.fillRect(0, 0, 1, 1);
  const accent = probe.getImageData(0, 0, 1, 1).data;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) {
    if ([0, 1, 2].every((k) => Math.abs(data[i + k] - accent[k]) < 12)) count++;
  }
  return count;
})"""


def models() -> dict[int, object]:
    """Three tiny models of the same images, the last with another map."""
    config = VAEConfig((1, 8, 8), 2, MLP(hidden=(8,)))
    made = [tiny_checkpoint(f"m{seed}", config) for seed in range(3)]
    made[2].atlas.loc[:] = np.random.default_rng(0).normal(size=(300, 2))
    return dict(enumerate(made))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app where one sweep has finished."""
    RESULTS.mkdir(exist_ok=True)
    runs = str(tmp_path_factory.mktemp("runs"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAE_RUNS", runs)
        write_sweep({"seed": [0, 1, 2]}, models())
    log = RESULTS / "streamlit-retraining.log"
    with app_server(log, {"VAE_RUNS": runs}) as address:
        yield address
    assert "Uncaught app execution" not in log.read_text(errors="replace")


@pytest.fixture
def maps(page: Page, address: str) -> Locator:
    """The maps, once all of them are drawn."""
    page.goto(f"{address}/{VIEW}", timeout=START_MS, wait_until="commit")
    root = page.locator('[data-testid="retrained-maps"][data-maps="3"]')
    root.wait_for(timeout=START_MS)
    return root


def test_an_image_under_the_hand_is_lit_in_every_map(page: Page, maps: Locator) -> None:
    assert max(maps.evaluate(ACCENT)) == 0
    canvas = maps.locator("canvas").first
    box = canvas.bounding_box()
    # the third of the clusters that the maps are made of
    for share in (0.3, 0.4, 0.5, 0.6, 0.7):
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + share * box["height"])
        if maps.get_attribute("data-image") != "-1":
            break
    expect(maps).not_to_have_attribute("data-image", "-1")
    assert min(maps.evaluate(ACCENT)) > 20
    expect(maps.locator("output")).to_contain_text("of its 15 nearest images")
    page.mouse.move(2, 2)
    expect(maps).to_have_attribute("data-image", "-1")
    assert max(maps.evaluate(ACCENT)) == 0


def test_keys_walk_from_the_image_that_stays_to_the_one_that_wanders(
    page: Page, maps: Locator
) -> None:
    order = survival([models()[at] for at in range(3)]).overlap.order()
    slider = maps.get_by_role("slider")
    slider.focus()
    page.keyboard.press("End")
    expect(maps).to_have_attribute("data-image", str(order[-1]))
    page.keyboard.press("ArrowLeft")
    expect(maps).to_have_attribute("data-image", str(order[-2]))
    assert min(maps.evaluate(ACCENT)) > 20
    assert "keeps" in slider.get_attribute("aria-valuetext")


def test_on_a_phone_the_maps_stand_in_two_columns_and_nothing_is_cut(
    page: Page, address: str
) -> None:
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(f"{address}/{VIEW}", timeout=START_MS, wait_until="commit")
    root = page.locator('[data-testid="retrained-maps"][data-maps="3"]')
    root.wait_for(timeout=START_MS)
    lefts = root.locator("canvas").evaluate_all(
        "all => all.map((one) => Math.round(one.getBoundingClientRect().left))"
    )
    assert len(set(lefts)) == 2
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_axe_finds_nothing_grave_about_the_maps_in_either_theme(page: Page, maps: Locator) -> None:
    page.wait_for_load_state("networkidle")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(STILL)
        assert findings(page) == []
