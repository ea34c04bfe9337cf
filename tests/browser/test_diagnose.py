"""Diagnose in a real browser: the microscope follows the hand, and findings show their evidence."""

import math

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_pad import Server

# what is promised on the screen, nats
SHOWN = 0.01
# its images are built in
MODEL = "digits-2d"


def open_diagnose(page: Page, server: str, query: str = "") -> Locator:
    page.goto(f"{server}/diagnose?model={MODEL}{query}", wait_until="domcontentloaded")
    return ready(page)


def ready(page: Page) -> Locator:
    root = page.get_by_test_id("diagnose")
    expect(root).to_have_attribute("data-ready", "true", timeout=60_000)
    return root


def terms(root: Locator) -> tuple[float, float, float]:
    """log p(x), ELBO and KL in nats."""
    return tuple(float(root.get_attribute(f"data-{name}")) for name in ("log", "elbo", "kl"))


def plane_of(root: Locator) -> Locator:
    return root.get_by_test_id("microscope-plane")


def q_of(root: Locator) -> list[float]:
    """Mean and σ of q."""
    return [float(value) for value in plane_of(root).get_attribute("data-q").split(",")]


def angle_of(root: Locator) -> float:
    """How far the first axis of q lies above the plane's own, radians."""
    return float(plane_of(root).get_attribute("data-angle"))


def centre(root: Locator) -> tuple[float, float]:
    """Where the centre of q stands on the screen."""
    return spot(root, "at")


def spot(root: Locator, name: str) -> tuple[float, float]:
    """Where something of q stands on the screen."""
    box = plane_of(root).bounding_box()
    x, y = (float(value) for value in plane_of(root).get_attribute(f"data-{name}").split(","))
    return box["x"] + x, box["y"] + y


def settled(root: Locator) -> None:
    expect(root.locator(".dg-sum")).to_contain_text("each by its own quadrature", timeout=30_000)


def test_the_bars_follow_q_and_add_up_without_a_message_to_the_server(
    page: Page, server: str
) -> None:
    # the first visit measures the model, and the page asks how far that is
    open_diagnose(page, server)
    messages = Server(page)
    root = open_diagnose(page, server)
    settled(root)
    log, elbo, kl = terms(root)
    assert elbo + kl == pytest.approx(log, abs=SHOWN)
    page.wait_for_load_state("networkidle")
    heard, before, (x, y) = len(messages.heard), q_of(root), centre(root)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 7):
        page.mouse.move(x + 8 * step, y - 4 * step)
    expect(plane_of(root)).not_to_have_attribute("data-q", ",".join(map(str, before)))
    page.mouse.up()
    settled(root)
    now, moved = terms(root), q_of(root)
    assert moved[0] > before[0] and moved[1] > before[1]
    assert moved[2:] == before[2:]
    assert now[0] == log
    assert abs(now[1] - elbo) > SHOWN
    assert now[1] + now[2] == pytest.approx(log, abs=SHOWN)
    assert len(messages.heard) == heard


def test_the_rim_stretches_q_keys_move_it_and_the_knob_turns_it(page: Page, server: str) -> None:
    root = open_diagnose(page, server)
    before, (x, y) = q_of(root), centre(root)
    # from the centre outwards the first place that takes the rim
    page.mouse.move(x, y)
    for step in range(1, 400):
        page.mouse.move(x + step, y)
        if plane_of(root).evaluate("canvas => canvas.style.cursor") == "nwse-resize":
            break
    page.mouse.down()
    page.mouse.move(x + step + 60, y)
    page.mouse.up()
    wide = q_of(root)
    assert wide[2] > before[2]
    assert [wide[0], wide[1], wide[3]] == [before[0], before[1], before[3]]
    plane_of(root).press("ArrowUp")
    assert q_of(root)[1] > before[1]
    plane_of(root).press("Shift+ArrowUp")
    assert q_of(root)[3] > before[3]
    # turned by keys and by the knob halfway between the squares, and the bars still add up
    plane_of(root).press("[")
    assert angle_of(root) == pytest.approx(math.radians(5))
    assert q_of(root)[2] == wide[2]
    (x, y), knob = centre(root), spot(root, "knob")
    page.mouse.move(*knob)
    page.mouse.down()
    # a quarter turn against the clock, seen from the centre
    page.mouse.move(x + (knob[1] - y), y - (knob[0] - x))
    page.mouse.up()
    # pixels of a knob that is tens of them away from the centre
    assert angle_of(root) == pytest.approx(math.radians(95), abs=0.1)
    expect(root.locator(".dg-slice")).to_contain_text("cannot turn q by itself")
    settled(root)
    log, elbo, kl = terms(root)
    assert elbo + kl == pytest.approx(log, abs=SHOWN)
    root.get_by_role("button", name="q of the encoder").click()
    assert q_of(root) == before and angle_of(root) == 0


def test_a_finding_shows_its_evidence_and_an_image_goes_under_the_microscope(
    page: Page, server: str
) -> None:
    root = open_diagnose(page, server)
    root.get_by_role("button", name="Reconstructs to").click()
    expect(page).to_have_url(f"{server}/diagnose?model={MODEL}&show=reconstructions")
    thumbs = root.locator(".dg-thumb")
    expect(thumbs).to_have_count(24)
    root.get_by_role("button", name="next image").click()
    expect(thumbs.nth(1)).to_have_attribute("aria-pressed", "true")
    row = thumbs.nth(1).get_attribute("aria-label").split()[1].rstrip(",")
    root.get_by_role("button", name="put under the microscope").click()
    expect(root).to_have_attribute("data-image", row)
    expect(page).to_have_url(f"{server}/diagnose?model={MODEL}&image={row}")
    settled(root)
    log, elbo, kl = terms(root)
    assert elbo + kl == pytest.approx(log, abs=SHOWN)


def test_a_drawing_goes_under_the_microscope_when_the_pen_is_lifted(
    page: Page, server: str
) -> None:
    root = open_diagnose(page, server)
    settled(root)
    before = terms(root)
    switch = root.get_by_role("button", name="draw one")
    switch.click()
    sheet = page.get_by_test_id("drawing").bounding_box()
    assert sheet is not None
    page.mouse.move(sheet["x"] + sheet["width"] / 2, sheet["y"] + sheet["height"] / 5)
    page.mouse.down()
    page.mouse.move(sheet["x"] + sheet["width"] / 2, sheet["y"] + 4 * sheet["height"] / 5, steps=4)
    assert terms(root) == before
    page.mouse.up()
    expect(root.locator("figcaption").first).to_have_text("your drawing")
    expect(root).not_to_have_attribute("data-log", str(before[0]))
    ready(page)
    settled(root)
    log, elbo, kl = terms(root)
    assert elbo + kl == pytest.approx(log, abs=SHOWN)
    # the sheet goes, and what was drawn stays
    switch.click()
    expect(page.get_by_test_id("drawing")).to_have_count(0)
    assert terms(root) == (log, elbo, kl)


def test_log_px_is_measured_when_asked_for(page: Page, server: str) -> None:
    root = open_diagnose(page, server, "&show=likelihood")
    root.get_by_role("button", name="measure all").click()
    expect(root.locator(".dg-numbers")).to_contain_text("the bound is loose by", timeout=60_000)
    expect(root.get_by_role("button", name="The bound is")).to_be_visible(timeout=60_000)
    expect(root.get_by_role("button", name="measure all")).to_be_hidden(timeout=60_000)


def test_the_images_that_share_a_place_follow_the_hand(page: Page, server: str) -> None:
    root = open_diagnose(page, server, "&show=blurry")
    shares = root.locator(".dg-share")
    expect(shares.first).to_be_visible()
    before = root.locator(".dg-count").text_content()
    box = root.get_by_test_id("cover-plane").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(root.locator(".dg-count")).not_to_have_text(before)
    expect(root.get_by_text("% of the weight")).to_be_visible()
