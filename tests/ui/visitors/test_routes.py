"""Three visitors who know one another's addresses: what each route tells whom."""

import runpy
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.routing import Route

from tests.asking import ask
from tests.ui.visitors.three import (
    BLIND,
    DRAWING,
    DRAWN,
    GONE,
    RUN,
    SET,
    Made,
    asker,
    before,
    get,
    make,
)
from tests.vae.runs.test_rights import all_files
from ui import gate, visitor
from ui.anomaly import foreign, scoring
from ui.routes import anomaly, charts, originals, payloads, scripts
from vae.files import owner

ROOT = Path(__file__).resolve().parents[3]
ROUTES: list[Route] = runpy.run_path(str(ROOT / "app.py"))["routes"]


@pytest.fixture(autouse=True)
def shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAE_SHARED", "1")


# What is everybody's: the program itself, and what ships with it.
PUBLIC = {
    "/explore",
    "/lessons/sheet",
    "/lessons/{name}.json",
    "/library/plotly/{digest}.js",
    "/replay/{replay}/live",
    "/replay/{replay}/snapshot/{step}",
    "/scripts/{digest}/{path:path}",
}
POINTS = {"x": [1.0, 2.0], "y": [3.0, 4.0]}
# An address of each other route, about something of Anna's. A new route needs one too.
OWNED: dict[str, Callable[[Made], str]] = {
    "/anomaly/{model}/{foreign}/scores/{score}/{digest}": lambda made: scores_address(),
    "/anomaly/{model}/{foreign}/{what}/{digest}": lambda made: anomaly.images_address(
        RUN, foreign.find(RUN, "class-7"), "about"
    ),
    "/draws/classifier/{model}": lambda made: f"/draws/classifier/{BLIND}",
    "/draws/nearest/{model}": lambda made: f"/draws/nearest/{BLIND}?z=0,0",
    "/drawn/{name}": lambda made: f"/drawn/{DRAWN}",
    "/drawn/{name}/warped/{key}": lambda made: f"/drawn/{DRAWN}/warped/{made.key}",
    "/film/{name}/{method}.{kind}": lambda made: f"/film/{RUN}/lerp.png?a=0,0&b=1,1&steps=2",
    "/images/{name}.png": lambda made: f"/images/{SET}.png",
    "/originals/{model}/{sha256}/{image}": lambda made: str(originals.address(RUN)) + "/0",
    "/payload/{kind}/{name}/{digest}": lambda made: payloads.address(RUN, "decoder"),
    "/points/{digest}.json": lambda made: charts.keep(POINTS),
    "/run/{id}/live": lambda made: f"/run/{RUN}/live",
    "/run/{id}/map.{kind}": lambda made: f"/run/{RUN}/map.png",
    "/run/{id}/snapshot/{step}": lambda made: f"/run/{RUN}/snapshot/60",
}


def scores_address() -> str:
    """Score a model of Anna's, and return where one of its scores is."""
    against = foreign.find(RUN, "class-7")
    begun = scoring.begun(RUN, against).first
    while not begun.done:
        begun.wait(0.2)
    name, found = next(iter(begun.found[0].items()))
    return anomaly.scores_address(RUN, against, name, found.block.digest)


# The same of those that change something, with what is sent there.
CHANGING: dict[str, Callable[[Made], tuple[str, bytes]]] = {
    "/drawn/{name}/class": lambda made: (
        f"/drawn/{DRAWN}/class",
        b'{"do": "rename", "group": "%s", "name": "moon"}' % made.group.encode(),
    ),
    "/drawn/{name}/keep/{group}/{token}": lambda made: (
        f"/drawn/{DRAWN}/keep/{made.group}/token0001",
        DRAWING[::-1],
    ),
    "/drawn/{name}/remove/{key}": lambda made: (f"/drawn/{DRAWN}/remove/{made.key}", b""),
}


def test_every_route_is_known_here_as_everybodys_or_with_an_address_of_somebodys() -> None:
    assert {route.path for route in ROUTES} == PUBLIC | OWNED.keys() | CHANGING.keys()
    posting = {route.path for route in ROUTES if (route.methods or set()) - set(gate.READING)}
    assert posting == CHANGING.keys()


@pytest.fixture
def addresses() -> dict[str, str]:
    """Anna's address for each route that is not everybody's."""
    made = make()
    with owner.acting_as(asker("anna")):
        return {path: address(made) for path, address in OWNED.items()}


def test_a_visitor_gets_what_is_theirs_and_strangers_what_they_get_of_a_name_that_is_none(
    addresses: dict[str, str],
) -> None:
    for path, address in addresses.items():
        assert get(ROUTES, address, "anna").status < 300, path
        name = next((one for one in (RUN, BLIND, SET, DRAWN) if one in address), address)
        other = "/points/0.json" if name == address else address.replace(name, GONE)
        for stranger in ("ben", "cem", None):
            answer = get(ROUTES, address, stranger)
            assert answer.status >= 400, (path, stranger)
            told = answer.body.decode().replace(name, GONE)
            assert told == get(ROUTES, other, stranger).body.decode(), path
            assert "anna" not in told, path


def test_no_stranger_and_no_foreign_page_changes_what_somebody_has_made() -> None:
    made = make()
    before, foreign = all_files(), {"host": "here", "origin": "https://evil.example"}
    for path, asked in CHANGING.items():
        address, body = asked(made)
        for stranger in ("ben", "cem", None):
            assert get(ROUTES, address, stranger, body=body).status == 409, path
        assert get(ROUTES, address, "anna", foreign, body).status == 403, path
    assert all_files() == before
    for path, asked in CHANGING.items():
        address, body = asked(made)
        assert get(ROUTES, address, "anna", body=body).status == 200, path
        assert all_files() != before, path
        before = all_files()


def test_no_cache_on_the_way_keeps_what_is_somebodys(addresses: dict[str, str]) -> None:
    for path, address in addresses.items():
        kept = get(ROUTES, address, "anna").headers.get("cache-control", "")
        assert "public" not in kept, path


def test_a_page_gives_a_new_browser_a_cookie_that_no_script_reads_and_keeps_an_old_one() -> None:
    page, html = [Route("/train", lambda request: _page())], {"accept": "text/html"}
    first = ask(page, "/train", headers=html, middleware=before())
    name, token = first.headers["set-cookie"].split(";")[0].split("=")
    assert name == visitor.COOKIE and len(token) == 43
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(first.headers["set-cookie"].split("; "))
    assert "Secure" not in first.headers["set-cookie"]
    assert "private" in first.headers["cache-control"]
    assert token not in str(ask(page, "/train", headers=html, middleware=before()).headers)
    again = get(page, "/train", "anna", html | {"x-forwarded-proto": "https"})
    assert asker("anna").name == owner.hashed(again.headers["set-cookie"].split(";")[0][12:])
    assert "Secure" in again.headers["set-cookie"]


def test_a_cookie_that_this_server_never_gave_is_none() -> None:
    for text in ("", "x", "../" * 20, "a" * 44, "é" * 43):
        assert visitor.token_in({visitor.COOKIE: text}) is None


def test_what_is_no_page_gives_no_cookie_and_neither_does_a_server_that_nobody_shares(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = scripts.address("train/train.js")
    assert "set-cookie" not in ask(ROUTES, script, middleware=before()).headers
    monkeypatch.delenv("VAE_SHARED")
    page = [Route("/train", lambda request: _page())]
    answer = ask(page, "/train", headers={"accept": "text/html"}, middleware=before())
    assert "set-cookie" not in answer.headers


def test_where_nobody_shares_the_server_every_address_is_everybodys(
    addresses: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VAE_SHARED")
    for path, address in addresses.items():
        assert ask(ROUTES, address, middleware=before()).status < 300, path


@pytest.mark.parametrize("film", ["/film/{name}/{method}.{kind}", "/run/{id}/map.{kind}"])
def test_where_visitors_only_look_a_film_of_what_they_see_is_made_and_nothing_written(
    film: str, addresses: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAE_READONLY", "1")
    files = all_files()
    assert get(ROUTES, addresses[film], "anna").status == 200
    assert get(ROUTES, addresses[film], "ben").status == 404
    assert all_files() == files


def _page():
    from starlette.responses import HTMLResponse

    return HTMLResponse("a page")
