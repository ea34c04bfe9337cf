"""Anomaly in a real browser: the line follows the hand, and what is said follows the line."""

import csv
import io
import re
import time
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.test_pad import Server

# its images are built in
MODEL = "digits-2d"
SOON_SECONDS = 2.0
# a machine that runs tests has other work too: what is promised holds on one that has none
PATIENCE = 4


def open_anomaly(page: Page, server: str, query: str = "&foreign=class-7") -> Locator:
    page.goto(f"{server}/anomaly?model={MODEL}{query}", wait_until="domcontentloaded")
    root = page.get_by_test_id("anomaly")
    expect(root).to_have_attribute("data-ready", "true", timeout=60_000)
    return root


def finished(root: Locator) -> Locator:
    """Wait until all quick scores are there, so that nothing more is asked of the server."""
    expect(root).to_have_attribute("data-done", "true", timeout=60_000)
    return root


def sentence_of(root: Locator) -> str:
    return root.get_by_test_id("anomaly-sentence").text_content() or ""


def line_of(root: Locator) -> Locator:
    return root.get_by_role("slider", name="threshold")


def box_of(root: Locator) -> FloatRect:
    box = root.get_by_test_id("anomaly-exhibit").bounding_box()
    assert box is not None
    return box


def threshold_of(root: Locator) -> float:
    return float(root.get_by_test_id("anomaly-exhibit").get_attribute("data-threshold") or "nan")


def test_a_second_visit_finds_numbers_and_pictures_at_once(page: Page, server: str) -> None:
    finished(open_anomaly(page, server))
    began = time.monotonic()
    root = open_anomaly(page, server)
    assert time.monotonic() - began < PATIENCE * SOON_SECONDS
    assert re.fullmatch(
        r"At 1 % false alarms it finds [\d.]+ % \[[\d.]+, [\d.]+\] of the sevens\.",
        sentence_of(root),
    )
    painted = root.locator(".an-picture canvas").evaluate_all(
        "all => all.filter((one) => one.getContext('2d')"
        ".getImageData(0, 0, one.width, one.height).data.some((v, k) => k % 4 < 3 && v > 0)).length"
    )
    assert painted == root.locator(".an-picture").count() > 10


def test_dragging_the_line_changes_the_sentence_without_a_message_to_the_server(
    page: Page, server: str
) -> None:
    finished(open_anomaly(page, server))
    messages = Server(page)
    root = finished(open_anomaly(page, server))
    page.wait_for_load_state("networkidle")
    heard, asked = len(messages.heard), []
    page.on("request", lambda request: asked.append(request.url))
    box, before = box_of(root), sentence_of(root)
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 60)
    page.mouse.down()
    said, lines = [], []
    for share in (0.65, 0.5, 0.35, 0.2):
        page.mouse.move(box["x"] + share * box["width"], box["y"] + 60)
        said.append(sentence_of(root))
        lines.append(threshold_of(root))
    page.mouse.up()
    assert len({before, *said}) == 5
    assert lines == sorted(lines, reverse=True)
    found = [float(re.search(r"finds ([\d.]+) %", one)[1]) for one in said]
    assert found == sorted(found)
    assert len(messages.heard) == heard and asked == []
    # the address takes the place of the line
    expect(page).to_have_url(re.compile(r"alarm=0\.\d+"))


def test_the_line_goes_by_keys_and_says_where_it_is(page: Page, server: str) -> None:
    root = open_anomaly(page, server)
    line, before = line_of(root), threshold_of(root)
    line.press("ArrowLeft")
    left = threshold_of(root)
    line.press("Shift+ArrowLeft")
    assert before > left > threshold_of(root)
    line.press("Home")
    assert sentence_of(root).startswith("At ")
    expect(line).to_have_attribute("aria-valuetext", re.compile("it finds 100 %"))
    line.press("End")
    assert float(line.get_attribute("aria-valuenow")) == float(line.get_attribute("aria-valuemax"))
    root.get_by_role("button", name="5 %", exact=True).click()
    assert sentence_of(root).startswith("At 5 % false alarms")


def test_another_score_keeps_the_rate_and_shows_other_pictures(page: Page, server: str) -> None:
    root = finished(open_anomaly(page, server, "&foreign=class-7&alarm=0.05"))
    assert sentence_of(root).startswith("At 5 % false alarms")
    before = root.locator(".an-picture").evaluate_all("all => all.map((one) => one.dataset.image)")
    root.locator('[data-score="knn"]').click()
    expect(root).to_have_attribute("data-score", "knn")
    after = root.locator(".an-picture").evaluate_all("all => all.map((one) => one.dataset.image)")
    assert before != after and sentence_of(root).startswith("At 5 % false alarms")
    areas = root.locator(".an-score strong").all_text_contents()
    known = [float(area) for area in areas if area]
    assert known == sorted(known, reverse=True) and len(known) >= 5
    expect(page).to_have_url(re.compile("score=knn"))


def test_a_picture_grows_with_all_its_scores_and_goes_again_by_escape(
    page: Page, server: str
) -> None:
    root = finished(open_anomaly(page, server))
    picture = root.locator(".an-picture").nth(3)
    picture.focus()
    picture.press("Enter")
    card = root.get_by_test_id("anomaly-card")
    expect(card.get_by_role("heading")).to_contain_text("normal: test image")
    known = root.locator(".an-score:enabled").count()
    expect(card.locator(".an-verdicts li")).to_have_count(known)
    row = re.search(r"image (\d+)", card.get_by_role("heading").text_content())[1]
    microscope = card.get_by_role("link", name="under the microscope")
    assert microscope.get_attribute("href") == f"./diagnose?model={MODEL}&image={row}"
    assert re.search(
        r"z=[-\d.]+,[-\d.]+", card.get_by_role("link", name="Explore").get_attribute("href")
    )
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(picture).to_be_focused()
    # arrows walk on from there
    picture.press("ArrowRight")
    expect(picture).not_to_be_focused()


def test_where_it_is_strange_colours_the_pictures(page: Page, server: str) -> None:
    root = open_anomaly(page, server)
    coloured = """all => all.some((one) => { const { data } = one.getContext('2d')
      .getImageData(0, 0, one.width, one.height);
      return data.some((v, k) => k % 4 === 0 && Math.abs(v - data[k + 2]) > 40); })"""
    pictures = root.locator(".an-picture canvas")
    assert not pictures.evaluate_all(coloured)
    root.get_by_role("button", name="where it is strange").click()
    expect(root.locator(".an-scale")).to_contain_text("nats per pixel")
    page.wait_for_load_state("networkidle")
    assert pictures.evaluate_all(coloured)


def test_an_own_picture_is_scored_and_what_is_none_is_refused(
    page: Page, server: str, tmp_path: Path
) -> None:
    root = finished(open_anomaly(page, server))
    noise = np.random.default_rng(0).integers(0, 255, (30, 50), np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.png")
    files = root.locator("input[type=file]")
    files.set_input_files(tmp_path / "noise.png")
    card = root.get_by_test_id("anomaly-card")
    expect(card.get_by_role("heading")).to_have_text("noise.png", timeout=20_000)
    expect(card.locator(".an-by")).to_contain_text("an alarm")
    expect(root.locator(".an-own")).to_be_attached()
    page.keyboard.press("Escape")
    (tmp_path / "words.png").write_text("these are words")
    files.set_input_files(tmp_path / "words.png")
    expect(root.get_by_role("alert")).to_contain_text("words.png is no picture")


def test_a_threshold_is_kept_with_the_model_and_the_command_follows_the_line(
    page: Page, server: str
) -> None:
    root = finished(open_anomaly(page, server, "&foreign=class-7&score=knn"))
    expect(root).to_have_attribute("data-score", "knn")
    root.get_by_role("button", name="keep with the model").click()
    command = root.locator(".an-kept code")
    expect(command).to_have_text(
        f"python -m vae anomaly {MODEL} --dataset digits --classes 7 --normal digits-without-7"
        " --score knn --alarm-rate 0.01 --out scores.csv"
    )
    root.get_by_role("button", name="10 %", exact=True).click()
    expect(command).to_contain_text("--alarm-rate 0.1 ")


def test_the_table_has_a_line_per_image_and_a_column_per_score(page: Page, server: str) -> None:
    root = finished(open_anomaly(page, server))
    with page.expect_download() as waiting:
        root.get_by_role("button", name="scores as CSV").click()
    assert waiting.value.suggested_filename == f"{MODEL}-against-class-7.csv"
    rows = list(csv.DictReader(io.StringIO(Path(waiting.value.path()).read_text())))
    assert {row["set"] for row in rows} == {"normal", "foreign"} and len(rows) == 359
    assert {row["label"] for row in rows if row["set"] == "foreign"} == {"7"}
    assert all(float(row["reconstruction"]) > 0 for row in rows)


def test_on_a_phone_another_foreign_class_is_shown_and_nothing_scrolls_sideways(
    page: Page, server: str
) -> None:
    page.set_viewport_size({"width": 360, "height": 780})
    root = open_anomaly(page, server)
    root.get_by_role("combobox", name="what is foreign").select_option("class-1")
    expect(root).to_have_attribute("data-foreign", "class-1", timeout=60_000)
    expect(root).to_have_attribute("data-ready", "true", timeout=60_000)
    expect(root.get_by_test_id("anomaly-sentence")).to_contain_text("of the ones.")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    expect(page).to_have_url(re.compile("foreign=class-1"))
