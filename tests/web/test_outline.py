"""Outlines drawn around points: short enough for an address, and read alike here and there."""

from typing import Any

import numpy as np
import pytest

from tests.web import node
from ui.map import outline as map_outline

AREA = {
    "toX": {"scale": 60.0, "shift": 0},
    "toY": {"scale": -60.0, "shift": 0},
    "width": 700,
    "height": 500,
}
XY = np.random.default_rng(0).uniform(-20, 0, (500, 2))
# the text of each drawing, and which points lie in it as the browser says
READ = """({ outlinesText, insideOutlines }, [drawings, area, xy]) => {
  const cloud = {
    count: xy.length,
    order: xy.map((_, i) => i),
    projected: { a: xy.map(([x]) => x), b: xy.map(([, y]) => y) },
  };
  return drawings.map((drawn) => {
    const text = outlinesText(drawn, area);
    return [text, [...insideOutlines(text, cloud)]];
  });
}"""
COUNTS = (1, 5, 30, 200)


def lasso(x: float, y: float) -> dict[str, str]:
    """Draw a wavy line around a place, as a hand does: many corners, none of them spare."""
    turn = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    reach = 1.5 + 0.2 * np.cos(23 * turn)
    corners = zip(x + reach * np.cos(turn), y + reach * np.sin(turn), strict=True)
    return {"path": "M" + "L".join(f"{a},{b}" for a, b in corners) + "Z"}


def drawing(count: int) -> list[dict[str, str]]:
    step = min(1, 30 / count)
    return [lasso(-14.6 + 0.4 * step * i, -12.3 - 0.3 * step * i) for i in range(count)]


@pytest.fixture(scope="module")
def read() -> dict[int, Any]:
    """What the browser's scripts make of drawings of so many outlines: text and mask."""
    asked = [[drawing(count) for count in COUNTS], AREA, XY.tolist()]
    return dict(zip(COUNTS, node.evaluate(READ, asked, "chart/outline.js"), strict=True))


@pytest.mark.parametrize("count", COUNTS)
def test_outlines_are_read_in_python_however_many_there_are(
    read: dict[int, Any], count: int
) -> None:
    text, found = read[count]
    assert (len(text) <= map_outline.LONGEST) == (count <= 30)
    outlines = map_outline.parse(text, map_outline.LONGEST_DRAWN)
    assert outlines is not None
    assert len(outlines) == count
    assert found == map_outline.inside(XY, outlines).astype(int).tolist()
    assert 0 < sum(found) < len(XY)
