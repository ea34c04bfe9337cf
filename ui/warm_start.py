"""What the server does before a visitor asks for it, so that nobody need wait."""

import contextlib
import importlib
import threading
from collections.abc import AsyncIterator, Mapping
from typing import Any

from ui import navigation, prompt, resources
from ui.navigation import PageFile
from ui.resources import decoding, kinds, payloads
from vae.errors import UserError


@contextlib.asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Open the first model while the server starts."""
    prompt.answer_at_once()
    threading.Thread(target=_open_first, name="warm-start", daemon=True).start()
    yield


def prepare_page(page: PageFile, name: str, asked: Mapping[str, str]) -> None:
    """Make ready what a page shows first of a model, while the browser still loads its scripts.

    ``asked`` is the query of the page's address.
    """
    prepare(name)
    with contextlib.suppress(UserError):
        navigation.preparing(page)(name, asked)


def prepare(name: str) -> None:
    """Make ready what the first image of a model needs; a visitor's page is on its way.

    A broken file is explained to the visitor who opens it.
    """
    with contextlib.suppress(UserError):
        decoding.sample_strip(name)
        payloads.packed(name, payloads.decoder_kind(name))


def _open_first() -> None:
    name = resources.preferred(resources.library())
    if name is not None:
        prepare(name)
    # Streamlit asks for it where data go to a component, which every page's first picture does
    importlib.import_module("pandas")
    kinds.of_library()
    if name is not None:
        payloads.prepare(name, "points", "near")
