"""Map: where the encoded images lie, alone and in groups, and how that meets the prior."""

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator as Place

from ui import collapse, frame, words
from ui.map import (
    address as map_address,
)
from ui.map import bic as map_bic
from ui.map import (
    clusters as map_clusters,
)
from ui.map import (
    data as map_data,
)
from ui.map import (
    layout as map_layout,
)
from ui.map import (
    link as map_link,
)
from ui.map import (
    overlay as map_overlay,
)
from ui.map import (
    panel as map_panel,
)
from ui.map import (
    planes as map_planes,
)
from ui.map import (
    prior as map_prior,
)
from ui.map import (
    tables as map_tables,
)
from ui.map import (
    views as map_views,
)
from ui.routes import charts
from ui.state import AppState
from vae.errors import UserError

TITLE = "Map"
ORDER = 3
SCRIPT = "chart/chart.js"

ENCODED, CLUSTERS, PRIOR = "Encoded images", "Clusters", "Against the prior"
SENTENCES = {
    ENCODED: "Draw around points to see their images; press one for its neighbours.",
    CLUSTERS: "Choose how many groups to look for; press a point or draw around some.",
    PRIOR: "Press a place: the decoder shows what it makes of it.",
}
ONE_DIMENSION = "Choose a dimension: how its codes are spread, beside the prior."

EXPLANATION = """
- **A point** is one held-out image at the *mean* μ of its posterior q(z|x). **Ellipses** are 1σ
  (solid) and 2σ (dotted): of the posteriors of single images, or of the spread of a class.
- **Drawing around points** with the lasso or the box selects them: the panel shows their images,
  their mean decoded and their classes. **Pressing a point** shows that image, its reconstruction
  and its nearest neighbours in z.
- **Clusters** are found without the labels, and have letters and colours of their own. *ARI* and
  *NMI* say how well they meet the classes: 0 is chance (ARI), 1 is perfect. The *BIC* curve helps
  to choose how many there are.
- **The aggregate posterior** q(z) is the mean of all images' posteriors, where the decoder was
  trained. Where the prior p(z) has mass and q(z) has none lies a *hole*: a sample from there
  decodes to something that was never asked for.
"""


def routes() -> list[Any]:
    """Serve what this page's components fetch."""
    return charts.routes()


def page() -> None:
    """Draw the page."""
    model = AppState().model
    if model is None:
        frame.heading(TITLE, SENTENCES[ENCODED])
        st.info("There is no model to map yet: train one, or put one into `checkpoints`.")
        return
    body(model)


@st.fragment
def body(name: str) -> None:
    """Draw what answers to the hand."""
    map_layout.style()
    heading = st.container(key="map_heading", gap="xsmall")
    try:
        model = map_data.opened(name)
        map_address.MapAddress().read(st.query_params, model.id)
        views = {ENCODED: encoded_images, CLUSTERS: clusters, PRIOR: against_prior}
        view, menus = map_layout.controls(list(views))
        views[view](model, menus, heading)
    except UserError as error:
        with heading:
            frame.heading(TITLE, SENTENCES[ENCODED])
        st.error(words.plain(str(error)))
    with st.expander("What am I looking at?"):
        st.markdown(EXPLANATION)


def encoded_images(model: map_data.Opened, menus: Place, heading: Place) -> None:
    """Show the posterior means with the panel of what is chosen."""
    with heading:
        frame.heading(TITLE, SENTENCES[ENCODED])
    with menus:
        plane = map_planes.choose_kind(model)
        colour = map_views.choose_colour(model)
        ellipses = map_views.choose_ellipses(model, plane)
        with map_layout.settings(map_planes.has_settings(model, plane)):
            places, missing = map_planes.choose_plane(model, plane)
    map_link.restore(model, None if missing else places)
    chart, status, right = map_layout.halves()
    with status:
        map_planes.offer(missing)
        colours = map_views.colouring(model, places, colour)
        note = map_overlay.ellipse_note(model, places, ellipses)
        said = map_views.words_of(model, places, colours.note, note)
        tell(model, places, said)
    with chart:
        map_views.draw_map(model, places, colours, ellipses, said)
    with right:
        map_panel.panel(model, places)
    if model.has_classes:
        map_layout.folded(
            "Class means and covariances", "map_fold_classes", lambda: map_tables.classes(model)
        )


def clusters(model: map_data.Opened, menus: Place, heading: Place) -> None:
    """Show groups that were found without the labels."""
    with heading:
        frame.heading(TITLE, SENTENCES[CLUSTERS])
    with menus:
        plane = map_planes.choose_kind(model)
        method, k = map_clusters.choose_method(model)
        with map_layout.settings(True):
            places, missing = map_planes.choose_plane(model, plane)
            options, wrong = map_clusters.choose_options(model, method, k)
    chart, status, right = map_layout.halves()
    with status:
        map_planes.offer(missing)
        found = map_clusters.clusters(model, options, wrong)
        map_link.restore(model, None if missing else places, found, options)
        colours = map_clusters.colouring(model, found, places, options)
        agreement = "" if found is None else map_clusters.agreement_line(model, found)
        said = map_views.words_of(model, places, agreement)
        tell(model, places, said)
    with chart:
        map_views.draw_map(model, places, colours, map_overlay.NONE, said, found)
    with right:
        map_panel.panel(model, places, found, options)
    if options is not None:
        map_layout.folded(
            "How many clusters? The BIC curve",
            "map_fold_bic",
            lambda: map_bic.curve(model, options),
        )
    if found is not None:
        map_layout.folded(
            "Clusters and classes", "map_fold_crosstab", lambda: map_tables.crosstab(model, found)
        )


def against_prior(model: map_data.Opened, menus: Place, heading: Place) -> None:
    """Show the aggregate posterior beside the prior."""
    with menus:
        kind, dims = map_prior.choose(model)
    one = kind == map_prior.ONE
    with heading:
        frame.heading(TITLE, ONE_DIMENSION if one else SENTENCES[PRIOR])
    chart, status, right = map_layout.halves()
    with chart:
        said = map_prior.draw(model, kind, dims)
    with status:
        map_layout.notices()
        for line in said:
            st.caption(words.plain(line))
    with right:
        if one:
            map_tables.dimensions(model)
        elif collapse.line(model.name) is None:
            map_prior.place_panel(model, dims, explore)
    if not one:
        map_layout.folded(
            "Every dimension against the prior",
            "map_fold_dimensions",
            lambda: map_tables.dimensions(model),
        )


def tell(model: map_data.Opened, places: map_data.Places, said: str) -> None:
    """Write what the map shows under it, and what is wrong."""
    map_layout.notices()
    if note := map_link.left_out(model, places):
        st.caption(note)
    if (line := collapse.line(model.name)) is not None:
        st.warning(words.plain(line))
    st.caption(words.plain(said))
    if not model.has_density:
        st.caption("An autoencoder: its codes are points, so there is no σ and no prior.")


def explore(model: map_data.Opened, z: Any) -> None:
    """Offer to go on at a place on the Explore page."""
    map_panel.explore_button(model, z, "map_explore_place")


if __name__ == "__main__":
    page()
