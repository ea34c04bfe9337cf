"""Map: where the encoded images lie, alone and in groups, and how that meets the prior."""

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator as Place

from ui import collapse, frame, words
from ui.map import address, bic, data, layout, link, overlay, panel, planes, prior, tables
from ui.map import clusters as map_clusters
from ui.map import views as map_views
from ui.map.places import Places
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
- **The lines** are the prior's: 1, 2 and 3 standard deviations of a standard normal; of a learned
  prior contours that hold as much, 39, 86 and 99 % of it, or of 5,000 draws where its density
  over a plane is not known. Where each class has a normal of its own they are the mixture's.
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
    layout.style()
    heading = st.container(key="map_heading", gap="xsmall")
    try:
        model = data.opened(name)
        address.MapAddress().read(st.query_params, model.id)
        views = {ENCODED: encoded_images, CLUSTERS: clusters, PRIOR: against_prior}
        view, menus = layout.controls(list(views))
        views[view](model, menus, heading)
        if (said := words.shown_beta(model.header)) is not None:
            st.caption(said)
    except UserError as error:
        with heading:
            frame.heading(TITLE, SENTENCES[ENCODED])
        st.error(words.plain(str(error)))
    with st.expander("What am I looking at?"):
        st.markdown(EXPLANATION)


def encoded_images(model: data.Opened, menus: Place, heading: Place) -> None:
    """Show the posterior means with the panel of what is chosen."""
    with heading:
        frame.heading(TITLE, SENTENCES[ENCODED])
    with menus:
        plane = planes.choose_kind(model)
        colour = map_views.choose_colour(model)
        ellipses = map_views.choose_ellipses(model, plane)
        with layout.settings(planes.has_settings(model, plane)):
            places, missing = planes.choose_plane(model, plane)
    link.restore(model, None if missing else places)
    chart, status, right = layout.halves()
    with status:
        planes.offer(missing)
        colours = map_views.colouring(model, places, colour)
        note = overlay.ellipse_note(model, places, ellipses)
        said = map_views.words_of(model, places, colours.note, note)
        tell(model, places, said)
    with chart:
        map_views.draw_map(model, places, colours, ellipses, said)
    with right:
        panel.panel(model, places)
    if model.has_classes:
        layout.folded(
            "Class means and covariances", "map_fold_classes", lambda: tables.classes(model)
        )


def clusters(model: data.Opened, menus: Place, heading: Place) -> None:
    """Show groups that were found without the labels."""
    with heading:
        frame.heading(TITLE, SENTENCES[CLUSTERS])
    with menus:
        plane = planes.choose_kind(model)
        method, k = map_clusters.choose_method(model)
        with layout.settings(True):
            places, missing = planes.choose_plane(model, plane)
            options, wrong = map_clusters.choose_options(model, method, k)
    chart, status, right = layout.halves()
    with status:
        planes.offer(missing)
        found = map_clusters.clusters(model, options, wrong)
        link.restore(model, None if missing else places, found, options)
        colours = map_clusters.colouring(model, found, places, options)
        agreement = "" if found is None else map_clusters.agreement_line(model, found)
        said = map_views.words_of(model, places, agreement)
        tell(model, places, said)
    with chart:
        map_views.draw_map(model, places, colours, overlay.NONE, said, found)
    with right:
        panel.panel(model, places, found, options)
    if options is not None:
        layout.folded(
            "How many clusters? The BIC curve",
            "map_fold_bic",
            lambda: bic.curve(model, options),
        )
    if found is not None:
        layout.folded(
            "Clusters and classes", "map_fold_crosstab", lambda: tables.crosstab(model, found)
        )


def against_prior(model: data.Opened, menus: Place, heading: Place) -> None:
    """Show the aggregate posterior beside the prior."""
    with menus:
        kind, dims = prior.choose(model)
    one = kind == prior.ONE
    with heading:
        frame.heading(TITLE, ONE_DIMENSION if one else SENTENCES[PRIOR])
    chart, status, right = layout.halves()
    with chart:
        said = prior.draw(model, kind, dims)
    with status:
        layout.notices()
        for line in said:
            st.caption(words.plain(line))
    with right:
        if one:
            tables.dimensions(model)
        elif collapse.line(model.name) is None:
            prior.place_panel(model, dims, explore)
    if not one:
        layout.folded(
            "Every dimension against the prior",
            "map_fold_dimensions",
            lambda: tables.dimensions(model),
        )


def tell(model: data.Opened, places: Places, said: str) -> None:
    """Write what the map shows under it, and what is wrong."""
    layout.notices()
    if note := link.left_out(model, places):
        st.caption(note)
    if (line := collapse.line(model.name)) is not None:
        st.warning(words.plain(line))
    st.caption(words.plain(said))
    if not model.has_density:
        own = f". “{PRIOR}” shows draws by {model.drawn_by}."
        rest = own if model.drawn_by else " and no prior."
        st.caption(f"Its codes are points, so there is no σ{rest}")


def explore(model: data.Opened, z: Any) -> None:
    """Offer to go on at a place on the Explore page."""
    panel.explore_button(model, z, "map_explore_place")


if __name__ == "__main__":
    page()
