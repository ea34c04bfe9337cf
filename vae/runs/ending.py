"""How a training run ends that was not let go on, and what it does before it gives up."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

from vae.errors import UserError
from vae.files import plain_json
from vae.runs import records, room
from vae.runs.folder import RunFolder
from vae.runs.listener import Listener
from vae.training.distributed import ProcessLost

NOT_SAVED = "the disk was full; what was learnt since the last save is lost"


class Stopped(KeyboardInterrupt):
    """A run that ended before its budget was spent, because it was asked to; nothing is lost."""

    def __init__(self, state: str, out: Path, begun: bool = True):
        # "paused" or "cancelled"
        self.state = state
        kept = f"what was learnt is kept in {out}" if begun else "it had not begun"
        super().__init__(f"{state}; {kept}, go on with --resume {out}")


def end_before_training(folder: RunFolder, listener: Listener) -> NoReturn:
    """End a run that has not had its turn, as it was asked to."""
    if folder.is_lost():
        raise UserError(f"the folder of the run {folder.path} is gone; start the run again")
    state, step = listener.state() or "paused", folder.last_step()
    folder.status(state)
    folder.event(state, step)
    raise Stopped(state, folder.path, begun=step > 0)


@contextmanager
def waiting_for_room(folder: RunFolder, listener: Listener) -> Iterator[None]:
    """Let a full disk pause the run inside the block, until there is room or it is cancelled."""
    room.keep_aside(folder.path)
    folder.room.wait_by(listener.gives_up, _Telling(folder))
    try:
        yield
    except room.NoRoom:
        with suppress(UserError):
            folder.status("cancelled")
            folder.event("cancelled", folder.last_step(), words=NOT_SAVED)
        raise Stopped("cancelled", folder.path, begun=folder.last_step() > 0) from None
    finally:
        room.let_go(folder.path)


class _Telling:
    """Writes down that a run waits for room, and that it goes on."""

    def __init__(self, folder: RunFolder):
        self.folder = folder
        self._before: dict[str, Any] = {}

    def __call__(self, full: bool) -> None:
        """Hear that the disk is full, or that there is room again."""
        folder, step = self.folder, self.folder.last_step()
        if full:
            if folder.last_status().phase != room.PHASE:
                self._before = plain_json.read_object(folder.path / records.STATUS)
            folder.status("running", phase=room.PHASE)
            folder.event("paused", step, words=room.FULL)
            return
        # what was to be written may have been the next status, such as that the run has ended
        if folder.last_status().phase == room.PHASE and self._before:
            folder.write_json(records.STATUS, self._before, sync=False)
        folder.event("resumed", step, words="there is room on the disk again")


@contextmanager
def never_left_running(folder: RunFolder) -> Iterator[None]:
    """Write down that a run failed, whatever the reason; the error itself is for the caller."""
    try:
        yield
    except ProcessLost as error:
        folder.status("paused")
        folder.event("paused", folder.last_step(), words=str(error))
        kept = f"what it had saved is kept in {folder.path}, go on with --resume {folder.path}"
        raise UserError(f"{error}; {kept}") from error
    except Exception as error:
        if folder.last_status().state != "failed" and not folder.is_lost():
            with suppress(UserError):
                folder.status("failed", error=str(error) or type(error).__name__)
                folder.event("failed", folder.last_step(), error=str(error))
        raise
