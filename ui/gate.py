"""Before all else that answers: who asks, and whether a foreign page asks in their name.

It gives a visitor of a shared server the cookie that they are known by, and refuses what would
change something, a page's own connection among it, where it comes from a foreign origin.
"""

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui import answers, base, origin, visitor
from vae.files import owner

READING = ("GET", "HEAD", "OPTIONS")
STARTING = ("/draws/classifier/",)
"""Below these addresses a plain request may start work."""
FOREIGN = "a page of another site asked for this, so nothing was done; open this server's own page"
FORBIDDEN = 403


def middleware() -> list[Middleware]:
    """Middleware before all other, for `streamlit.starlette.App`."""
    return [Middleware(Gate)]


class Gate:
    """Middleware that knows the visitor of each request."""

    def __init__(self, app: ASGIApp, starting: Collection[str] = STARTING) -> None:
        self._app = app
        self._starting = tuple(base.path() + path for path in starting)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a foreign request that changes something, or answer in the visitor's name."""
        kind = scope["type"]
        if kind in ("http", "websocket") and self._changes(scope):
            if origin.is_foreign(Headers(scope=scope)):
                await _refuse(scope, receive, send)
                return
        if kind != "http" or not visitor.is_shared():
            # a page's script asks by itself who looks at it
            await self._app(scope, receive, send)
            return
        token = visitor.token_in(HTTPConnection(scope).cookies)
        given = visitor.new_token() if token is None and _is_page(scope) else token
        with owner.acting_as(visitor.by_token(given)):
            await self._app(scope, receive, _telling(scope, send, given))

    def _changes(self, scope: Scope) -> bool:
        if scope["type"] == "websocket" or scope["method"] not in READING:
            return True
        return str(scope["path"]).startswith(self._starting)


def _is_page(scope: Scope) -> bool:
    """Tell whether a browser asks for what it shows in its window."""
    accepts = Headers(scope=scope).get("accept", "")
    return scope["method"] == "GET" and "text/html" in accepts


def _telling(scope: Scope, send: Send, token: str | None) -> Send:
    """Send a page's answer with the visitor's cookie, and let no cache on the way keep any."""

    async def tell(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if token is not None and _is_page(scope):
                # also one that is there already: it lasts from the last visit on
                headers.append("Set-Cookie", _cookie(scope, token))
                headers["Cache-Control"] = f"private, {answers.REVALIDATE}"
            elif "public" in headers.get("cache-control", ""):
                headers["Cache-Control"] = headers["Cache-Control"].replace("public", "private")
        await send(message)

    return tell


def _cookie(scope: Scope, token: str) -> str:
    """Write the cookie: no script reads it, no foreign page sends it along."""
    headers = Headers(scope=scope)
    secure = "https" in (scope.get("scheme"), headers.get("x-forwarded-proto", "").split(",")[0])
    parts = [
        f"{visitor.COOKIE}={token}",
        f"Path={base.path() or '/'}",
        f"Max-Age={visitor.KEPT_SECONDS}",
        "HttpOnly",
        "SameSite=Lax",
        *(["Secure"] if secure else []),
    ]
    return "; ".join(parts)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        # before it is accepted: the browser gets 403
        await send({"type": "websocket.close", "code": 1008})
        return
    refusal = PlainTextResponse(FOREIGN, FORBIDDEN, headers=answers.headers(answers.NEVER))
    await refusal(scope, receive, send)
