"""Images of one's own, brought or drawn, and those that are downloaded."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tests.writers.writer import Writer
from vae.data.download import fetch
from vae.data.files import RemoteFile
from vae.data.own import Choices, look, prepare, prepared
from vae.data.own.drawn import folder as drawn
from vae.data.own.drawn import preparing
from vae.data.own.drawn.drawing import BYTES
from vae.data.own.drawn.warping import Warping


def uploaded(folder: Path) -> Writer:
    pictures = folder / "pictures"
    pictures.mkdir()
    for number in range(12):
        Image.new("L", (8, 8), number * 20).save(pictures / f"{number}.png")
    found = look(pictures)

    def read() -> object:
        return {name: len(prepared.find(name).load().train) for name in prepared.names()}

    return Writer(lambda: prepare(found, Choices(8, 8), "mine"), read)


def renewed(folder: Path) -> Writer:
    uploaded(folder).write()
    return Writer(
        lambda: prepared.renew("mine", ("elsewhere",), "stamp"),
        lambda: getattr(prepared.find("mine").about, "origin", None),
    )


def set_renamed(folder: Path) -> Writer:
    uploaded(folder).write()
    return Writer(lambda: prepared.rename("mine", "other"), prepared.names)


def begun(folder: Path) -> Writer:
    return Writer(drawn.begin, lambda: {name: drawn.find(name).classes for name in drawn.names()})


def named_class(folder: Path) -> Writer:
    name = drawn.begin()
    return Writer(lambda: drawn.add_class(name, "star"), lambda: drawn.find(name).classes)


def drawing(folder: Path) -> Writer:
    name = drawn.begin()
    group = drawn.add_class(name, "star")
    pixels = bytes(range(256)) * 4

    def read() -> list[str]:
        found = drawn.find(name)
        assert not found.damaged
        return [one.key for one in found.drawings]

    return Writer(lambda: drawn.keep(name, group, "token123", pixels[:BYTES]), read)


def drawn_set(folder: Path) -> Writer:
    name = drawn.begin()
    draw = np.random.default_rng(0)
    group = drawn.add_class(name, "star")
    for number in range(7):
        pixels = draw.integers(0, 256, BYTES, dtype=np.uint8).tobytes()
        drawn.keep(name, group, f"drawing{number}", pixels)

    def read() -> object:
        return {one: len(prepared.find(one).load().train) for one in prepared.names()}

    return Writer(lambda: preparing.prepare(name, Warping(copies=1)), read)


def drawn_again(folder: Path) -> Writer:
    """A drawn set that is prepared once more, by other options: the older images stay too."""
    first = drawn_set(folder)
    first.write()
    name = drawn.names()[0]
    return Writer(lambda: preparing.prepare(name, Warping(copies=2)), first.read)


def downloaded(folder: Path) -> Writer:
    content = np.random.default_rng(0).bytes(100_000)
    file = RemoteFile("images.gz", hashlib.md5(content).hexdigest(), len(content))
    path = folder / "data" / file.name

    def write() -> None:
        with _serving(content) as url:
            fetch((file,), path.parent, (url,))

    def read() -> bool:
        assert not path.exists() or path.read_bytes() == content
        return path.exists()

    return Writer(write, read)


@contextmanager
def _serving(content: bytes) -> Iterator[str]:
    """Serve one file on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            start = int(self.headers.get("Range", "bytes=0-")[6:-1])
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(content) - start))
            if start:
                span = f"bytes {start}-{len(content) - 1}/{len(content)}"
                self.send_header("Content-Range", span)
            self.end_headers()
            self.wfile.write(content[start:])

        def log_message(self, *_: Any) -> None:
            """Keep the tests' output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


IMAGES = (
    *(uploaded, renewed, set_renamed, begun, named_class, drawing, drawn_set, drawn_again),
    *(downloaded,),
)
