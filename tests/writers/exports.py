"""What commands write where --out says."""

import contextlib
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.tiny_models import tiny_checkpoint
from tests.writers.writer import MODEL, Writer
from vae import checkpoint
from vae.__main__ import main
from vae.commands.writing import check_writable, write
from vae.errors import UserError
from vae.export.film import gif


def film(folder: Path) -> Writer:
    path = folder / "out" / "film.gif"
    content = gif(np.zeros((3, 4, 4, 1), np.uint8), 1, 100)

    def export() -> None:
        check_writable(str(path))
        write(str(path), content)

    return Writer(export, lambda: path.exists() and path.read_bytes() == content)


def _command(name: str, *words: str, out: str) -> Callable[[Path], Writer]:
    """Make the writer that is a command; what it writes without a failure is what is whole."""

    def writer(folder: Path) -> Writer:
        model, path = folder / "model.safetensors", folder / "out" / out
        checkpoint.write(model, tiny_checkpoint("model", MODEL))

        def run(target: Path) -> None:
            said = io.StringIO()
            with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
                status = main([name, str(model), *words, "--out", str(target)])
            if status:
                assert said.getvalue().count("\n") == 1, said.getvalue()
                raise UserError(said.getvalue())

        whole = folder / "whole" / out
        run(whole)
        return Writer(
            lambda: run(path), lambda: path.exists() and path.read_bytes() == whole.read_bytes()
        )

    writer.__name__ = name
    return writer


EXPORTS = (
    film,
    _command("encode", "--dataset", "digits", out="codes.npz"),
    _command("sample", "--count", "4", out="sheet.png"),
    _command("interpolate", "--from", "0", "--to", "1", out="path.gif"),
    _command("project", "--method", "pca", out="places.npz"),
    _command("export", "--format", "decoder", out="decoder.bin"),
)
