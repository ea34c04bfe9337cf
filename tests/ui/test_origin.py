"""A page of another site changes nothing here, whatever way the request takes."""

import asyncio

import pytest
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from tests.asking import ask
from ui import gate, origin

HOST = {"host": "class.example:8501"}
OURS = [
    # a browser where the connection is safe, and one where it is not
    HOST | {"sec-fetch-site": "same-origin", "origin": "https://class.example:8501"},
    HOST | {"origin": "http://class.example:8501"},
    HOST | {"origin": "http://CLASS.example:8501"},
    HOST | {"sec-fetch-site": "none"},
    # behind a proxy that puts another host there
    {"host": "127.0.0.1:8501", "origin": "https://a.example", "x-forwarded-host": "a.example"},
    {"host": "127.0.0.1:8501", "origin": "https://a.example", "sec-fetch-site": "same-origin"},
    # no page: a program on a command line
    HOST,
]
FOREIGN = [
    HOST | {"origin": "https://evil.example"},
    HOST | {"origin": "null"},
    HOST | {"origin": ""},
    HOST | {"origin": "http://[bad"},
    # another port is another server, and a part of the name another one too
    HOST | {"origin": "http://class.example:3000"},
    HOST | {"origin": "http://class.example"},
    HOST | {"origin": "http://class.example:8501.evil.example"},
    HOST | {"sec-fetch-site": "cross-site"},
    HOST | {"sec-fetch-site": "same-site", "origin": "http://class.example:8501"},
    {"host": "", "origin": "null", "x-forwarded-host": ""},
]


@pytest.mark.parametrize("headers", OURS)
def test_what_our_own_page_or_no_page_sends_is_ours(headers: dict[str, str]) -> None:
    assert not origin.is_foreign(Headers(headers))


@pytest.mark.parametrize("headers", FOREIGN)
def test_what_another_page_sends_is_foreign(headers: dict[str, str]) -> None:
    assert origin.is_foreign(Headers(headers))


def answered(kind: str, method: str, path: str, headers: dict[str, str]) -> list[dict]:
    """Send a request to what answers all of them, behind the gate."""
    said: list[dict] = []

    async def app(scope, receive, send) -> None:
        said.append({"type": "reached"})

    async def send(message) -> None:
        said.append(message)

    scope = {"type": kind, "method": method, "path": path, "scheme": "http"}
    scope["headers"] = [(name.encode(), value.encode()) for name, value in headers.items()]
    if kind == "websocket":
        del scope["method"]
    asyncio.run(gate.Gate(app)(scope, None, send))
    return said


CHANGING = [
    ("websocket", "", "/_stcore/stream"),
    ("http", "PUT", "/_stcore/upload_file/session/file"),
    ("http", "DELETE", "/_stcore/upload_file/session/file"),
    ("http", "POST", "/anything"),
    ("http", "GET", "/draws/classifier/mnist-2d"),
]


@pytest.mark.parametrize("request_", CHANGING, ids=lambda one: " ".join(one))
def test_a_foreign_page_reaches_nothing_that_changes_something(request_) -> None:
    said = answered(*request_, FOREIGN[0])
    assert {"type": "reached"} not in said
    assert said[0].get("status", 403) == 403
    assert said[0]["type"] in ("websocket.close", "http.response.start")
    assert answered(*request_, OURS[0]) == [{"type": "reached"}]


def test_a_link_of_another_site_opens_a_page() -> None:
    assert answered("http", "GET", "/train", FOREIGN[0]) == [{"type": "reached"}]


def test_a_refusal_says_why() -> None:
    routes = [Route("/draws/classifier/x", lambda request: PlainTextResponse("started"))]
    answer = ask(routes, "/draws/classifier/x", headers=FOREIGN[0], middleware=gate.middleware())
    assert (answer.status, answer.body.decode()) == (403, gate.FOREIGN)
