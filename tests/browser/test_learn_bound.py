"""The lessons on β, the ELBO and uses in a real browser: all follow the hand without a message."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_pad import Server

# what is promised on the screen, nats
SHOWN = 0.01
LESSONS = ("beta", "elbo", "uses")


def open_lesson(page: Page, server: str, query: str) -> Locator:
    """Return the exhibit of a lesson, once its first picture stands."""
    page.goto(f"{server}/learn?lesson={query}", wait_until="domcontentloaded")
    root = page.get_by_test_id("learn")
    expect(root).to_have_attribute("data-ready", "true", timeout=60_000)
    return root.locator(".learn-exhibit")


def number(exhibit: Locator, name: str) -> float:
    return float(exhibit.get_attribute(f"data-{name}"))


def drawn_at(exhibit: Locator, test_id: str) -> tuple[float, float, float, float]:
    box = exhibit.get_by_test_id(test_id).bounding_box()
    return box["x"], box["y"], box["width"], box["height"]


def test_what_the_elbo_loses_the_kl_gains_while_q_is_dragged(page: Page, server: str) -> None:
    messages = Server(page)
    exhibit = open_lesson(page, server, "elbo")
    settled = exhibit.locator(".dg-sum")
    expect(settled).to_contain_text("each by its own quadrature", timeout=30_000)
    log, elbo = number(exhibit, "log"), number(exhibit, "elbo")
    page.wait_for_load_state("networkidle")
    heard = len(messages.heard)
    left, top, *_ = drawn_at(exhibit, "microscope-plane")
    plane = exhibit.get_by_test_id("microscope-plane")
    x, y = (float(value) for value in plane.get_attribute("data-at").split(","))
    page.mouse.move(left + x, top + y)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(left + x - 6 * step, top + y - 6 * step)
    page.mouse.up()
    expect(settled).to_contain_text("each by its own quadrature", timeout=30_000)
    assert number(exhibit, "log") == log
    assert number(exhibit, "elbo") < elbo - SHOWN
    assert number(exhibit, "elbo") + number(exhibit, "kl") == pytest.approx(log, abs=SHOWN)
    # the same q from the side of more draws: one of them gives the ELBO, many come to log p(x)
    exhibit.get_by_role("button", name="more draws").click()
    expect(page).to_have_url(f"{server}/learn?lesson=elbo&side=tighter")
    station = exhibit.locator(".ln-station")
    expect(station).to_have_attribute("data-known", "4096", timeout=20_000)
    assert number(station, "first") < number(station, "bound") <= log + SHOWN
    assert len(messages.heard) == heard


def test_a_loss_is_minus_its_log_likelihood_to_the_digit(page: Page, server: str) -> None:
    exhibit = open_lesson(page, server, "elbo&side=likelihood")
    station = exhibit.locator(".ln-station")
    expect(exhibit.get_by_test_id("bernoulli")).not_to_be_empty()
    assert -number(station, "probability") == pytest.approx(number(station, "entropy"), abs=1e-6)
    before = exhibit.get_by_test_id("gaussian").inner_text()
    exhibit.get_by_role("slider", name="σ of a pixel").press("ArrowRight")
    now = exhibit.get_by_test_id("gaussian").inner_text()
    assert now != before
    # the density and the sum it is made of stand there with the same digits
    density = now.splitlines()[0].split(" = ")[1]
    assert now.endswith(f"= {density}")


def apart(exhibit: Locator) -> float:
    """By how much of white the images come back apart, at the pixel where it is most."""
    return float(
        exhibit.locator(".ln-row")
        .nth(1)
        .locator("canvas")
        .evaluate_all(
            """all => {
              const pixels = all.map((one) =>
                one.getContext("2d").getImageData(0, 0, one.width, one.height).data);
              const spans = Array.from(pixels[0], (_, i) => {
                const values = pixels.map((one) => one[i]);
                return Math.max(...values) - Math.min(...values);
              });
              return Math.max(...spans) / 255;
            }"""
        )
    )


def test_one_slider_moves_rate_map_and_pictures(page: Page, server: str) -> None:
    messages = Server(page)
    exhibit = open_lesson(page, server, "beta")
    page.wait_for_load_state("networkidle")
    heard = len(messages.heard)
    rate, sharing = number(exhibit, "rate"), number(exhibit, "sharing")
    slider = exhibit.get_by_role("slider", name="weight of the KL")
    slider.press("End")
    expect(exhibit).to_have_attribute("data-beta", "100")
    # collapse: no code, no place of its own for any image, one and the same picture
    assert number(exhibit, "rate") < 0.02 < rate
    assert number(exhibit, "sharing") > 100 * sharing
    assert apart(exhibit) < 0.1
    slider.press("Home")
    expect(exhibit).to_have_attribute("data-beta", "0.01")
    assert number(exhibit, "rate") > rate
    assert apart(exhibit) > 0.8
    expect(page).to_have_url(re.compile("weight=0.01"))
    left, top, width, height = drawn_at(exhibit, "beta-plane")
    frames = number(exhibit, "frames")
    for step in range(8):
        page.mouse.move(left + width / 2 + 5 * step, top + height / 2)
    assert number(exhibit, "frames") > frames
    assert len(messages.heard) == heard


def test_a_drawing_is_told_its_class_and_scored_and_a_chain_takes_steps(
    page: Page, server: str
) -> None:
    exhibit = open_lesson(page, server, "uses&use=labels")
    side = exhibit.locator(".dg-stage")
    expect(side).to_have_attribute("data-best", "6")
    stroke(page, exhibit)
    # one upright stroke
    expect(side).to_have_attribute("data-best", "1")
    exhibit.get_by_role("button", name="strange").click()
    expect(side).to_have_attribute("data-drawn", "")
    stroke(page, exhibit)
    expect(side).not_to_have_attribute("data-drawn", "")
    assert number(side, "empty") < number(side, "limit")
    exhibit.get_by_role("button", name="before it").click()
    before = exhibit.locator(".ln-before")
    exhibit.get_by_role("button", name="pause").click()
    steps = number(before, "steps")
    exhibit.get_by_role("button", name="step", exact=True).click()
    assert number(before, "steps") == steps + 1


def stroke(page: Page, exhibit: Locator) -> None:
    """Draw an upright line on the sheet."""
    left, top, width, height = drawn_at(exhibit, "drawing")
    page.mouse.move(left + width / 2, top + 0.2 * height)
    page.mouse.down()
    page.mouse.move(left + width / 2, top + 0.8 * height, steps=6)
    page.mouse.up()


@pytest.mark.parametrize("lesson", LESSONS)
def test_nothing_scrolls_sideways_on_a_phone(page: Page, server: str, lesson: str) -> None:
    page.set_viewport_size({"width": 360, "height": 780})
    open_lesson(page, server, lesson)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
