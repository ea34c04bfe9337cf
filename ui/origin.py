"""Whether a request comes from a page of another site, which must not act in a visitor's name.

A browser says so by ``Sec-Fetch-Site`` where the connection is safe, and by ``Origin`` for all
that is no plain reading. ``Origin`` is compared with ``Host``, and with ``X-Forwarded-Host``, for a
proxy that puts another host there: a foreign page can set neither of them without asking first,
which nobody here allows. What neither header tells of was sent by no page. Streamlit's own list
``server.corsAllowedOrigins`` holds here too.
"""

from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers

OURS = ("same-origin", "none")
"""Where ``Sec-Fetch-Site`` names our own page, or the person at the browser."""


def is_foreign(headers: Headers) -> bool:
    """Tell whether a request was sent by a page of another origin."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None and origin in st.get_option("server.corsAllowedOrigins"):
        return False
    if site is not None and site not in OURS:
        return True
    if origin is None or site is not None:
        return False
    hosts = {headers.get("host", ""), *_named(headers.get("x-forwarded-host", ""))}
    return _host(origin) not in hosts - {""}


def _named(hosts: str) -> list[str]:
    """Read the first host of a list, which the outermost proxy wrote."""
    return [hosts.split(",")[0].strip().lower()]


def _host(origin: str) -> str:
    """Return host and port of an origin as ``Host`` names them; "?" where there is none."""
    try:
        return urlsplit(origin).netloc.lower() or "?"
    except ValueError:
        return "?"
