"""What the server does while it starts, so that the first visitor need not wait."""

import contextlib
import threading
from collections.abc import AsyncIterator
from typing import Any

from ui import prompt, resources
from ui.resources import decoding, kinds, payloads
from vae.errors import UserError


@contextlib.asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Open the first model while the server starts."""
    prompt.answer_at_once()
    threading.Thread(target=_open_first, name="warm-start", daemon=True).start()
    yield


def _open_first() -> None:
    name = resources.preferred(resources.library())
    # a broken file is explained to the visitor who opens it
    with contextlib.suppress(UserError):
        if name is not None:
            decoding.sample_strip(name)
            for kind in ("decoder", "points"):
                payloads.packed(name, kind)
                payloads.payload(name, kind)
    kinds.of_library()
