"""Pages by their addresses, as from a bookmark on a server that has just started."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.app_server import ROOT, app_server
from ui import navigation


@pytest.fixture(scope="module")
def fresh_server(tmp_path_factory: pytest.TempPathFactory):
    """A server that nobody has visited before this module's tests."""
    folder: Path = tmp_path_factory.mktemp("fresh")
    with app_server(folder / "log", {"VAE_RUNS": str(folder / "runs")}) as address:
        yield address


# the last one first, since the first visit of all is the one that could go wrong
@pytest.mark.parametrize(
    "file", navigation.page_files(ROOT / "pages")[::-1], ids=lambda file: file.title
)
def test_every_address_opens_its_page_inside_the_frame_and_says_what_is_wrong_with_it(
    page: Page, fresh_server: str, file: navigation.PageFile
) -> None:
    page.goto(f"{fresh_server}/{file.path.stem}?model=nowhere", wait_until="domcontentloaded")
    expect(page.get_by_role("heading", name=file.title, exact=True)).to_be_visible(timeout=60_000)
    expect(page.get_by_role("combobox", name="Model").first).to_be_visible(timeout=60_000)
    links = page.get_by_test_id("stSidebar").get_by_test_id("stPageLink")
    expect(links).to_have_count(len(navigation.page_files(ROOT / "pages")))
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("alert").filter(has_text="“nowhere”")).to_have_count(1)
