"""The colours of classes and of groups that were found, the same on every page.

`vae/web/parts/colours.js` holds the same lists, which a test compares. A figure made here names the
light colours; the browser puts the dark ones in their place where the page is dark.
"""

CLASS_COLOURS = (
    "#3c9bae",
    "#037362",
    "#0e4500",
    "#827100",
    "#7d70f9",
    "#bc8261",
    "#a81a46",
    "#3409cf",
    "#4e264f",
    "#fc2f9b",
)
"""One colour per class on a light page, label modulo 10."""

DARK_CLASS_COLOURS = (
    "#58f7ff",
    "#438e74",
    "#b0f900",
    "#ccbc7c",
    "#ae98ff",
    "#db6e04",
    "#b8343c",
    "#554bfa",
    "#8f5a87",
    "#ff97be",
)
"""The same on a dark page."""

GROUP_COLOURS = (
    "#928d95",
    "#517899",
    "#17405e",
    "#8a5e69",
    "#463d40",
    "#a0895b",
    "#52330a",
    "#606738",
)
"""Colours of groups that were found without labels, on a light page."""

DARK_GROUP_COLOURS = (
    "#e7e6f2",
    "#567598",
    "#8db9dc",
    "#a2999f",
    "#786369",
    "#fdd5b4",
    "#ae8e64",
    "#656e41",
)
"""The same on a dark page."""
