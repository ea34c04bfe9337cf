"""The page frame: settings, model picker, the pages; `streamlit run app.py` starts it."""

from pathlib import Path

import streamlit as st
from streamlit.starlette import App

from ui import base, doorway, first_pictures, frame, gate, navigation, warm_start
from ui.routes import payloads, scripts
from ui.state import AppState

HERE = Path(__file__).resolve().parent

# `streamlit run` finds this and serves our own routes beside Streamlit's
routes = [
    *navigation.routes(HERE / "pages", base.path()),
    *scripts.routes(),
    *payloads.routes(),
]
middleware = [*gate.middleware(), *doorway.middleware(HERE / "pages")]
app = App(__file__, routes=routes, middleware=middleware, lifespan=warm_start.lifespan)


def main() -> None:
    """Draw what all pages share, then the page that was asked for."""
    st.set_page_config(
        page_title=frame.NAME,
        page_icon=frame.ICON,
        layout="wide",
        initial_sidebar_state=frame.SIDEBAR_WIDTH,
    )
    frame.style()
    pages = navigation.pages(HERE / "pages")
    chosen = st.navigation(pages, position="hidden")
    first_pictures.turn_to(chosen.title)
    with st.sidebar:
        frame.model_picker()
        frame.links(pages)
        frame.large_type()
    st.set_page_config(page_title=frame.tab_title(chosen.title, AppState().model))
    above = st.container(gap=None)
    said = frame.notices(above)
    chosen.run()
    frame.notices(above, said)


if __name__ == "__main__":
    main()
