"""Acting on training runs from a page: each run is a process of its own and a folder on disk."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from vae.errors import UserError
from vae.files import owner, regular
from vae.files.locks import check_inherited, is_of, take
from vae.files.writing import NAME, explain, move_folder, runs_folder
from vae.jobs import launch as jobs
from vae.library import locate
from vae.runs import members, orders, queue, quota, records, trash, watch
from vae.runs.watch import view
from vae.sweep import of_run
from vae.training import threads

if TYPE_CHECKING:
    from vae.models.config import VAEConfig
    from vae.training.config import TrainConfig

THREADS = 2
READER_SECONDS = 0.3
"""How long to try for a lock that a reader may hold for an instant."""
OVER = ("finished", "failed", "cancelled")
BACKGROUND = "VAE_BACKGROUND"
"""Set for a process that trains beside a server and should give way to it."""


def launch(
    dataset: str,
    model: "VAEConfig",
    training: "TrainConfig",
    start_from: str | None = None,
    epochs: int | None = None,
) -> str:
    """Start a run in a process of its own and return its id; it waits its turn in the queue.

    It starts from random weights, or from those of a model of the library. After so many ``epochs``
    it pauses, if any are given; its budget stays what ``training`` says.

    Raises
    ------
    UserError
        When the data set is unknown, the model does not fit, or the folder cannot be written.
    """
    from vae import data
    from vae.runs import driver as runs
    from vae.runs import origin
    from vae.runs.folder import RunFolder

    check_inherited("a run beside the page")
    owner.check_start()
    shape = tuple(data.find(dataset).image_shape)
    if tuple(model.image_shape) != shape:
        raise UserError(f"{dataset} has images of {shape}, the model takes {model.image_shape}")
    quota.check()
    path = make_folder(f"{dataset}-{model.z_dim}d")
    folder = RunFolder(path)
    try:
        folder.prepare()
        given = {} if start_from is None else origin.keep(path, start_from)
        folder.begin(runs.plan(dataset, model, training) | given)
        begin(path, *([] if epochs is None else [(orders.STEP, epochs)]))
    except Exception:
        # nothing half-written stays of a run that could not begin
        shutil.rmtree(path, ignore_errors=True)
        raise
    return path.name


def pause(run: str | Path) -> None:
    """Ask a run to save and stop after the step under way; one that has ended stays as it is."""
    _ask(run, orders.PAUSE)


def cancel(run: str | Path) -> None:
    """Ask a run to end and keep what it learnt; one without a trainer is cancelled at once."""
    _ask(run, orders.CANCEL)


def resume(run: str | Path) -> None:
    """Start the process of a run that stopped again; an active one that was to stop goes on.

    Raises
    ------
    UserError
        When the run is finished.
    """
    path = watch.find(run)
    found = view(path)
    if found.active:
        if orders.pauses(orders.pending(path)):
            orders.add(path, orders.RESUME)
        return
    if not found.resumable:
        raise UserError(f"the run {path.name} is {found.state} and cannot go on; start a new one")
    quota.check()
    begin(path)


def remove(run: str | Path) -> Path:
    """Move a run out of sight, into ``VAE_RUNS/.trash``, and return where it is now."""
    path = watch.find(run)
    with idle(path, "cancel it before it is removed"):
        try:
            trashed = trash.put(path)
        except OSError as error:
            raise UserError(f"cannot remove the run {path.name}: {explain(error)}") from None
    trash.empty()
    return trashed


def restore(trashed: Path) -> Path:
    """Bring back a run or a sweep that was removed, and return where it is now."""
    owner.check_change(trashed)
    try:
        return trash.bring_back(trashed)
    except FileExistsError as error:
        name = Path(error.filename or trashed).name
        taken = f"there is another run {name} now; remove that one first"
        raise UserError(taken) from None
    except OSError as error:
        name = trashed.name.rstrip("+")
        raise UserError(f"cannot bring {name} back: {explain(error)}") from None


def rename(run: str | Path, name: str) -> str:
    """Give a run that has ended, and so its model, a name of one's own; return the name.

    Raises
    ------
    UserError
        When the name is none, when another model or run has it, or while the run trains.
    """
    from vae.runs.folder import RunFolder

    path, name = watch.find(run), name.strip()
    if name == path.name:
        return name
    if not NAME.fullmatch(name):
        raise UserError(
            f"{name[:40]!r} cannot be a name; take up to 100 letters, digits, dots, dashes and "
            "underscores, the first a letter or digit, and no spaces"
        )
    target = path.with_name(name)
    taken = f"there is a model or run {name} already; choose another name"
    if locate(name):
        raise UserError(taken)
    sweep = of_run(path)
    with idle(path, "give it a name when it has ended"):
        _move(path, target, taken, f"rename the run {path.name}")
        try:
            if sweep is not None:
                members.follow(sweep, path.name, name)
        except UserError:
            # a member under a name that its sweep does not know would be lost to it
            if of_run(target) is None:
                with suppress(OSError):
                    move_folder(target, path)
            raise
        folder = RunFolder(target)
        # it has its name, whether or not this can be written down
        with suppress(UserError):
            folder.event("renamed", folder.last_step(), before=path.name)
    return name


def _move(path: Path, target: Path, taken: str, what: str) -> None:
    """Move a run's folder; say ``taken`` where the name has an owner, else what cannot be done."""
    try:
        move_folder(path, target)
    except FileExistsError:
        raise UserError(taken) from None
    except OSError as error:
        raise UserError(f"cannot {what}: {explain(error)}") from None


def make_folder(stem: str) -> Path:
    """Make a new run folder, named so that its model hides no other, and return it."""
    folder = runs_folder()
    for number in range(1, 100_000):
        path = folder / (stem if number == 1 else f"{stem}-{number}")
        if locate(path.name):
            continue
        try:
            # of two that start at the same time only one makes the folder
            path.mkdir(parents=True)
            _claim(path)
            return path
        except FileExistsError:
            continue
        except OSError as error:
            raise UserError(f"cannot make the run folder {path}: {explain(error)}") from None
    raise UserError(f"{folder} holds too many runs called {stem}; remove some")


def _claim(path: Path) -> None:
    try:
        owner.claim(path)
    except UserError:
        shutil.rmtree(path, ignore_errors=True)
        raise


def environment(in_epochs: bool = False) -> dict[str, str]:
    """Give the environment of a process that trains beside a server on the same cores."""
    # the server's own number of threads is not the trainer's
    count = str(min(THREADS, os.cpu_count() or 1))
    environ = os.environ | {BACKGROUND: "1", "OMP_NUM_THREADS": count}
    threads.settle(environ, in_epochs)
    return environ


def _lock(path: Path, patience: float) -> IO[bytes] | None:
    try:
        lock = take(path / "lock", patience)
        if lock is None or is_of(lock, path / "lock"):
            return lock
        lock.close()
        raise FileNotFoundError
    except FileNotFoundError:
        # a lock goes with its folder, under whatever name it is now
        raise UserError(
            f"the run {path.name} is not there any more: it was renamed or removed just now; "
            "look for it in the list of runs"
        ) from None
    except OSError as error:
        raise UserError(f"cannot lock the run {path.name}: {explain(error)}") from None


def _ask(run: str | Path, action: str) -> None:
    path = watch.find(run)
    if view(path).state in OVER:
        return
    orders.add(path, action)
    if action == orders.CANCEL:
        _cancel_at_once(path)


def _cancel_at_once(path: Path) -> None:
    """Write down that a run is cancelled where there is no trainer to do it."""
    from vae.runs.folder import RunFolder

    lock = _lock(path, READER_SECONDS)
    if lock is None:
        return
    with lock:
        folder = RunFolder(path)
        # it may have ended by itself since it was looked at
        if folder.last_status().state not in OVER:
            folder.status("cancelled")
            folder.event("cancelled", folder.last_step())


@contextmanager
def idle(path: Path, remedy: str) -> Iterator[None]:
    """Hold the lock of a run without a trainer, to change its folder.

    Raises
    ------
    UserError
        Where there is a trainer, or who asks may not change the run.
    """
    owner.check_change(path)
    lock = _lock(path, READER_SECONDS)
    if lock is None:
        raise UserError(f"the run {path.name} is {view(path).state}; {remedy}")
    with lock:
        yield


def begin(path: Path, *first: tuple[str, Any]) -> None:
    """Start the process of a run; it inherits the run's lock, so there is no moment without one.

    ``first`` is what it is asked as it goes on; a finished one goes on only to train longer.
    """
    from vae.runs.folder import RunFolder

    check_inherited("a run beside the page")
    owner.check_change(path)
    lock = _lock(path, READER_SECONDS)
    if lock is None:
        return  # somebody else was quicker
    with lock:
        folder = RunFolder(path)
        goes_on = any(action == orders.LONGER for action, _ in first)
        if folder.last_status().state == "finished" and not goes_on:
            return
        orders.add(path, orders.RESUME)
        for action, value in first:
            orders.add(path, action, value)
        # what the last process said is no longer true
        folder.status("queued")
        with suppress(OSError, UserError):
            queue.enter(path)
        _spawn(path, lock)


def _spawn(path: Path, lock: IO[bytes]) -> None:
    training = records.read_config(path).get("training", {})
    environ = environment(in_epochs=training.get("epochs") is not None)
    words = ["train", "--resume", str(path.resolve()), "--json"]
    try:
        with regular.opened(path / "log.txt", "ab") as log:
            jobs.launch(words, lock, environ, log)
    except OSError as error:
        raise UserError(f"cannot start the run {path.name}: {explain(error)}") from None
