"""Lesson 0 in a real browser: a VAE is trained in the page, by steps, and again."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_pad import Server

SECONDS = 60  # for a run of a few, on a machine that does other things too


def open_toy(page: Page, server: str, query: str = "") -> Locator:
    page.goto(f"{server}/learn?lesson=toy{query}", wait_until="domcontentloaded")
    root = page.get_by_test_id("learn")
    expect(root).to_have_attribute("data-ready", "true", timeout=60_000)
    return root.get_by_test_id("toy")


def losses(toy: Locator) -> tuple[float, float]:
    """−ELBO and KL of what is held out, nats."""
    total, kl = (toy.get_attribute(f"data-{name}") for name in ("total", "kl"))
    return float(total or "nan"), float(kl or "nan")


def press(toy: Locator, name: str) -> None:
    toy.get_by_test_id(f"toy-{name}").click()


def test_a_run_lowers_the_loss_in_seconds_without_a_message_to_the_server(
    page: Page, server: str
) -> None:
    toy = open_toy(page, server)
    before, kl_before = losses(toy)
    page.wait_for_load_state("networkidle")
    messages = Server(page)
    heard = len(messages.heard)
    press(toy, "run")
    expect(toy).to_have_attribute(
        "data-steps", re.compile(r"1[5-9]\d|[2-9]\d\d"), timeout=SECONDS * 1000
    )
    press(toy, "run")
    expect(toy).to_have_attribute("data-running", "false")
    after, kl_after = losses(toy)
    assert after < 0.65 * before
    assert kl_after > kl_before + 0.1
    assert len(messages.heard) == heard


def test_steps_and_steps_again_from_the_start_give_the_same_numbers(
    page: Page, server: str
) -> None:
    toy = open_toy(page, server)
    # a look at what is held out comes at every tenth step
    found = []
    for _ in range(2):
        for _ in range(10):
            press(toy, "step")
        expect(toy).to_have_attribute("data-steps", "10")
        found.append((losses(toy), pixels(toy)))
        press(toy, "restart")
        expect(toy).to_have_attribute("data-steps", "0")
    assert found[0] == found[1]
    assert losses(toy) != found[0][0]


def pixels(toy: Locator) -> list[str]:
    """All pictures of weights, gradients and reconstructions."""
    return toy.locator(".toy-matrix, .toy-image").evaluate_all(
        "all => all.map(one => one.toDataURL())"
    )


def test_the_address_keeps_the_state_and_an_address_brings_it_back(page: Page, server: str) -> None:
    toy = open_toy(page, server, "&step=20&beta=0.1")
    assert toy.get_attribute("data-steps") == "20"
    there = losses(toy)
    press(toy, "step")
    expect(toy).to_have_attribute("data-steps", "21")
    assert "step=21" in page.url and "beta=0.1" in page.url
    assert losses(open_toy(page, server, "&step=20&beta=0.1")) == there
    assert losses(open_toy(page, server, "&step=20&beta=5")) != there


def test_an_address_of_many_steps_is_shown_at_once_and_ends_there(page: Page, server: str) -> None:
    toy = open_toy(page, server, "&step=330")
    expect(toy).to_have_attribute("data-running", "false", timeout=SECONDS * 1000)
    assert toy.get_attribute("data-steps") == "330"


def test_nonsense_in_the_address_is_passed_over(page: Page, server: str) -> None:
    toy = open_toy(page, server, "&step=-3&beta=zebra&rate=1e9&data=cats")
    assert toy.get_attribute("data-steps") == "0"
    assert toy.get_attribute("data-data") == "images"


def test_points_are_drawn_by_hand_and_by_keys_and_learnt(page: Page, server: str) -> None:
    toy = open_toy(page, server, "&data=points")
    sheet = toy.get_by_test_id("toy-sheet")
    press(toy, "clear")
    expect(toy.get_by_test_id("toy-said")).to_contain_text("empty")
    sheet.focus()
    for key in ["ArrowRight", "Space", "ArrowUp", "Space"]:
        page.keyboard.press(key)
    box = sheet.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 100, box["y"] + 20, steps=20)
    page.mouse.up()
    before, _ = losses(toy)
    press(toy, "run")
    expect(toy).to_have_attribute("data-steps", re.compile(r"[2-9]\d\d"), timeout=SECONDS * 1000)
    press(toy, "run")
    assert losses(toy)[0] < before


def test_the_decoder_follows_the_hand_and_the_arrow_keys(page: Page, server: str) -> None:
    toy = open_toy(page, server, "&step=60")
    picture, plane = toy.get_by_test_id("toy-hand"), toy.get_by_test_id("toy-map")
    seen = {picture.evaluate("one => one.toDataURL()")}
    plane.hover(position={"x": 20, "y": 20})
    seen.add(picture.evaluate("one => one.toDataURL()"))
    plane.focus()
    page.keyboard.press("Shift+ArrowRight")
    seen.add(picture.evaluate("one => one.toDataURL()"))
    assert len(seen) == 3


def test_before_the_first_step_it_moves_and_then_all_is_done_by_keyboard(
    page: Page, server: str
) -> None:
    toy = open_toy(page, server)
    press(toy, "restart")
    # how often it has looked and what it shows then, read at once, since it moves by itself
    looked = "toy => [toy.dataset.looks, toy.querySelectorAll('.toy-matrix')[1].toDataURL()]"
    looks, gradient = toy.evaluate(looked)
    expect(toy).not_to_have_attribute("data-looks", looks)
    assert toy.evaluate(looked)[1] != gradient
    assert toy.get_attribute("data-steps") == "0"
    toy.get_by_test_id("toy-step").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    expect(toy).to_have_attribute("data-steps", "2")
    rate = toy.get_by_role("slider").first
    rate.focus()
    page.keyboard.press("ArrowLeft")
    assert float(rate.get_attribute("aria-valuetext") or "1") < 0.01


@pytest.mark.parametrize("data", ["images", "points"])
def test_a_phone_shows_it_all_without_scrolling_sideways(
    page: Page, server: str, data: str
) -> None:
    page.set_viewport_size({"width": 360, "height": 780})
    toy = open_toy(page, server, f"&data={data}&step=10")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    box = toy.bounding_box()
    assert box is not None
    outside = toy.locator("canvas, button, input").evaluate_all(
        "all => all.filter(one => one.getBoundingClientRect().right > 360).length"
    )
    assert outside == 0


def open_trick(page: Page, server: str, query: str = "") -> Locator:
    page.goto(f"{server}/learn?lesson=reparameterization{query}", wait_until="domcontentloaded")
    root = page.get_by_test_id("learn")
    expect(root).to_have_attribute("data-ready", "true", timeout=60_000)
    return root.get_by_test_id("reparameterization")


def test_the_gradient_follows_the_noise_under_the_hand_without_a_message(
    page: Page, server: str
) -> None:
    trick = open_trick(page, server)
    pad = trick.get_by_test_id("rep-pad")
    page.wait_for_load_state("networkidle")
    messages = Server(page)
    heard, seen = len(messages.heard), set()
    for x in (30, 60, 90):
        pad.hover(position={"x": x, "y": 50})
        seen.add((trick.get_attribute("data-noise"), trick.get_attribute("data-slope")))
    pad.focus()
    page.keyboard.press("ArrowUp")
    seen.add((trick.get_attribute("data-noise"), trick.get_attribute("data-slope")))
    assert len(seen) == 4
    assert len(messages.heard) == heard


def test_the_variances_are_measured_live_and_a_baseline_takes_most_of_their_ratio(
    page: Page, server: str
) -> None:
    trick = open_trick(page, server)
    for _ in range(2):
        trick.get_by_test_id("rep-dice").click()
    expect(trick).to_have_attribute("data-draws", "2")
    trick.get_by_test_id("rep-run").click()
    expect(trick).to_have_attribute("data-draws", re.compile(r"[1-9]\d\d"), timeout=SECONDS * 1000)
    trick.get_by_test_id("rep-run").click()
    expect(trick).to_have_attribute("data-running", "false")
    score = float(trick.get_attribute("data-times") or "nan")
    trick.get_by_test_id("rep-baseline").click()
    baseline = float(trick.get_attribute("data-times") or "nan")
    assert score > 500
    assert 1 < baseline < 0.05 * score
    expect(trick.get_by_test_id("rep-said")).to_contain_text("times the path's")


def test_the_same_draws_come_again_by_the_address(page: Page, server: str) -> None:
    found = [
        open_trick(page, server, "&image=3&draws=40").get_attribute("data-times") for _ in range(2)
    ]
    assert found[0] == found[1] != ""
    assert open_trick(page, server, "&image=99&draws=cats").get_attribute("data-draws") == "0"


def test_a_phone_shows_the_trick_without_scrolling_sideways(page: Page, server: str) -> None:
    page.set_viewport_size({"width": 360, "height": 780})
    trick = open_trick(page, server, "&draws=20")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    outside = trick.locator("canvas, svg, .rep-bar button").evaluate_all(
        "all => all.filter(one => one.closest('.learn-strip') === null"
        " && one.getBoundingClientRect().right > 360).length"
    )
    assert outside == 0
