"""Every page as axe sees it, light and dark: no violation that keeps a person out."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.app_server import ROOT
from ui import navigation

STILL = """() => !document.querySelector('[data-stale="true"]')
  && document.querySelector('[data-test-script-state="notRunning"]')
  && document.getAnimations().every((one) => one.playState !== "running"
    || one.effect.getComputedTiming().endTime === Infinity)"""
GRAVE = {"serious", "critical"}
# of moderate impact by axe's own scale, but who listens to a page finds the way by its headings
ALSO = {"heading-order", "page-has-heading-one", "landmark-unique"}


def open_quiet(page: Page, address: str, title: str) -> None:
    """Open a page and return once its script has ended and its heading stands there."""
    page.goto(address, wait_until="domcontentloaded")
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible(timeout=60_000)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator('[data-test-script-state="notRunning"]')).to_be_visible(timeout=60_000)
    # decoder, points and pictures have come
    page.wait_for_load_state("networkidle")
    expect(page.locator(".pad-loading, .pad-stale, [data-testid='stSkeleton']")).to_have_count(0)
    # what is being drawn anew is dimmed meanwhile
    page.wait_for_function(STILL)


def findings(page: Page) -> list[str]:
    """Return one line for each element that breaks a rule of those that count here."""
    violations = Axe().run(page).response["violations"]
    return [
        f"{violation['id']} ({violation['impact']}): {node['target']} {why(node)} {node['html']}"
        for violation in violations
        if violation["impact"] in GRAVE or violation["id"] in ALSO
        for node in violation["nodes"]
    ]


def why(node: dict) -> str:
    """Return the first of axe's reasons."""
    return next(iter(node["any"] + node["all"] + node["none"]), {"message": ""})["message"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "file", navigation.page_files(ROOT / "pages"), ids=lambda file: file.path.stem
)
def test_axe_finds_nothing_grave(
    page: Page, server: str, file: navigation.PageFile, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)
    open_quiet(page, f"{server}/{file.path.stem}", file.title)
    assert findings(page) == []
