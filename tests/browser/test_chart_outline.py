"""Outlines drawn around points, in a real browser: short enough to be read, and read alike."""

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.map_page import blank_page
from ui.map import outline as map_outline

AREA = {
    "toX": {"scale": 60.0, "shift": 0},
    "toY": {"scale": -60.0, "shift": 0},
    "width": 700,
    "height": 500,
}
INSIDE = """([text, xy]) => [...map.insideOutlines(text, {
  count: xy.length,
  order: xy.map((_, i) => i),
  projected: { a: xy.map(([x]) => x), b: xy.map(([, y]) => y) },
})]"""


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    page = blank_page(browser, "chart/outline.js")
    yield page
    page.close()


def lasso(x: float, y: float) -> dict[str, str]:
    """Draw a wavy line around a place, as a hand does: many corners, none of them spare."""
    turn = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    reach = 1.5 + 0.2 * np.cos(23 * turn)
    corners = zip(x + reach * np.cos(turn), y + reach * np.sin(turn), strict=True)
    return {"path": "M" + "L".join(f"{a},{b}" for a, b in corners) + "Z"}


@pytest.mark.parametrize("count", [1, 5, 30, 200])
def test_outlines_are_read_in_python_however_many_there_are(tab: Page, count: int) -> None:
    step = min(1, 30 / count)
    drawn = [lasso(-14.6 + 0.4 * step * i, -12.3 - 0.3 * step * i) for i in range(count)]
    text = tab.evaluate("([drawn, area]) => map.outlinesText(drawn, area)", [drawn, AREA])
    assert (len(text) <= map_outline.LONGEST) == (count <= 30)
    outlines = map_outline.parse(text, map_outline.LONGEST_DRAWN)
    assert len(outlines) == count
    xy = np.random.default_rng(0).uniform(-20, 0, (500, 2))
    found = tab.evaluate(INSIDE, [text, xy.tolist()])
    assert found == map_outline.inside(xy, outlines).astype(int).tolist()
    assert 0 < sum(found) < len(xy)
