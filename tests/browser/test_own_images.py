"""Own images behind a model, in a real browser: classes, copies, posteriors and the microscope."""

import csv
import io
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import RESULTS
from tests.browser.own_site import CLASSES, HEIGHT, WIDTH, Site, own_site
from tests.browser.test_generate import IDLE, START_MS, open_page, saved
from vae.export.pictures import decode
from vae.measures.quadrature import exact_log_px


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The app with models of own images."""
    RESULTS.mkdir(exist_ok=True)
    log = RESULTS / "streamlit-own-images.log"
    with own_site(log, tmp_path_factory) as found:
        yield found
    assert "Uncaught app execution" not in log.read_text(errors="replace")


def table(page: Page, root: Locator) -> tuple[np.ndarray, list[str]]:
    """Save the CSV of what is shown: the z of each picture, and its class."""
    rows = list(csv.DictReader(io.StringIO(saved(page, root, "CSV").decode())))
    z = np.array([[float(row["z1"]), float(row["z2"])] for row in rows])
    return z, [row.get("class", "") for row in rows]


def test_a_row_of_the_grid_is_a_class_of_the_own_images_and_a_column_one_z(
    page: Page, site: Site
) -> None:
    root = open_page(page, site.address, "model=told&view=classes&seed=3")
    assert root.locator(".gen-row:visible").all_inner_texts() == list(CLASSES)
    z, told = table(page, root)
    assert told == [str(label) for label in range(3) for _ in range(10)]
    assert (z[:10] == z[10:20]).all() and (z[:10] == z[20:]).all()
    picture = np.asarray(Image.open(io.BytesIO(saved(page, root, "PNG"))).convert("RGB"), dtype=int)
    images = decode(site.models["told"].model, z, np.array([int(one) for one in told]))
    sheet = images.reshape(3, 10, HEIGHT, WIDTH, 3).swapaxes(1, 2)
    # both round a float32 to one of 256 levels
    assert np.abs(picture - sheet.reshape(3 * HEIGHT, 10 * WIDTH, 3)).max() <= 1
    assert np.abs(images[:10].astype(int) - images[10:20]).max() > 1
    root.get_by_role("button", name="new styles").click()
    expect(page).not_to_have_url(re.compile("seed=3&"))


def test_draws_are_of_the_class_that_is_chosen_or_of_the_image_that_is_drawn_from(
    page: Page, site: Site
) -> None:
    root = open_page(page, site.address, "model=told")
    menu = root.get_by_label("class", exact=True).locator("visible=true")
    menu.select_option("disc")
    expect(page).to_have_url(re.compile("class=1"))
    assert set(table(page, root)[1]) == {"1"}

    root.get_by_role("button", name="one image").click()
    expect(page).to_have_url(re.compile("image="))
    row = int(parse_qs(urlsplit(page.url).query)["image"][0])
    z, told = table(page, root)
    atlas = site.models["told"].atlas
    assert atlas is not None
    # it is decoded as its own class, so no other is offered
    assert set(told) == {str(atlas.label[row])}
    expect(menu).to_have_count(0)
    # 64 draws: their mean is within 5 standard errors, their deviation within a half
    assert (np.abs(z.mean(0) - atlas.loc[row]) <= 5 * atlas.scale[row] / 8).all()
    assert (np.abs(z.std(0) / atlas.scale[row] - 1) <= 0.5).all()
    original = root.get_by_alt_text("the image itself")
    expect(original).to_be_visible()
    assert original.evaluate("one => [one.naturalWidth, one.naturalHeight]") == [WIDTH, HEIGHT]


def test_a_pressed_draw_is_held_against_its_nearest_training_image(page: Page, site: Site) -> None:
    root = open_page(page, site.address, "model=told&seed=2")
    z, told = table(page, root)
    root.locator(".gen-cell").nth(9).click()
    card = root.get_by_label("one picture")
    expect(card.get_by_test_id("nearest-training")).to_contain_text("Distance")
    one = decode(site.models["told"].model, z[9:10], np.array([int(told[9])]))[0]
    train = site.images["shapes"].train.images
    far = ((train / 255 - np.moveaxis(one, 2, 0) / 255) ** 2).sum((1, 2, 3)) ** 0.5
    expect(card).to_contain_text(f"nearest training image (row {far.argmin()})")
    shown = re.search(r"Distance ([\d.]+) over pixels", card.inner_text())
    # the browser shows three digits, and the picture here is rounded to 256 levels
    assert shown and float(shown[1]) == pytest.approx(far.min(), abs=0.02)
    assert str(len(site.images["shapes"].test)) in card.inner_text()
    card.get_by_role("button", name="close").click()
    expect(card).to_be_hidden()


def test_a_classifier_of_the_own_images_names_what_is_drawn(page: Page, site: Site) -> None:
    root = open_page(page, site.address, "model=told")
    root.get_by_role("button", name="labels").click()
    notes = root.locator(".gen-note:visible")
    expect(notes.first).to_have_text(re.compile(r"(bar|disc|square) (\d+%|\?)"), timeout=START_MS)
    expect(root).to_contain_text("validation images")
    with np.load(io.BytesIO(saved(page, root, "npz"))) as arrays:
        # a model that is told classes says them itself
        assert arrays["label"].tolist() == [k % 3 for k in range(64)]
        assert arrays["images"].shape == (64, 3, HEIGHT, WIDTH)


def test_images_without_labels_are_drawn_and_their_classes_are_not_made_up(
    page: Page, site: Site
) -> None:
    root = open_page(page, site.address, "model=plain")
    labels = root.get_by_role("button", name="labels")
    labels.click()
    expect(root).to_contain_text("These images have no labels, so no classifier can name")
    expect(labels).to_have_attribute("aria-pressed", "false")
    expect(root.locator(".gen-note")).to_have_count(0)
    root.locator(".gen-cell").first.click()
    card = root.get_by_label("one picture")
    expect(card.get_by_test_id("nearest-training")).to_contain_text("Distance")
    card.get_by_role("button", name="what is it?").click()
    expect(card).to_contain_text("These images have no labels")


def test_the_manifold_of_a_class_is_pressed_and_its_directions_go_through_a_draw(
    page: Page, site: Site
) -> None:
    root = open_page(page, site.address, "model=told&view=manifold")
    root.get_by_label("class", exact=True).locator("visible=true").select_option("square")
    box = root.get_by_test_id("manifold").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2 + 5, box["y"] + box["height"] / 2 + 5)
    card = root.get_by_label("one picture")
    expect(card).to_contain_text("a place of the manifold")
    link = card.get_by_role("link", name="open in Explore").get_attribute("href")
    assert link is not None
    query = parse_qs(urlsplit(link).query)
    z = [float(value) for value in query["z"][0].split(",")]
    assert query["class"] == ["2"]
    # pressed to the right of the middle and below it
    assert 0 < z[0] < 1 and -1 < z[1] < 0
    page.keyboard.press("Escape")
    root.get_by_role("button", name="equal length").click()
    expect(page).to_have_url(re.compile("steps=even"))

    root.get_by_role("button", name="Traversals").click()
    root.get_by_role("button", name="directions").click()
    root.get_by_role("button", name="a draw").click()
    expect(page).to_have_url(re.compile("rows=directions.*through=draw"))
    z, told = table(page, root)
    assert set(told) == {"2"}
    first, second = z[:9], z[9:]
    # both rows cross at the draw in their middle, at right angles
    assert first[4] == pytest.approx(second[4], abs=1e-6)
    assert (first[8] - first[0]) @ (second[8] - second[0]) == pytest.approx(0, abs=1e-4)


def test_under_the_microscope_each_class_that_is_told_has_its_own_log_px(
    page: Page, site: Site
) -> None:
    root = diagnose(page, site, "told")
    menu = root.get_by_label("class that the networks are told")
    test, model = site.images["shapes"].test, site.models["told"].model
    assert test.labels is not None
    assert menu.locator("option").all_inner_texts() == [f"told {name}" for name in CLASSES]
    expect(menu).to_have_value(str(test.labels[0]))
    labels = np.array([0, 1, 2])
    exact = exact_log_px(model, np.repeat(test.images[:1], 3, axis=0), labels)
    for label in labels:
        before = root.get_attribute("data-log")
        if menu.input_value() != str(label):
            menu.select_option(str(label))
            expect(root).not_to_have_attribute("data-log", str(before))
        expect(root.locator(".dg-sum")).to_contain_text("log p(x | class), each by its own")
        log, elbo, kl = (float(str(root.get_attribute(f"data-{n}"))) for n in ("log", "elbo", "kl"))
        # each is exact to 0.01 nats
        assert log == pytest.approx(exact.log_px[label], abs=0.02)
        assert elbo + kl == pytest.approx(log, abs=0.01)


def test_a_model_that_infers_the_class_begins_with_its_own_guess_and_sums_over_all(
    page: Page, site: Site
) -> None:
    root = diagnose(page, site, "inferring")
    menu = root.get_by_label("class that the networks are told")
    test, model = site.images["shapes"].test, site.models["inferring"].model
    with torch.inference_mode():
        log_qy = model.conditioning.log_qy(torch.from_numpy(test.images[:1].astype("f4") / 255))[0]
    shares = [
        f"told {n} · q(y|x) {p:.0f} %" for n, p in zip(CLASSES, 100 * log_qy.exp(), strict=True)
    ]
    assert menu.locator("option").all_inner_texts() == shares
    expect(menu).to_have_value(str(int(log_qy.argmax())))
    over = root.get_by_test_id("over-classes")
    expect(over).to_contain_text("Over all 3 classes")
    log = float(str(over.get_attribute("data-log")))
    assert log == pytest.approx(exact_log_px(model, test.images[:1]).log_px[0], abs=0.02)
    # another class changes what is told, and not the sum
    before = root.get_attribute("data-log")
    menu.select_option(str(int(log_qy.argmin())))
    expect(root).not_to_have_attribute("data-log", str(before))
    assert float(str(over.get_attribute("data-log"))) == log


def diagnose(page: Page, site: Site, model: str) -> Locator:
    """Open Diagnose with the first test image under the microscope, and wait until it is drawn."""
    page.goto(f"{site.address}/diagnose?model={model}&image=0", wait_until="domcontentloaded")
    root = page.get_by_test_id("diagnose")
    expect(root).to_have_attribute("data-image", "0", timeout=START_MS)
    expect(root.locator(".dg-sum")).to_contain_text("each by its own quadrature", timeout=START_MS)
    page.locator(IDLE).wait_for()
    return root
