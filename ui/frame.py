"""What stands around every page: its style, the model picker, the links."""

from pathlib import Path
from typing import Any

import streamlit as st

from ui import resources
from ui.state import MODEL, AppState
from vae.errors import UserError

HERE = Path(__file__).resolve().parent
ICON = ":material/blur_on:"
PREFERRED = "mnist-2d"


def style() -> None:
    """Load the style sheet that all pages share."""
    st.html(HERE / "page.css")


def model_picker() -> None:
    """Let the visitor choose the model for all pages; the choice stands in the URL."""
    names = list(resources.library())
    if not names:
        st.info("There is no model on this machine yet. Train one, or add files to checkpoints.")
        return
    state = AppState()
    asked = dict(st.query_params)
    first = names.index(PREFERRED) if PREFERRED in names else 0
    st.selectbox("Model", names, index=first, key=MODEL, bind="query-params")
    try:
        state.read_address(asked, names, lambda name: resources.header(name)["model"]["z_dim"])
        st.caption(model_line(resources.header(state.model)))
        st.image(resources.sample_strip(state.model), width="stretch")
    except UserError as error:
        st.error(str(error))


def model_line(header: dict[str, Any]) -> str:
    """Say in one line what a model is: objective, data set, dimensions."""
    z_dim = header["model"]["z_dim"]
    point = header["model"].get("posterior") == "point"
    kind = "autoencoder" if point else "VAE"
    name = header["dataset"].get("name", "unknown images")
    return f"{kind} · {name} · {z_dim} dimension{'s' * (z_dim > 1)}"


def links(pages: list[Any]) -> None:
    """List the pages; the model's name goes along in the address."""
    with st.container(gap=None):
        for page in pages:
            st.page_link(page)
