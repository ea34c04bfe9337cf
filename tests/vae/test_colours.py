"""The colours of classes and groups: seen on the page, told apart, one list in both languages."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from tests.web import node
from vae import colours

ROOT = Path(__file__).resolve().parents[2]
THEMES = ("light", "dark")
LISTS = node.evaluate("(scripts) => scripts", None, "parts/colours.js")
"""What the browser draws with, by name and theme."""
PALETTES = {
    (kind, theme): tuple(LISTS[f"{kind.upper()}_COLOURS"][theme])
    for kind in ("class", "group")
    for theme in THEMES
}
BEFORE = 10.75
"""Smallest CIEDE2000 difference, for protanopia, of the one list that served both pages before."""
# Machado, Oliveira and Fernandes (2009), severity 1: what dichromats see of linear RGB.
SIGHTS = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = [
    [0.4124564, 0.3575761, 0.1804375],
    [0.2126729, 0.7151522, 0.0721750],
    [0.0193339, 0.1191920, 0.9503041],
]


def linear(names: tuple[str, ...]) -> np.ndarray:
    """Colours such as #3c9bae as linear RGB in [0, 1], (N, 3)."""
    encoded = np.array([[int(name[i : i + 2], 16) / 255 for i in (1, 3, 5)] for name in names])
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def cielab(rgb: np.ndarray) -> np.ndarray:
    """CIELAB (D65) of linear RGB (..., 3)."""
    xyz = rgb.clip(0, 1) @ np.transpose(TO_XYZ) / [0.95047, 1, 1.08883]
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    x, y, z = np.moveaxis(f, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def ciede2000(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Difference of CIELAB colours (..., 3) (Sharma, Wu and Dalal 2005)."""
    (l1, a1, b1), (l2, a2, b2) = np.moveaxis(first, -1, 0), np.moveaxis(second, -1, 0)
    chroma = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7))
    c1, c2 = np.hypot(stretch * a1, b1), np.hypot(stretch * a2, b2)
    h1 = np.degrees(np.arctan2(b1, stretch * a1)) % 360
    h2 = np.degrees(np.arctan2(b2, stretch * a2)) % 360
    turn = np.where(c1 * c2 == 0, 0, (h2 - h1 + 180) % 360 - 180)
    lightness, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    hue = np.where(c1 * c2 == 0, h1 + h2, (h1 + turn / 2) % 360)
    weight = 1 - 0.17 * cosine(hue - 30) + 0.24 * cosine(2 * hue)
    weight += 0.32 * cosine(3 * hue + 6) - 0.20 * cosine(4 * hue - 63)
    rotation = 60 * np.exp(-(((hue - 275) / 25) ** 2))
    mixed = -2 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7)) * np.sin(np.radians(rotation))
    squared = (lightness - 50) ** 2
    of_l = (l2 - l1) / (1 + 0.015 * squared / np.sqrt(20 + squared))
    of_c = (c2 - c1) / (1 + 0.045 * chroma)
    of_h = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2)) / (1 + 0.015 * chroma * weight)
    return np.sqrt(of_l**2 + of_c**2 + of_h**2 + mixed * of_c * of_h)


def cosine(degrees: np.ndarray) -> np.ndarray:
    return np.cos(np.radians(degrees))


def differences(names: tuple[str, ...], sight: str) -> np.ndarray:
    """CIEDE2000 of every pair of colours as a sight sees them."""
    seen = cielab(linear(names) @ np.transpose(SIGHTS[sight]))
    return ciede2000(seen[:, None], seen)[np.triu_indices(len(names), 1)]


def luminance(names: tuple[str, ...]) -> np.ndarray:
    return linear(names) @ [0.2126, 0.7152, 0.0722]


def background(theme: str) -> str:
    """What a page and its planes are drawn on."""
    text = (ROOT / ".streamlit/config.toml").read_text("utf-8")
    return tomllib.loads(text)["theme"][theme]["backgroundColor"]


def test_the_difference_is_the_published_one() -> None:
    # pairs 1, 7, 17 and 20 of the table in Sharma, Wu and Dalal (2005)
    first = [[50, 2.6772, -79.7751], [50, 0, 0], [50, 2.5, 0], [50, 2.5, 0]]
    second = [[50, 0, -82.7485], [50, -1, 2], [73, 25, -18], [50, 3.2592, 0.335]]
    found = ciede2000(np.array(first), np.array(second))
    np.testing.assert_allclose(found, [2.0425, 2.3669, 27.1492, 1.0], atol=5e-5)


@pytest.mark.parametrize(("kind", "theme"), PALETTES)
def test_every_colour_has_a_contrast_of_three_on_the_page(kind: str, theme: str) -> None:
    behind, shown = luminance((background(theme),)), luminance(PALETTES[kind, theme])
    contrast = (np.maximum(shown, behind) + 0.05) / (np.minimum(shown, behind) + 0.05)
    assert contrast.min() >= 3


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize(("kind", "theme"), PALETTES)
def test_colours_differ_for_every_kind_of_sight(kind: str, theme: str, sight: str) -> None:
    least = 14 if kind == "class" else 13
    assert least > BEFORE
    assert differences(PALETTES[kind, theme], sight).min() > least


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_group_looks_like_a_class(theme: str) -> None:
    groups, classes = (cielab(linear(PALETTES[kind, theme])) for kind in ("group", "class"))
    assert ciede2000(groups[:, None], classes).min() > 13


@pytest.mark.parametrize("kind", ["class", "group"])
def test_a_colour_has_the_same_hue_on_a_light_and_a_dark_page(kind: str) -> None:
    # of OKLab, which was made for equal hues to look equal
    angles = [np.arctan2(*oklab(linear(PALETTES[kind, theme]))[:, :0:-1].T) for theme in THEMES]
    away = np.degrees(angles[1] - angles[0] + np.pi) % 360 - 180
    assert np.abs(away).max() < (15 if kind == "class" else 30)


def oklab(rgb: np.ndarray) -> np.ndarray:
    """OKLab (Ottosson 2020) of linear RGB (N, 3)."""
    to_cones = [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
    to_lab = [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
    return np.cbrt(rgb @ np.transpose(to_cones)) @ np.transpose(to_lab)


def test_figures_name_the_colours_that_the_browser_has_for_a_light_page() -> None:
    assert PALETTES["class", "light"] == colours.CLASS_COLOURS
    assert PALETTES["group", "light"] == colours.GROUP_COLOURS
