"""How a component of our own is mounted: its host element, its styles, and the script it starts."""

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from ui.routes import scripts
from vae import web


def mount(
    name: str, script: str, *styles: str, host: str = "pad-host", isolated: bool = True
) -> ComponentRenderer:
    """Make the renderer of a component.

    Parameters
    ----------
    script, styles
        Paths below `vae/web`.
    host
        Classes of the element that the script fills.
    isolated
        Whether the component lives in a shadow root, apart from the page's styles.
    """
    return st.components.v2.component(
        name,
        html=f"<div class='{host}'></div>\n",
        css=web.style(*styles),
        js=scripts.starter(script),
        isolate_styles=isolated,
    )
