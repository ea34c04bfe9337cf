"""Who visits: on a shared server a browser is known by a random token in a cookie of our own.

With ``VAE_SHARED=1`` a visitor lists, steers and deletes only what was made under their own token.
`ui/gate.py` gives the cookie with the first page and tells our routes who asks; a page's script
asks for the session that it runs in. All else, such as a thread that takes nobody along, asks as a
visitor without a token, who sees what is everybody's and starts nothing.
"""

import os
import re
import secrets
from collections.abc import Mapping

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui import navigation
from ui.state import held, put
from vae.files import owner
from vae.files.owner import Asker

COOKIE = "vae_visitor"
KEPT_SECONDS = 180 * 24 * 3600
"""A browser keeps the cookie so long after its last visit."""
OWN = (
    "This server is shared: the runs and images that you make are shown to this browser alone. If "
    "it forgets its cookies, only who runs the server can still reach them."
)
_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_OWNER = "visitor_owner"


def is_shared() -> bool:
    """Tell whether visitors have this server together, each with runs of their own."""
    return os.environ.get("VAE_SHARED") == "1"


def new_token() -> str:
    """Draw a token that nobody can guess."""
    return secrets.token_urlsafe(_BYTES)


def token_in(cookies: Mapping[str, str]) -> str | None:
    """Read the token among a request's cookies; None where there is none that we gave."""
    token = cookies.get(COOKIE)
    return token if isinstance(token, str) and _TOKEN.fullmatch(token) else None


def by_token(token: str | None) -> Asker:
    """Tell what the holder of a token may do."""
    changes = not navigation.read_only()
    if not is_shared():
        return Asker(sees_all=True, changes=changes)
    return Asker(None if token is None else owner.hashed(token), changes=changes)


def of_session() -> Asker:
    """Tell who looks at the page that is drawn in this thread."""
    if not is_shared() or get_script_run_ctx(suppress_warning=True) is None:
        return by_token(None)
    asker = by_token(token_in(st.context.cookies))
    if asker.name is not None:
        put(_OWNER, asker.name)
        return asker
    # a page is drawn to its end also where the browser has just gone
    gone = not st.context.headers
    return Asker(held(_OWNER), changes=asker.changes) if gone else asker


def line() -> str | None:
    """Say to a visitor of a shared server what is theirs; None where nobody shares it."""
    if not is_shared():
        return None
    return OWN if owner.asking().name is not None else owner.NOBODY[:1].upper() + owner.NOBODY[1:]


owner.answer_by(of_session)
