"""Map: where the encoded images lie, alone and in groups, and how that meets the prior."""

import streamlit as st

from ui import (
    frame,
    map_clusters,
    map_data,
    map_panel,
    map_planes,
    map_prior,
    map_tables,
    map_views,
    words,
)
from ui.state import AppState
from vae.errors import UserError

TITLE = "Map"
ORDER = 3

ENCODED, CLUSTERS, PRIOR = "Encoded images", "Clusters", "Against the prior"
WIDTHS = (1.75, 1)

EXPLANATION = """
- **A point** is one held-out image at the *mean* μ of its posterior q(z|x). **Ellipses** are 1σ
  (solid) and 2σ (dotted): of the posteriors of single images, or of the spread of a class.
- **Drawing around points** with the lasso or the box selects them: the panel shows their images,
  their mean decoded and their classes. **Pressing a point** shows that image, its reconstruction
  and its nearest neighbours in z.
- **Clusters** are found without the labels. *ARI* and *NMI* say how well they meet the classes:
  0 is chance (ARI), 1 is perfect. The *BIC* curve helps to choose how many there are.
- **The aggregate posterior** q(z) is the mean of all images' posteriors, where the decoder was
  trained. Where the prior p(z) has mass and q(z) has none lies a *hole*: a sample from there
  decodes to something that was never asked for.
"""


def page() -> None:
    """Draw the page."""
    frame.heading("Map", "Draw around points to see their images; press one for its neighbours.")
    model = AppState().model
    if model is None:
        st.info("There is no model to map yet: train one, or put one into `checkpoints`.")
        return
    body(model)


@st.fragment
def body(name: str) -> None:
    """Draw what answers to the hand."""
    try:
        model = map_data.opened(name)
        views = {ENCODED: encoded_images, CLUSTERS: clusters, PRIOR: against_prior}
        with st.container(horizontal=True, vertical_alignment="bottom", key="map_controls"):
            view = st.segmented_control(
                "View",
                list(views),
                default=ENCODED,
                required=True,
                label_visibility="collapsed",
                key="map_view",
                persist_state="session",
            )
            settings = st.container(
                horizontal=True, vertical_alignment="bottom", width="stretch", key="map_settings"
            )
        views[view](model, settings)
    except UserError as error:
        st.error(words.plain(str(error)))
    with st.expander("What am I looking at?"):
        st.markdown(EXPLANATION)


def encoded_images(model: map_data.Opened, settings) -> None:
    """Show the posterior means with the panel of what is chosen."""
    with settings:
        places, missing = map_planes.choose_plane(model)
        kind = map_views.choose_colour(model)
        ellipses = map_views.choose_ellipses(model, places)
    left, right = st.columns(WIDTHS, gap="medium")
    with left:
        if missing:
            map_planes.offer(missing)
        colours = map_views.colouring(model, places, kind)
        note = map_views.ellipse_note(model, places, ellipses)
        said = words_of(model, places, colours, note)
        map_views.draw_map(model, places, colours, ellipses, said)
        st.caption(words.plain(said))
        if model.is_point:
            st.caption("An autoencoder: its codes are points, so there is no σ and no prior.")
    with right:
        map_panel.panel(model, places)
    if model.has_classes:
        with st.expander("Class means and covariances"):
            map_tables.classes(model)


def clusters(model: map_data.Opened, settings) -> None:
    """Show groups that were found without the labels."""
    with settings:
        places, missing = map_planes.choose_plane(model)
        options = map_clusters.choose_options(model)
    left, right = st.columns(WIDTHS, gap="medium")
    with left:
        if missing:
            map_planes.offer(missing)
        found = map_clusters.clusters(model, options)
        if found is None:
            colours, said = map_data.by_label(model, places.rows), model.measured_on
        else:
            colours = map_clusters.by_cluster(model, found, places.rows, options)
            said = map_clusters.agreement_line(model, found)
        said = " · ".join(filter(None, [said, places.note]))
        map_views.draw_map(model, places, colours, map_views.NONE, said, found)
        st.caption(words.plain(said))
    with right:
        map_panel.panel(model, places, found, options)
    with st.expander("How many clusters? The BIC curve"):
        map_clusters.bic(model, options)
    if found is not None:
        with st.expander("Clusters and classes"):
            st.dataframe(
                map_clusters.crosstab(model, found),
                hide_index=True,
                alt="images of each class in each cluster",
            )


def against_prior(model: map_data.Opened, settings) -> None:
    """Show the aggregate posterior beside the prior."""
    with settings:
        kind, dims = map_prior.choose(model)
    left, right = st.columns(WIDTHS, gap="medium")
    with left:
        map_prior.draw(model, kind, dims)
    with right:
        if kind == map_prior.ONE:
            map_prior.dimension_table(model)
        else:
            map_prior.place_panel(model, dims, explore)
    if kind != map_prior.ONE:
        with st.expander("Every dimension against the prior"):
            map_prior.dimension_table(model)


def explore(model: map_data.Opened, z) -> None:
    """Offer to go on at a place on the Explore page."""
    map_panel.explore_button(model, z, "map_explore_place")


def words_of(
    model: map_data.Opened, places: map_data.Places, colours: map_data.Colouring, note: str
) -> str:
    """Say in a line what the map shows."""
    count = f"{len(places.rows):,} of " if len(places.rows) < len(model.atlas.label) else ""
    return " · ".join(filter(None, [count + model.measured_on, places.note, colours.note, note]))


if __name__ == "__main__":
    page()
