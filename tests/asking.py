"""Asking the routes that stand beside Streamlit's own, without a socket."""

import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route


class Answer(NamedTuple):
    """What the server said to a request."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(
    routes: Sequence[Route],
    address: str,
    query: str | None = None,
    headers: dict[str, str] | None = None,
    middleware: Sequence[Middleware] = (),
    body: bytes | None = None,
) -> Answer:
    """GET an address, or POST a body; what follows "?" is the query unless that is given apart."""
    path = address
    if query is None:
        path, _, query = address.partition("?")
    said: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "method": "GET" if body is None else "POST",
        "path": unquote(path),
        "raw_path": path.encode(),
    }
    sent = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    scope |= {"headers": sent, "query_string": query.encode()}
    scope |= {"root_path": "", "server": ("test", 80)}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body or b""}

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    asyncio.run(Starlette(routes=routes, middleware=middleware)(scope, receive, send))
    answered = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    return Answer(said[0]["status"], answered, b"".join(part.get("body", b"") for part in said))
