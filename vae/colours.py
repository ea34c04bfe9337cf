"""The colours of classes and of groups that were found, the same on every page.

A figure made here names the colours of a light page. `vae/web/parts/colours.js` holds the same
lists, which a test compares, and those of a dark page, which the browser puts in their place there.
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
