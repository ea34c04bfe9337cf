"""A sweep as runs: launch its members, see how far each is, end, repeat and add to them."""

import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from vae.errors import UserError
from vae.files import owner
from vae.files.writing import NAME, explain, move_folder, runs_folder, write_atomically
from vae.library import locate
from vae.runs import control, members, quota, trash, variation
from vae.runs.members import MemberView, look
from vae.sweep import MOST_MEMBERS, RECORD, Member, Sweep, Value, combinations, sweeps

if TYPE_CHECKING:
    from vae.models.config import VAEConfig
    from vae.training.config import TrainConfig

__all__ = ["Member", "MemberView", "Sweep", "cancel", "create", "extend", "launch", "look"]
__all__ += ["remove", "resume", "retry", "sweeps"]


def launch(
    dataset: str,
    model: "VAEConfig",
    training: "TrainConfig",
    varied: Mapping[str, Sequence[Value]],
    name: str | None = None,
) -> Sweep:
    """Write down a sweep and let all its members join the queue, in order.

    Parameters
    ----------
    dataset, model, training
        What all members share.
    varied
        Option -> values; ``seed``, ``z_dim`` or any other option of the train command.
    name
        Of the sweep; by default after the data set and what is varied.

    Raises
    ------
    UserError
        When a value is none, the name is taken, or the folder cannot be written; nothing is left
        of the sweep then.
    """
    sweep = create(dataset, model, training, varied, name)
    try:
        control.resume(sweep.folder_of(sweep.members[0]))
    except Exception:
        # nothing half-written stays of a sweep that could not begin
        for folder in (sweep.path, *map(sweep.folder_of, sweep.members)):
            shutil.rmtree(folder, ignore_errors=True)
        raise
    resume(sweep)
    return sweep


def create(
    dataset: str,
    model: "VAEConfig",
    training: "TrainConfig",
    varied: Mapping[str, Sequence[Value]],
    name: str | None = None,
    folder: Path | None = None,
) -> Sweep:
    """Write down a sweep and make the folders of its runs, of which none begins.

    ``folder`` is where, by default ``VAE_RUNS``. Parameters and errors are those of `launch`.
    """
    from vae import data
    from vae.checkpoint import now

    owner.check_start()
    shape = tuple(data.find(dataset).image_shape)
    if tuple(model.image_shape) != shape:
        raise UserError(f"{dataset} has images of {shape}, the model takes {model.image_shape}")
    known = read_values(model, training, varied)
    new = tuple(Member("", values) for values in combinations(known))
    sweep = Sweep(Path(), dataset, model.to_json(), training.to_json(), known, new, now())
    for member in new:
        # what does not go together is said before a folder is made
        members.configs(sweep, member)
    quota.check(len(new))
    parent = (runs_folder() if folder is None else folder).absolute()
    if parent.exists() and not parent.is_dir():
        raise UserError(f"{parent} is no folder; choose another place for the sweep")
    try:
        parent.mkdir(parents=True, exist_ok=True)
        return _make_first(sweep, parent, _names(dataset, known) if name is None else [name])
    except OSError as error:
        raise UserError(f"cannot make a sweep in {parent}: {explain(error)}") from None


def _make_first(sweep: Sweep, parent: Path, names: Iterable[str]) -> Sweep:
    """Make a sweep under the first of some names that is free."""
    for name in names:
        if not NAME.fullmatch(f"{name}-{MOST_MEMBERS}"):
            raise UserError(
                f"{name[:40]!r} cannot be the name of a sweep; take up to 90 letters, digits, "
                "dots, dashes and underscores, the first a letter or digit"
            )
        with suppress(FileExistsError):
            return _make(sweep, parent / name)
    raise UserError(
        f"the name {name} is taken in {parent}, or {name}-1 and so on are; choose another name"
    )


def _names(dataset: str, varied: Iterable[str]) -> list[str]:
    """Propose names for a sweep."""
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", f"{Path(dataset).name}-by-{'-'.join(varied)}")[:80]
    return [stem, *(f"{stem}.{number}" for number in range(2, 1000))]


def read_values(
    model: "VAEConfig", training: "TrainConfig", varied: Mapping[str, Sequence[Value]]
) -> dict[str, tuple[Value, ...]]:
    """Read what is varied as the configs take it; `UserError` where it makes no sweep."""
    known: dict[str, tuple[Value, ...]] = {}
    count = 1
    for option, values in varied.items():
        key = variation.canonical(option)
        count *= len(values)
        if count > MOST_MEMBERS:
            raise UserError(f"a sweep has at most {MOST_MEMBERS} members; give fewer values")
        if key in known:
            raise UserError(f"{key} is varied twice; give all its values at once")
        read = tuple(variation.read_value(model, training, key, str(value)) for value in values)
        for value in read:
            if read.count(value) > 1:
                raise UserError(f"{key} has the value {value} twice; give each value once")
        known[key] = read
    if count < 2:
        raise UserError("a sweep needs two members or more; give more values, or use train")
    return known


def cancel(sweep: Sweep) -> None:
    """End all that has not ended yet; what has finished stays.

    The last first, so that none takes its turn meanwhile.
    """
    for seen in reversed(look(sweep)):
        if seen.run is not None and seen.state not in control.OVER:
            control.cancel(seen.run.path)


def resume(sweep: Sweep) -> None:
    """Let all members that stopped before their end join the queue again, in order.

    Those that were deleted stay so; `retry` makes one anew.
    """
    for seen in look(sweep):
        if seen.run is not None and seen.run.resumable:
            control.resume(seen.run.path)


def retry(sweep: Sweep, member: Member) -> None:
    """Let one member join the queue again: where it stopped, or anew where it was deleted."""
    seen = members.view(sweep, member)
    if seen.run is None:
        renew(sweep, member)
    control.resume(sweep.folder_of(member))


def renew(sweep: Sweep, member: Member) -> None:
    """Make the folder of a deleted member's run again; it has not begun then."""
    owner.check_change(sweep.path)
    try:
        members.make(sweep, member)
    except OSError as error:
        raise UserError(f"cannot make the run {member.run} again: {explain(error)}") from None


def renew_all(sweep: Sweep) -> None:
    """Make the folders of all deleted members again."""
    for seen in look(sweep):
        if seen.run is None:
            renew(sweep, seen.member)


def remove(sweep: Sweep) -> Path:
    """Move a sweep and all its runs into ``VAE_RUNS/.trash``, and return where it is now.

    `control.restore` brings it back.

    Raises
    ------
    UserError
        While one of its runs trains or waits, or when something cannot be moved.
    """
    with members.changing(sweep) as sweep, ExitStack() as stack:
        runs = [sweep.folder_of(member) for member in sweep.members if sweep.owns(member)]
        for run in runs:
            stack.enter_context(control.idle(run, "stop the sweep before it is removed"))
        try:
            trashed = trash.put(sweep.path, runs)
        except OSError as error:
            raise UserError(f"cannot remove the sweep {sweep.name}: {explain(error)}") from None
    trash.empty()
    return trashed


def extend(sweep: Sweep, option: str, values: Sequence[Value]) -> Sweep:
    """Add values of an option that the sweep varies; return the sweep with its new members.

    Their folders are made; `resume` lets them join the queue.
    """
    from vae.models.config import VAEConfig
    from vae.training.config import TrainConfig

    key = variation.canonical(option)
    with members.changing(sweep) as sweep:
        if key not in sweep.varied:
            raise UserError(
                f"the sweep {sweep.name} does not vary {key}; it varies {', '.join(sweep.varied)}"
            )
        model = VAEConfig.from_json(sweep.model)
        training = TrainConfig.from_json(sweep.training)
        added = [*sweep.varied[key], *values]
        varied = read_values(model, training, {**sweep.varied, key: added})
        runs = {tuple(one.values.values()): one.run for one in sweep.members}
        every = [Member(runs.get(tuple(v.values()), ""), v) for v in combinations(varied)]
        named = members.named(sweep.path, every, _is_taken)
        wider = replace(sweep, varied=varied, members=named)
        new = [member for member in wider.members if member not in sweep.members]
        quota.check(len(new))
        try:
            members.make_all(wider, new, wider.write)
        except OSError as error:
            raise UserError(f"cannot add to the sweep {sweep.name}: {explain(error)}") from None
    return wider


def _is_taken(run: Path) -> bool:
    return run.exists() or locate(run.name) is not None


def _make(sweep: Sweep, path: Path) -> Sweep:
    """Make a sweep's folder and those of its runs; FileExistsError where a name is taken."""
    sweep = replace(sweep, path=path, members=members.named(path, sweep.members))
    if _is_taken(path):
        raise FileExistsError
    staged = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))

    def appear() -> None:
        # the folder appears with its record in it: whoever looks finds a whole sweep or none
        owner.claim(staged)
        write_atomically(staged / RECORD, sweep.text())
        staged.chmod(0o755)
        move_folder(staged, path)

    try:
        members.make_all(sweep, sweep.members, appear)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return sweep
