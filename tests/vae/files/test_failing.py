"""A disk that is full, or that fails, at any one call of any writer: nothing is half-written.

After the failure what readers find is the old whole thing or the new one, the cause is told in one
sentence, nothing stays that is taken for something, and writing again works.
"""

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.failing_disk import BROKEN, FULL, failing
from tests.writers import WRITERS, Writer
from tests.writers.jobs import LAUNCH
from tests.writers.runs import held
from vae.errors import UserError
from vae.files import lines
from vae.runs import records, room

WORDS = {FULL: "the disk is full; make room", BROKEN: "the disk reports an error"}


@pytest.fixture(autouse=True)
def let_go() -> Iterator[None]:
    """Close, after a test, the locks that its runs were held by."""
    yield
    while held:
        held.pop().close()


@pytest.mark.parametrize("kind", WRITERS, ids=lambda kind: kind.__name__)
def test_whichever_call_fails_nothing_is_half_written(
    kind: Callable[[Path], Writer], tmp_path: Path
) -> None:
    # the other error at each call
    assert try_all(kind, tmp_path, lambda call: FULL if call % 2 else BROKEN) > 1


def try_all(kind: Callable[[Path], Writer], where: Path, error: Callable[[int], int]) -> int:
    """Let each call of a writer fail, one at a time; return how many it makes and one."""
    for number in itertools.count(1):
        folder = where / str(number)
        (folder / "runs").mkdir(parents=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "nice", lambda by: by)
            # whether the disk holds it is not looked at, and takes most of the time
            patch.setattr(os, "fsync", lambda handle: None)
            patch.setattr(*LAUNCH)
            # a run looks at once again whether there is room
            patch.setattr(room, "TRY_SECONDS", 0.0)
            patch.setenv("VAE_RUNS", str(folder / "runs"))
            if not _meets(kind(folder), folder, number, error(number)):
                return number
    raise AssertionError("counting does not end")


def _meets(writer: Writer, folder: Path, number: int, error: int) -> bool:
    """Let one call fail, and write again; False where there was no such call any more."""
    old, said = writer.read(), ""
    with failing(folder, number, error) as disk:
        try:
            writer.write()
        except (UserError, OSError) as refused:
            said = str(refused)
    found = writer.read()
    if not disk.failed:
        assert found != old
        return False
    where = f"{disk.failed} ({said})"
    if found == old:
        # what did not come about was told
        known = (WORDS[error], os.strerror(error), "no space is left on the disk")
        assert any(words in said for words in known), where
        writer.write()
    assert writer.read() != old, where
    left = [path for path in folder.rglob("*") if path.name.startswith(".unfinished")]
    assert left == [], where
    return True


@pytest.mark.parametrize("cut", range(1, 27))
def test_a_line_cut_anywhere_is_as_if_it_were_not_there(cut: int, tmp_path: Path) -> None:
    path, torn = tmp_path / "events.jsonl", '{"step": 2, "event": "ä€"}'.encode()
    lines.append(path, b'{"step": 1, "event": "whole"}')
    with path.open("ab") as file:
        file.write(torn[:cut])
    assert [one.step for one in records.events(path.read_bytes())] == [1]
    lines.append(path, b'{"step": 3, "event": "next"}')
    assert [one.step for one in records.events(path.read_bytes())] == [1, 3]
