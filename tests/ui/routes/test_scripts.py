"""The components' scripts: under an address that holds their hash, for good, and found again."""

import gzip

import pytest

from tests.asking import Answer, ask
from ui import base, doorway, navigation
from ui.routes import scripts as script_routes
from vae import web

PAGES = doorway.HERE.parent / "pages"
ENTRIES = {file.script for file in navigation.page_files(PAGES) if file.script}


def get(address: str, **headers: str) -> Answer:
    return ask(script_routes.routes(), address, headers=headers)


def test_a_script_is_a_module_that_browsers_keep_for_good() -> None:
    answer = get(script_routes.address("pad/pad.js"))
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.body == web.scripts().texts["pad/pad.js"]


def test_a_script_travels_compressed() -> None:
    packed = {"accept-encoding": "gzip"}
    answer = ask(script_routes.routes(), script_routes.address("pad/pad.js"), headers=packed)
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(answer.body) == web.scripts().texts["pad/pad.js"]


def test_a_page_that_names_former_scripts_is_sent_to_those_of_now() -> None:
    answer = get("/scripts/0123456789abcdef0123/pad/pad.js")
    assert answer.status == 307
    assert answer.headers["location"] == script_routes.address("pad/pad.js")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["none.js", "pad/pad.css", "../__init__.py", "", "__init__.py"])
def test_only_scripts_are_served(path: str) -> None:
    assert get(f"/scripts/{web.scripts().digest}/{path}").status == 404


def test_addresses_stand_below_the_path_that_the_app_is_served_under(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(base, "path", lambda: "/latent")
    address = script_routes.address("pad/pad.js")
    assert address.startswith("/latent/scripts/")
    assert get(address).status == 200
    assert address.removesuffix("pad/pad.js") in script_routes.starter("pad/pad.js")


@pytest.mark.parametrize("entry", sorted(ENTRIES))
def test_a_component_starts_from_a_few_lines_that_name_all_it_needs(entry: str) -> None:
    text = script_routes.starter(entry)
    assert len(text.splitlines()) < 20
    assert all(f'"{path}"' in text for path in web.scripts().needed(entry))
