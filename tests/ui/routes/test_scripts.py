"""The components' scripts: under an address that holds their hash, for good, and found again."""

import gzip
import json

import pytest

from tests.asking import Answer, ask
from ui import base, doorway, navigation
from ui.routes import scripts
from vae import web

PAGES = doorway.HERE.parent / "pages"
ENTRIES = {file.script for file in navigation.page_files(PAGES) if file.script}


def get(address: str, **headers: str) -> Answer:
    return ask(scripts.routes(), address, headers=headers)


def test_an_answer_is_one_that_browsers_keep_for_good() -> None:
    answer = get(scripts.address("pad/pad.js"))
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("entry", sorted(ENTRIES))
def test_an_entry_comes_with_all_it_imports_each_after_those_it_imports(entry: str) -> None:
    said = json.loads(get(scripts.address(entry)).body)
    assert said["digest"] == web.scripts().digest
    came: list[str] = []
    for path, *parts in said["scripts"]:
        assert set(parts[1::2]) <= set(came)
        came.append(path)
    assert came == web.scripts().needed(entry)


def test_scripts_travel_compressed() -> None:
    packed = {"accept-encoding": "gzip"}
    address = scripts.address("pad/pad.js")
    answer = ask(scripts.routes(), address, headers=packed)
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(answer.body) == get(address).body


def test_a_page_that_names_former_scripts_is_sent_to_those_of_now() -> None:
    answer = get("/scripts/0123456789abcdef0123/pad/pad.js")
    assert answer.status == 307
    assert answer.headers["location"] == scripts.address("pad/pad.js")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["none.js", "pad/pad.css", "../__init__.py", "", "__init__.py"])
def test_only_scripts_are_served(path: str) -> None:
    assert get(f"/scripts/{web.scripts().digest}/{path}").status == 404


def test_addresses_stand_below_the_path_that_the_app_is_served_under(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(base, "path", lambda: "/latent")
    address = scripts.address("pad/pad.js")
    assert address.startswith("/latent/scripts/")
    assert get(address).status == 200
    assert address.removesuffix("pad/pad.js") in scripts.starter("pad/pad.js")
