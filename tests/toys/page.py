"""A page with a route of its own, which its picture comes from."""

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ui import base

TITLE = "Toy numbers"
ORDER = 50
ADDRESS = "/toy-numbers/{count}"


def routes() -> list[Route]:
    """Serve the numbers from 1 on."""

    def serve(request: Request) -> Response:
        count = int(request.path_params["count"])
        return Response(" ".join(map(str, range(1, count + 1))), media_type="text/plain")

    return [Route(base.path() + ADDRESS, serve, methods=["GET"])]


def page() -> None:
    """Draw the page."""
    st.title(TITLE)
    st.link_button("three numbers", base.path() + ADDRESS.format(count=3))


if __name__ == "__main__":
    page()
