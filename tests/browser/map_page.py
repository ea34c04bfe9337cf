"""A blank page with the map's module, and the points to show on it."""

import base64
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page

from tests.browser import scripts
from vae.checkpoint import Atlas
from vae.export.points import points_payload_from_atlas

SCRIPTS = ("plane/plane.js", "plane/names.js", "core/points.js", "plane/sketch.js", "plane/view.js")
SIDE = 300
THEME = {"text": "#202020", "background": "#ffffff", "accent": "#c2185b", "border": "#dddddd"}

BYTES = """globalThis.bytes =
  (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer"""
# rings off: what is asked for below are the pixels of points
PLANE = """([text, theme, side]) => {
  document.body.replaceChildren();
  const canvas = document.body.appendChild(document.createElement("canvas"));
  canvas.style.cssText = `width: ${side}px; height: ${side}px`;
  globalThis.points = text === null ? null : map.parsePoints(bytes(text));
  globalThis.plane = map.createPlane(canvas, { theme });
  plane.setLayers({ rings: false });
  plane.setPoints(points);
  plane.setView({ cx: 0, cy: 0, span: 6 });
  plane.draw();
  globalThis.pixel = (a, b) => {
    const ratio = devicePixelRatio;
    const [x, y] = plane.toScreen(a, b).map((side) => Math.floor(side * ratio));
    return [...canvas.getContext("2d").getImageData(x, y, 1, 1).data.subarray(0, 3)];
  };
  globalThis.picture = () => canvas.toDataURL();
}"""


def blank_page(browser: Browser, *paths: str, **options: Any) -> Page:
    """Open a page with `map`, what the scripts export, and `bytes`, which reads base64."""
    page = browser.new_page(viewport={"width": 800, "height": 700}, **options)
    scripts.load(page, "map", *(paths or SCRIPTS))
    page.evaluate(BYTES)
    return page


def atlas_of(loc: Any, label: Any = None, scale: Any = None) -> Atlas:
    """Points at loc (N, z_dim) with labels 0, 1, … 9, 0, … unless given."""
    loc = np.asarray(loc, np.float32)
    return Atlas(
        loc=loc,
        scale=np.full_like(loc, 0.25) if scale is None else np.asarray(scale, np.float32),
        label=np.arange(len(loc)) % 10 if label is None else np.asarray(label),
        index=np.arange(len(loc)),
    )


def cloud(count: int, z_dim: int = 2) -> Atlas:
    """Normally distributed points with labels from −1 to 9."""
    draw = np.random.default_rng(0)
    loc, scale = draw.normal(0, 1.2, (count, z_dim)), draw.uniform(0, 1, (count, z_dim))
    return atlas_of(loc, draw.integers(-1, 10, count), scale)


def encoded(payload: bytes) -> str:
    """Bytes as base64, in which they pass as an argument."""
    return base64.b64encode(payload).decode()


def show(tab: Page, atlas: Atlas | None, theme: dict[str, str] = THEME) -> None:
    """Put a fresh `plane` on the page that shows [−3, 3]² and, of its layers, the points."""
    text = None if atlas is None else encoded(points_payload_from_atlas(atlas))
    tab.evaluate(PLANE, [text, theme, SIDE])
