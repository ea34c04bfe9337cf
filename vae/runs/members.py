"""The members of a sweep as runs: make their folders, and see how far each is."""

import itertools
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from vae.errors import UserError
from vae.files import owner
from vae.files.locks import take
from vae.files.writing import explain
from vae.library import locate
from vae.runs import variation, watch
from vae.runs.watch import RunView
from vae.sweep import Member, Sweep

if TYPE_CHECKING:
    from vae.models.config import VAEConfig
    from vae.training.config import TrainConfig

DELETED = "deleted"
PATIENCE = 5.0
"""Seconds to wait for another process that changes the same record."""


@dataclass(frozen=True)
class MemberView:
    """A member of a sweep as its folder tells it now."""

    member: Member
    state: str
    """As of a run (`RunView.state`): queued, running, finished, failed …; deleted where its folder
    is not there, or is another run's by now."""
    error: str | None
    checkpoint: Path | None
    """Its model; None where its training has not finished."""
    run: RunView | None
    """The run; None where it is deleted."""


def look(sweep: Sweep) -> tuple[MemberView, ...]:
    """See how far each member is, in their order."""
    return tuple(view(sweep, member) for member in sweep.members)


def view(sweep: Sweep, member: Member) -> MemberView:
    """See how far one member is."""
    found = None
    with suppress(UserError):
        found = watch.view(sweep.folder_of(member))
    if found is None or found.config.get("sweep") != sweep.name:
        return MemberView(member, DELETED, None, None, None)
    model = sweep.checkpoint_of(member) if found.state == "finished" else None
    return MemberView(member, found.state, found.error, model, found)


def configs(sweep: Sweep, member: Member) -> tuple["VAEConfig", "TrainConfig"]:
    """Return the two configs that a member is trained with."""
    from vae import data
    from vae.models.config import VAEConfig
    from vae.training.config import TrainConfig

    model = VAEConfig.from_json(sweep.model)
    training = TrainConfig.from_json(sweep.training)
    classes = len(data.find(sweep.dataset).class_names)
    for option, value in member.values.items():
        model, training = variation.vary(model, training, option, value, classes)
    return model, training


def named(
    path: Path, members: Sequence[Member], is_taken: Callable[[Path], bool] = lambda run: False
) -> tuple[Member, ...]:
    """Name the runs of new members, which have no name yet, with the first numbers."""
    known = {one.run for one in members}
    names = (f"{path.name}-{number}" for number in itertools.count(1))
    free = (name for name in names if name not in known and not is_taken(path.with_name(name)))
    return tuple(one if one.run else Member(next(free), one.values) for one in members)


def make_all(sweep: Sweep, members: Sequence[Member], then: Callable[[], None]) -> None:
    """Make the folders of members' runs, then do the rest; where that fails none of them stays."""
    made: list[Path] = []
    try:
        for member in members:
            made.append(make(sweep, member))
        then()
    except BaseException:
        for path in made:
            shutil.rmtree(path, ignore_errors=True)
        raise


def make(sweep: Sweep, member: Member) -> Path:
    """Make the folder of a member's run, which waits to begin; FileExistsError where it is taken.

    The run names its sweep, so that another run of that name is never taken for a member.
    """
    from vae.runs import driver
    from vae.runs.folder import RunFolder

    path = sweep.folder_of(member)
    if locate(member.run):
        raise FileExistsError
    path.mkdir()
    try:
        owner.claim(path)
        folder = RunFolder(path)
        folder.prepare()
        folder.begin(driver.plan(sweep.dataset, *configs(sweep, member)) | {"sweep": sweep.name})
        folder.status("queued")
    except BaseException:
        shutil.rmtree(path, ignore_errors=True)
        raise
    return path


@contextmanager
def changing(sweep: Sweep) -> Iterator[Sweep]:
    """Hold the record of a sweep, as it is now, to replace it; `UserError` where it cannot be."""
    owner.check_change(sweep.path)
    try:
        lock = take(sweep.path / "lock", PATIENCE)
    except OSError as error:
        raise UserError(f"cannot change the sweep {sweep.name}: {explain(error)}") from None
    if lock is None:
        raise UserError(f"another process changes the sweep {sweep.name}; try again in a moment")
    with lock:
        yield Sweep.open(sweep.path)


def follow(sweep: Sweep, before: str, after: str) -> None:
    """Keep a member whose run has another name now."""
    with changing(sweep) as now:
        members = (Member(after, one.values) if one.run == before else one for one in now.members)
        replace(now, members=tuple(members)).write()
