"""The class buttons of a conditional model in a real browser: z stays, the class changes."""

import math
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from tests.browser.app_server import app_server
from tests.browser.conftest import RESULTS
from tests.tiny_models import CLASSES, tiny_checkpoint
from vae import checkpoint
from vae.models.conditioning import InferredLabels, Labels
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.priors import ClassNormal

START_MS = 60_000
APART = ((-4.0, 0.0), (0.0, 4.0), (4.0, -4.0))
"""Means of the classes' own priors, and below their standard deviation."""
WIDTH = 0.25


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app: models that are told classes, are told none, and infer them."""
    RESULTS.mkdir(exist_ok=True)
    folder = tmp_path_factory.mktemp("models")
    small = MLP(hidden=(32, 16))
    configs = {
        "told": VAEConfig(z_dim=2, architecture=small, conditioning=Labels(len(CLASSES))),
        "untold": VAEConfig(z_dim=2, architecture=small),
        "inferring": VAEConfig(
            z_dim=2, architecture=small, conditioning=InferredLabels(len(CLASSES), (16,))
        ),
    }
    told = configs["told"].conditioning
    configs["apart"] = VAEConfig(
        z_dim=2, architecture=small, conditioning=told, prior=ClassNormal()
    )
    for name, config in configs.items():
        made = tiny_checkpoint(name, config)
        if name == "apart":
            made.model.prior.loc.data.copy_(torch.tensor(APART))
            made.model.prior.log_scale.data.fill_(math.log(WIDTH))
            checkpoint.round_to_half(made.model)
        if name == "told":
            # untrained planes are 0: every class would be encoded alike
            noise = torch.Generator().manual_seed(0)
            plane = made.model.conditioning.plane.data
            plane.copy_(torch.randn(plane.shape, generator=noise))
            checkpoint.round_to_half(made.model)
        checkpoint.write(folder / f"{name}.safetensors", made)
    settings = {"VAE_CHECKPOINTS": str(folder), "VAE_RUNS": str(tmp_path_factory.mktemp("runs"))}
    with app_server(RESULTS / "streamlit-classes.log", settings) as address:
        yield address


def open_pad(page: Page, address: str, query: str) -> Locator:
    page.goto(f"{address}/?{query}", timeout=START_MS)
    pad = page.locator('[data-testid="latent-pad"][data-frames]:not(.pad-loading)')
    pad.wait_for(timeout=START_MS)
    expect(pad.get_by_label("start from an image of class")).to_be_enabled(timeout=START_MS)
    return pad


def picture(pad: Locator) -> str:
    return pad.get_by_test_id("decoded-image").evaluate("canvas => canvas.toDataURL()")


def test_a_class_changes_the_image_at_the_same_z_and_stands_in_the_address(page, address):
    pad = open_pad(page, address, "model=told&z=0.5,-0.7&class=1")
    assert pad.get_attribute("data-class") == "1"
    seen = [picture(pad)]
    for label in (0, 2):
        pad.get_by_role("button", name=f"class {CLASSES[label]}", exact=True).click()
        expect(pad).to_have_attribute("data-class", str(label))
        assert pad.get_attribute("data-z") == "0.5,-0.7"
        seen.append(picture(pad))
    assert len(set(seen)) == 3
    query = parse_qs(urlsplit(page.url).query)
    assert (query["z"], query["class"]) == (["0.5,-0.7"], ["2"])
    # the first image that was held is in the trail, with its class
    pad.get_by_label("held images").get_by_role("button").first.click()
    expect(pad).to_have_attribute("data-class", "0")
    assert picture(pad) == seen[1]


def test_an_image_of_a_class_is_decoded_as_that_class(page, address):
    pad = open_pad(page, address, "model=told")
    pad.get_by_label("start from an image of class").select_option(label=CLASSES[2])
    expect(pad).to_have_attribute("data-class", "2")
    pressed = pad.get_by_role("button", name=f"class {CLASSES[2]}", exact=True)
    expect(pressed).to_have_attribute("aria-pressed", "true")


def test_random_draws_from_the_prior_of_the_class_that_is_told(page, address):
    pad = open_pad(page, address, "model=apart&class=2")
    for label in (2, 0, 1):
        pad.get_by_role("button", name=f"class {CLASSES[label]}", exact=True).click()
        before = pad.get_attribute("data-z")
        pad.get_by_role("button", name="random", exact=True).click()
        expect(pad).not_to_have_attribute("data-z", before)
        z = [float(value) for value in pad.get_attribute("data-z").split(",")]
        # six standard deviations, where the classes are sixteen apart
        assert math.dist(z, APART[label]) < 6 * WIDTH


def test_a_model_that_is_told_no_class_has_no_class_buttons(page, address):
    pad = open_pad(page, address, "model=untold&class=1")
    expect(pad.get_by_role("button", name=f"class {CLASSES[0]}", exact=True)).to_have_count(0)
    assert pad.get_attribute("data-class") is None


def draw_a_stroke(page, pad):
    """Draw one stroke downwards on a pad's sheet."""
    pad.get_by_role("button", name="draw").click()
    box = pad.get_by_test_id("drawing").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y - 40)
    page.mouse.down()
    page.mouse.move(x, y + 40, steps=5)
    page.mouse.up()


def test_a_drawing_is_encoded_again_as_the_class_that_a_person_chooses(page, address):
    pad = open_pad(page, address, "model=told")
    draw_a_stroke(page, pad)
    words, chosen = pad.locator(".pad-drawing-words"), pad.get_by_label("class that the picture")
    expect(words).to_contain_text("the likeliest class")
    taken = int(pad.get_attribute("data-class"))
    before, other = pad.get_attribute("data-z"), (taken + 1) % len(CLASSES)
    chosen.select_option(label=f"as {CLASSES[other]}")
    expect(words).to_contain_text(f"taken as {CLASSES[other]}, as chosen;")
    expect(pad).to_have_attribute("data-class", str(other))
    expect(pad).not_to_have_attribute("data-z", before)
    chosen.select_option(label="as the likeliest class")
    expect(pad).to_have_attribute("data-z", before)


def test_a_drawing_is_taken_as_the_class_that_the_model_infers_with_its_probability(page, address):
    pad = open_pad(page, address, "model=inferring")
    draw_a_stroke(page, pad)
    words = pad.locator(".pad-drawing-words")
    told = re.compile(r"^taken as \w+, the likeliest class, q\(y\|x\) = ([01]\.\d+);")
    expect(words).to_have_text(told)
    label = int(pad.get_attribute("data-class"))
    expect(words).to_contain_text(f"taken as {CLASSES[label]},")
    # the likeliest of three classes
    assert 1 / 3 <= float(told.match(words.inner_text())[1]) <= 1
