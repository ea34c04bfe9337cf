"""What is laid over a figure: outlines, ellipses, the prior's rings, words."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ui.figures.colours import BACK, TEXT
from ui.figures.figure import Figure

RING_RADII = (1, 2, 3)
RING = np.linspace(0, 2 * np.pi, 97)


def add_lines(figure: Figure, outlines: Any, colour: str, **line: Any) -> None:
    """Draw outlines, each (points, 2), as one trace that the hand passes through."""
    gap = np.full((1, 2), np.nan)
    joined = [part for outline in outlines for part in (outline, gap)]
    if not joined:
        return
    xy = np.concatenate(joined)
    figure.add(
        "scatter",
        x=xy[:, 0],
        y=xy[:, 1],
        mode="lines",
        line={"color": colour, "width": 1.5, **line},
        hoverinfo="skip",
    )


def add_ellipses(
    figure: Figure,
    centres: np.ndarray,
    covariances: np.ndarray,
    colours: Sequence[str],
    *,
    width: float = 1.5,
) -> None:
    """Draw the 1σ (solid) and 2σ (dotted) ellipses of covariances (N, 2, 2), one colour each."""
    from vae.latent.ellipses import ellipse_outlines

    found = [ellipse_outlines(centres, covariances, sigmas) for sigmas in (1, 2)]
    add_outlines(figure, np.stack(found), colours, width=width)


def add_outlines(
    figure: Figure, both: np.ndarray, colours: Sequence[str], *, width: float = 1.5
) -> None:
    """Draw outlines at 1σ (solid) and at 2σ (dotted), (2, N, points, 2), one colour each."""
    for outlines, dash in zip(both, ("solid", "dot"), strict=True):
        # a seam in the background's colour sets them off from points of the same colour
        add_lines(figure, outlines, BACK, width=width + 2.5)
        figure.data[-1]["opacity"] = 0.75
        for colour in dict.fromkeys(colours):
            same = [
                outline for outline, own in zip(outlines, colours, strict=True) if own == colour
            ]
            add_lines(figure, same, colour, width=width, dash=dash)


def add_rings(figure: Figure, centre: Sequence[float] = (0.0, 0.0)) -> None:
    """Draw the prior's rings of 1, 2 and 3 standard deviations about its mean."""
    circle = np.stack([np.cos(RING), np.sin(RING)], axis=1)
    rings = [np.asarray(centre) + radius * circle for radius in RING_RADII]
    add_lines(figure, rings, TEXT, width=1, dash="dash")
    figure.data[-1] |= {"opacity": 0.7, "name": "prior rings"}
    for radius in RING_RADII:
        add_text(figure, (centre[0] - radius, centre[1]), f"{radius}σ", size=12)


def add_levels(figure: Figure, levels: Sequence[np.ndarray], shares: Sequence[float]) -> None:
    """Draw lines of a prior's density, each (N, 2, 2) segments, with the share that they hold."""
    add_lines(figure, np.concatenate(list(levels)), TEXT, width=1)
    figure.data[-1] |= {"opacity": 0.7, "name": "prior levels"}
    # up, right, left: where they lie within one another the words do not meet
    for segments, share, way in zip(levels, shares, ((0, 1), (1, 0), (-1, 0)), strict=True):
        if len(segments):
            ends = segments.reshape(-1, 2)
            named = "prior " if share == max(shares) else ""
            place = ends[(ends @ np.array(way)).argmax()]
            add_text(figure, place, f"{named}{share:.0%}", size=12)


def add_text(
    figure: Figure, place: Sequence[float], text: str, *, size: int = 13, colour: str = TEXT
) -> None:
    """Write a label into the picture, legible on whatever lies below it."""
    figure.layout["annotations"].append(
        {
            "x": float(place[0]),
            "y": float(place[1]),
            "text": text,
            "showarrow": False,
            "font": {"size": size, "color": colour},
            "bgcolor": BACK,
            "opacity": 0.85,
            "borderpad": 1,
        }
    )
