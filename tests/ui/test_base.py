"""Served below a path, as behind a proxy, every address that the server sends lies below it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from tests.asking import ask
from tests.tiny_models import write_models
from ui import base, doorway, navigation
from ui.routes import payloads, scripts

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "pages"
OPTION = "server.baseUrlPath"
# in a page's text or in a component's JSON: a quote, one slash, a name
FROM_THE_ROOT = re.compile(r'["\'](/[\w-][^"\']*)["\']')


@pytest.fixture(autouse=True)
def below_a_path() -> Iterator[None]:
    """A server below /vae; what was made for another one is forgotten, before and after."""
    made = (navigation._of_pages, doorway._packed_page)
    before = config.get_option(OPTION)
    config.set_option(OPTION, "/vae/")
    for cached in made:
        cached.cache_clear()
    yield
    config.set_option(OPTION, before)
    for cached in made:
        cached.cache_clear()


def test_the_path_is_known_whatever_slashes_it_was_given_with() -> None:
    assert base.path() == "/vae"


def test_every_route_of_ours_lies_below_the_path() -> None:
    routes = [*navigation.routes(PAGES, base.path()), *scripts.routes(), *payloads.routes()]
    assert len(routes) > 10
    assert [route.path for route in routes if not route.path.startswith("/vae/")] == []


@pytest.mark.parametrize("file", navigation.page_files(PAGES), ids=lambda file: file.path.stem)
def test_every_page_opens_and_all_its_addresses_lie_below_the_path(
    file: navigation.PageFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAE_CHECKPOINTS", str(tmp_path))
    write_models(tmp_path)
    name = "" if file.path.stem == "explore" else file.path.stem
    head = ask([], f"/vae/{name}", middleware=doorway.middleware(PAGES))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["model"] = "flat"
    app.run().switch_page(f"pages/{file.path.name}").run()
    assert not app.exception
    assert app.title
    sent = [element.proto.json for element in app.get("bidi_component")]
    found = [FROM_THE_ROOT.findall(text) for text in (head.body.decode(), *sent)]
    assert all(sent), "a component was told something that is not looked at here"
    assert found[0], "the page's head names the scripts of its component"
    assert [one for each in found for one in each if not one.startswith("/vae/")] == []
