"""What a browser gets first: compressed scripts, and a page with something to see in it."""

import gzip
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from tests.asking import Answer, ask
from tests.tiny_models import write_models
from ui import doorway, navigation
from ui.resources import payloads
from ui.routes import payloads as payload_routes
from ui.routes import scripts

PAGES = Path(__file__).resolve().parents[2] / "pages"
SCRIPT = next(name for name in doorway.assets() if name.startswith("static/js/index."))
HANDED_ON = b"handed on"
GZIP = {"accept-encoding": "gzip, deflate, br"}


async def beyond(_request) -> PlainTextResponse:
    """Stand where Streamlit stands: behind the doorway."""
    return PlainTextResponse(HANDED_ON)


def get(path: str, **headers: str) -> Answer:
    """Ask through the doorway."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    door = doorway.middleware(PAGES)
    return ask([Route("/{path:path}", beyond)], path, headers=named, middleware=door)


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of tiny models that the app finds."""
    monkeypatch.setenv("VAE_CHECKPOINTS", str(tmp_path))
    return write_models(tmp_path)


def test_a_script_travels_compressed_and_is_the_same_script() -> None:
    answer = get(f"/{SCRIPT}", accept_encoding="br, gzip")
    script = doorway.assets()[SCRIPT].read_bytes()
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert len(answer.body) < len(script) / 2
    assert gzip.decompress(answer.body) == script


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "gzip; q=0.000, br", "*;q=0"])
def test_a_client_that_does_not_unpack_gzip_gets_streamlits_own_answer(accepted: str) -> None:
    assert get(f"/{SCRIPT}", accept_encoding=accepted).body == HANDED_ON


@pytest.mark.parametrize(
    "path",
    [
        "/static/../index.html",
        "/static/js",
        "/static/js/none.js",
        "/nowhere",
        "/_stcore/x",
        "/explore",
    ],
)
def test_what_is_not_ours_is_handed_on(path: str) -> None:
    assert get(path, accept_encoding="gzip").body == HANDED_ON


@pytest.mark.parametrize("path", ["/", "/train"])
def test_a_page_begins_with_something_to_see(path: str) -> None:
    answer = get(path)
    text = answer.body.decode()
    assert answer.headers["cache-control"] == "no-cache"
    assert text.index("<body>") < text.index('id="first-look"') < text.index('id="root"')
    assert "<title>Latent space explorer</title>" in text
    # a style sheet without a medium would keep the first look from being drawn
    assert 'rel="stylesheet"' in text
    assert text.count('rel="stylesheet"') == text.count('media="print"')


def test_a_page_names_the_scripts_that_it_needs_next_once_each() -> None:
    text = get("/").body.decode()
    assert {name.split(".")[0] for name in doorway.scripts_soon()} >= set(doorway.SOON)
    assert all(text.count(name) == 1 for name in doorway.scripts_soon())


@pytest.mark.parametrize("file", navigation.page_files(PAGES), ids=lambda file: file.path.stem)
def test_a_page_starts_its_component_before_streamlit_asks_for_it(
    file: navigation.PageFile,
) -> None:
    text = get("/" if file.path.stem == "explore" else f"/{file.path.stem}").body.decode()
    begun = [scripts.starter(file.script)] if file.script else []
    assert [text.count(script) for script in begun] == [1] * len(begun)
    links = [doorway.data_link(scripts.address(file.script))] if file.script else []
    assert [text.count(link) for link in links] == [1] * len(links)


def test_what_a_page_names_waits_behind_its_connection_to_the_server(models: Path) -> None:
    payloads.packed("flat", "decoder")
    text = get("/?model=flat").body.decode()
    usual = (doorway.STATIC / "index.html").read_text("utf-8")
    ours = [line for line in text.splitlines() if "preload" in line and line not in usual]
    assert len(ours) == len(doorway.scripts_soon()) + 2  # the component and the decoder
    assert all('fetchpriority="low"' in line for line in ours)


def test_a_model_is_packed_while_its_first_page_is_on_its_way(models: Path) -> None:
    before = get("/?model=flat").body.decode()
    address = payload_routes.known_address("flat", "decoder")
    assert address is not None
    assert address not in before
    link = f'as="fetch" fetchpriority="low" crossorigin href="{address}"'
    assert link in get("/?model=flat").body.decode()


@pytest.mark.parametrize(
    ("asked", "shorter"),
    [
        ("/?model=mnist-2d", "./"),
        ("/map?model=mnist-2d", "./map"),
        ("/?z=1,0.5&model=mnist-2d&axes=a%20b", "./?z=1,0.5&axes=a%20b"),
        ("/train?large=false&model=digits-2d", "./train?model=digits-2d"),
    ],
)
def test_an_address_leaves_out_what_holds_anyway(asked: str, shorter: str) -> None:
    answer = get(asked)
    assert (answer.status, answer.headers["location"]) == (307, shorter)
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "query", ["", "?model=digits-2d", "?large=true", "?model=nowhere", "?model="]
)
def test_an_address_that_names_another_model_or_none_stays(query: str) -> None:
    assert get(f"/{query}").status == 200


def test_the_first_page_opens_for_a_model_that_is_not_there(models: Path) -> None:
    assert 'id="first-look"' in get('/?model="><script>').body.decode()


def test_a_page_that_is_asked_for_makes_ready_what_its_pictures_need(models: Path) -> None:
    get("/compare?model=flat&models=flat,flat-ae,no-such")
    get("/diagnose?model=line")
    for name in ("flat", "flat-ae", "line"):
        for kind in ("decoder", "encoder", "points"):
            assert payload_routes.known_address(name, kind), f"{kind} of {name}"
    assert payload_routes.known_address("flat", "near") is None


def test_a_browser_that_has_it_is_told_so() -> None:
    first = get(f"/{SCRIPT}", accept_encoding="gzip")
    again = get(f"/{SCRIPT}", accept_encoding="gzip", if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize("kind", ["decoder", "encoder", "points", "near"])
def test_a_payload_arrives_the_same_whether_it_was_compressed_or_not(
    models: Path, kind: str
) -> None:
    address = payload_routes.address("flat", kind)
    packed = ask(payload_routes.routes(), address, headers=GZIP)
    plain = ask(payload_routes.routes(), address)
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body == payloads.payload("flat", kind).body
    assert packed.headers["x-full-size"] == plain.headers["x-full-size"] == str(len(plain.body))
    assert packed.headers["etag"] != plain.headers["etag"]
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
