"""Learn in a real browser: lessons that answer to the hand, their addresses, their questions."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.test_accessibility import findings
from tests.browser.test_pad import Server
from vae.learn import words
from vae.learn.registry import in_order, lesson

PATIENCE = 60_000


def open_lesson(page: Page, server: str, query: str = "") -> Locator:
    page.goto(f"{server}/learn{query}", wait_until="domcontentloaded")
    return ready(page)


def ready(page: Page, name: str | None = None) -> Locator:
    root = page.get_by_test_id("learn")
    if name is not None:
        expect(root).to_have_attribute("data-lesson", name, timeout=PATIENCE)
    expect(root).to_have_attribute("data-ready", "true", timeout=PATIENCE)
    return root


def title(name: str) -> str:
    found: str = words.of_lesson(lesson(name))["title"]
    return found


def test_the_next_lesson_is_one_press_away_by_foot_dots_and_keys(page: Page, server: str) -> None:
    names = [one.name for one in in_order()]
    root = open_lesson(page, server)
    expect(root.locator(".learn-title")).to_have_text(title(names[0]))
    root.get_by_role("button", name=f"next: {title(names[1])}").click()
    ready(page, names[1])
    assert page.url.endswith(f"lesson={names[1]}")
    page.keyboard.press("PageDown")
    ready(page, names[2])
    page.keyboard.press("p")
    ready(page, names[1])
    root.locator(".learn-dot[data-lesson=cloud]").click()
    ready(page, "cloud")
    expect(root.locator(".learn-dot[aria-current]")).to_have_count(1)


def test_a_drag_of_sigma_spreads_the_cloud_without_a_message_to_the_server(
    page: Page, server: str
) -> None:
    messages = Server(page)
    root = open_lesson(page, server, "?lesson=cloud")
    page.wait_for_load_state("networkidle")
    heard = len(messages.heard)
    cloud, slider = root.locator(".cloud"), root.get_by_role("slider")
    before = float(cloud.get_attribute("data-kl"))
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(box["x"] + box["width"] * (0.5 + step / 20), box["y"] + 10)
    page.mouse.up()
    expect(cloud).not_to_have_attribute("data-times", "1.000")
    assert float(cloud.get_attribute("data-times")) > 4
    # while σ is small the KL falls by log σ, twice
    assert before - float(cloud.get_attribute("data-kl")) > 2
    assert "sigma=" in page.url
    assert len(messages.heard) == heard


def test_a_link_opens_a_lesson_as_it_stood(page: Page, server: str) -> None:
    root = open_lesson(page, server, "?lesson=cloud&image=4&sigma=2.51&view=map")
    cloud = root.locator(".cloud")
    expect(cloud).to_have_attribute("data-image", "3")
    expect(cloud).to_have_attribute("data-times", "2.510")
    expect(root.get_by_role("button", name="whole map")).to_have_attribute("aria-pressed", "true")
    root = open_lesson(page, server, "?lesson=holes&show=walk&from=2&to=4&at=0.25")
    expect(root.get_by_role("slider")).to_have_value("0.25")
    root = open_lesson(page, server, "?lesson=compression&view=width&width=7")
    wide = root.locator(".wide")
    expect(wide).to_have_attribute("data-width", "7")
    before = [float(wide.get_attribute(f"data-{name}")) for name in ("network", "pca")]
    root.get_by_role("slider").press("ArrowRight")
    expect(wide).to_have_attribute("data-width", "8")
    after = [float(wide.get_attribute(f"data-{name}")) for name in ("network", "pca")]
    assert after[0] < before[0] < after[1] < before[1]
    drawn = (wide.locator(f".wide-{role}") for role in ("nested", "components"))
    network, pca = (float(side.get_attribute("data-error")) for side in drawn)
    assert network < pca


def test_the_same_draw_is_decoded_by_both_models_under_the_hand(page: Page, server: str) -> None:
    root = open_lesson(page, server, "?lesson=holes")
    sides = [root.locator(f".holes-{role}") for role in ("ae", "vae")]
    before = [side.get_attribute("data-z") for side in sides]
    box = root.get_by_test_id("holes-vae").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.4)
    for side, z in zip(sides, before, strict=True):
        expect(side).not_to_have_attribute("data-z", z)


def test_a_symbol_lights_what_it_names_and_is_lit_by_it(page: Page, server: str) -> None:
    root = open_lesson(page, server, "?lesson=cloud")
    symbol = root.locator(".learn-formula [data-symbol=z]").first
    symbol.hover()
    expect(root.locator(".learn-exhibit[data-lit=z]")).to_have_count(1)
    expect(root.locator(".learn-meaning")).to_contain_text("a draw from the cloud")
    root.get_by_role("slider").hover()
    expect(root.locator(".learn-formula .learn-lit[data-symbol=sigma]").first).to_be_visible()


def test_a_guess_comes_before_the_answer(page: Page, server: str) -> None:
    root = open_lesson(page, server, "?lesson=cloud")
    answer = root.locator(".learn-answer")
    expect(answer).to_be_hidden()
    root.locator(".learn-choice").first.click()
    expect(answer).to_be_visible()
    expect(answer).to_contain_text("Not quite. A narrower cloud costs more")


def test_the_code_stands_beside_with_its_file_and_its_lines(page: Page, server: str) -> None:
    root = open_lesson(page, server, "?lesson=cloud")
    root.get_by_role("button", name="the code that computes it").click()
    expect(root.locator(".learn-sources")).to_contain_text("vae/models/posteriors/gaussian.py")
    expect(root.locator(".learn-sources")).to_contain_text("return qz.mean + qz.stddev * noise")


def test_a_lesson_fits_a_laptop_and_nothing_scrolls_sideways_on_a_phone(
    page: Page, server: str
) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    root = open_lesson(page, server)
    for one in in_order():
        root.locator(f".learn-dot[data-lesson={one.name}]").click()
        ready(page, one.name)
        root.locator(".learn-reveal").click()
        for part in (".learn-told", ".learn-exhibit"):
            over = root.locator(part).evaluate("one => one.scrollHeight - one.clientHeight")
            assert over <= 1, f"{one.name}: {part} scrolls by {over} px"
    page.set_viewport_size({"width": 360, "height": 780})
    for one in in_order():
        root.locator(f".learn-dot[data-lesson={one.name}]").click()
        ready(page, one.name)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        wide = page.get_by_test_id("stMain").evaluate("one => one.scrollWidth - one.clientWidth")
        assert wide <= 0, f"{one.name} is {wide} px too wide"


def test_a_projector_gets_the_whole_screen_and_escape_gives_it_back(
    page: Page, server: str
) -> None:
    root = open_lesson(page, server, "?lesson=cloud&projector=1")
    box = root.bounding_box()
    assert (box["x"], box["y"], box["width"]) == (0, 0, page.viewport_size["width"])
    page.keyboard.press("Escape")
    expect(root).not_to_have_class(re.compile("learn-projected"))
    assert "projector" not in page.url


def test_axe_finds_nothing_grave_in_any_lesson(page: Page, server: str) -> None:
    root = open_lesson(page, server)
    for one in in_order():
        root.locator(f".learn-dot[data-lesson={one.name}]").click()
        ready(page, one.name)
        page.wait_for_load_state("networkidle")
        assert findings(page) == [], one.name


def test_an_unknown_lesson_is_said_and_the_first_one_opens(page: Page, server: str) -> None:
    root = open_lesson(page, server, "?lesson=zebra")
    expect(root.get_by_role("alert")).to_contain_text("There is no lesson “zebra”")
    expect(root).to_have_attribute("data-lesson", in_order()[0].name)


def test_back_returns_to_the_lesson_before_and_its_state(page: Page, server: str) -> None:
    first, second = in_order()[0], in_order()[1]
    root = open_lesson(page, server, f"?lesson={first.name}")
    root.locator(f".learn-dot[data-lesson={second.name}]").click()
    ready(page, second.name)
    page.go_back()
    ready(page, first.name)
    page.go_forward()
    ready(page, second.name)
    assert f"lesson={second.name}" in page.url
