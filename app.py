"""The page frame: settings, model picker, the pages; `streamlit run app.py` starts it."""

from pathlib import Path

import streamlit as st
from streamlit.starlette import App

from ui import doorway, frame, navigation, resources
from ui.components import chart
from ui.routes import (
    datasets as dataset_routes,
)
from ui.routes import (
    films as film_routes,
)
from ui.routes import (
    originals as original_routes,
)
from ui.routes import (
    payloads as payload_routes,
)
from ui.routes import (
    runs as run_routes,
)
from ui.routes import scripts as script_routes
from ui.state import AppState

HERE = Path(__file__).resolve().parent

# `streamlit run` finds this and serves our own routes beside Streamlit's
routes = [
    *navigation.routes(HERE / "pages", resources.base()),
    *chart.routes(),
    *script_routes.routes(),
    *payload_routes.routes(),
    *film_routes.routes(),
    *run_routes.routes(),
    *dataset_routes.routes(),
    *original_routes.routes(),
]
middleware = doorway.middleware(HERE / "pages")
app = App(__file__, routes=routes, middleware=middleware, lifespan=resources.warm_start)


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
    with st.sidebar:
        frame.model_picker()
        frame.links(pages)
        frame.large_type()
    st.set_page_config(page_title=frame.tab_title(chosen.title, AppState().model))
    chosen.run()


if __name__ == "__main__":
    main()
