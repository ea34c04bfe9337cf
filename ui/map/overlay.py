"""What lies over the map's points: rings, ellipses, a mark about one image, names of groups."""

from typing import TYPE_CHECKING

import numpy as np

from ui import resources
from ui.figures.colours import TEXT, class_colour
from ui.figures.figure import Figure, literal
from ui.figures.marks import add_ellipses, add_levels, add_outlines, add_rings, add_text
from ui.map import clusters, data
from ui.map.colouring import Colouring
from ui.map.data import Opened
from ui.map.places import Places
from ui.map.state import Choice, MapState

if TYPE_CHECKING:
    from vae.latent.clusters import Clusters

NONE, CLASSES, CHOSEN, SAMPLE = "none", "each class", "the selection", "some images"
MOST_ELLIPSES = 40
MOST_DIRECT_LABELS, MOST_LISTED = 20, 50
LABEL_ROOM = (0.05, 0.03)
"""Width and height of a label, as shares of the map's."""
MOST_HIDDEN = 0.25


def ellipse_note(model: Opened, places: Places, ellipses: str) -> str:
    """Say of how many images ellipses are drawn, where it is not of all that were asked for."""
    rows = places.rows if ellipses == SAMPLE else MapState().choice(model.id).rows
    if ellipses not in (CHOSEN, SAMPLE):
        return ""
    if rows is None:
        return "select images first: ellipses are drawn of those"
    return f"ellipses of {MOST_ELLIPSES} of {len(rows):,}" if len(rows) > MOST_ELLIPSES else ""


def lay_over(
    figure: Figure,
    model: Opened,
    places: Places,
    ellipses: str,
    choice: Choice,
    groups: "Clusters | None",
) -> None:
    """Draw rings, ellipses of classes, clusters or posteriors, and a ring about one image."""
    axes = places.axes
    # a machine that draws by a chain takes seconds: its lines stand on "Against the prior" alone
    if axes is not None and places.centre is not None and model.drawn_by is None:
        lay_prior(figure, model, axes, places.centre)
    if groups is not None and axes is not None:
        spread = axes @ groups.covariances @ axes.T
        colours = clusters.cluster_colours(groups)
        add_ellipses(figure, places.project(groups.centres), spread, colours)
    if ellipses == CLASSES and axes is not None:
        found = resources.of_model(model.name, data.summaries)
        centres = places.project(np.stack([one.mean for one in found]))
        spread = np.stack([axes @ one.covariance @ axes.T for one in found])
        colours = [class_colour(one.label) for one in found]
        add_ellipses(figure, centres, spread, colours, width=2)
    elif ellipses in (CHOSEN, SAMPLE):
        _posteriors(figure, model, places, ellipses, choice)
    if choice.image is not None:
        _mark(figure, model, places, choice.image)


def lay_prior(figure: Figure, model: Opened, axes: np.ndarray, centre: np.ndarray) -> None:
    """Draw the prior's rings on a plane, or the lines that hold as much of another prior."""
    if model.prior is None:
        return
    if model.prior.is_standard:
        add_rings(figure, -axes @ centre)
        return
    from vae.latent.shown_prior import SHARES

    plane = tuple(map(tuple, axes.tolist())), tuple(centre.tolist())
    add_levels(figure, resources.of_model(model.name, data.prior_outlines, *plane), SHARES)


def _posteriors(
    figure: Figure, model: Opened, places: Places, ellipses: str, choice: Choice
) -> None:
    from ui.map.pictures import spread

    rows = places.rows if ellipses == SAMPLE else choice.rows
    if rows is None:
        return
    rows = spread(rows, MOST_ELLIPSES)
    colours = [class_colour(int(label)) for label in model.atlas.label[rows]]
    add_outlines(figure, _outlines(model, places, rows), colours, width=1.5)


def _outlines(model: Opened, places: Places, rows: np.ndarray) -> np.ndarray:
    from vae.latent.ellipses import posterior_outlines

    assert places.axes is not None, "outlines are drawn only where there are axes"
    centres = places.project(model.atlas.loc[rows])
    return posterior_outlines(model.atlas, rows, places.axes, centres)


def _mark(figure: Figure, model: Opened, places: Places, row: int) -> None:
    at = np.flatnonzero(places.rows == row)
    if not len(at):
        return
    x, y = places.xy[at[0]]
    figure.add(
        "scatter",
        x=[float(x)],
        y=[float(y)],
        mode="markers",
        marker={
            "size": 15,
            "symbol": "circle-open",
            "color": TEXT,
            "line": {"width": 2.5},
        },
        hoverinfo="skip",
        name="looked at",
    )
    if places.axes is not None and model.has_ellipses:
        add_outlines(figure, _outlines(model, places, np.array([row])), [TEXT], width=1.5)


def name_groups(figure: Figure, places: Places, colours: Colouring) -> list[tuple[str, str]]:
    """Write the groups' names on the map; where one has no room, return all with their colours."""
    if colours.group is None:
        return []
    # k-means may leave groups empty, and a plane may lack all images of one
    present = np.unique(colours.group)
    if not places.equal or not 1 < len(present) <= MOST_LISTED:
        return []
    names = [colours.names[i] for i in present]
    # in a list alone, groups of one colour could not be told apart
    shared = len({colour for _, colour in names}) < len(names)
    if len(present) > MOST_DIRECT_LABELS and not shared:
        return names
    middles = np.stack([np.median(places.xy[colours.group == i], axis=0) for i in present])
    apart = np.abs(middles[:, None] - middles) / (np.ptp(places.xy, axis=0).max() or 1.0)
    # groups on top of each other cannot be named in place
    hidden = np.triu((apart < LABEL_ROOM).all(axis=2), 1).any(axis=0)
    if hidden.mean() > MOST_HIDDEN and not shared:
        return names
    for i in np.flatnonzero(~hidden):
        add_text(figure, middles[i], literal(names[i][0]))
    return names if hidden.any() else []


def name_heights(figure: Figure, model: Opened) -> None:
    """Write the classes beside a map of one dimension."""
    labels = [int(label) for label in np.unique(model.atlas.label)]
    figure.layout["yaxis"] |= {
        "automargin": True,
        "tickvals": [max(0, label) for label in labels],
        "ticktext": [literal(model.class_name(label)) for label in labels],
    }
