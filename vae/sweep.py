"""A sweep as its file says it: runs of one configuration that differ in a few options.

`VAE_RUNS/<name>/sweep.json` is the record; each member is an ordinary run in a folder beside it.
Nothing here loads torch.
"""

import itertools
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from vae.errors import UserError
from vae.files import owner, plain_json, regular
from vae.files.writing import NAME, runs_folder, write_atomically

RECORD = "sweep.json"
VERSION = 1
MOST_MEMBERS = 50
"""Each member that waits is a process, and has a row of its own in every table."""
LONGEST_WORD = 200
Value = int | float | str
_KEYS = ("format_version", "name", "dataset", "model", "training", "varied", "members", "created")
_CONFIG, _STATUS, _MODEL = "config.json", "status.json", "model.safetensors"


@dataclass(frozen=True)
class Member:
    """One run of a sweep."""

    run: str
    """Name of its folder, beside the sweep's own, and of its model."""
    values: dict[str, Value] = field(hash=False)
    """What it has of each option that is varied."""

    @property
    def title(self) -> str:
        """Say in what it differs from the other members, such as "z_dim 5, seed 1"."""
        return ", ".join(f"{option} {value}" for option, value in self.values.items())


@dataclass(frozen=True)
class Sweep:
    """A sweep by its record."""

    path: Path
    """Its folder."""
    dataset: str
    model: dict[str, Any]
    """The model's config as JSON; what is varied is as in the form it was launched from."""
    training: dict[str, Any]
    """The training's config as JSON, likewise."""
    varied: dict[str, tuple[Value, ...]]
    """Option -> its values; there is a member for each combination."""
    members: tuple[Member, ...]
    """In order of the values, the last option changing fastest."""
    created: str

    @property
    def name(self) -> str:
        """Name of the sweep: that of its folder."""
        return self.path.name

    @classmethod
    def open(cls, path: str | Path) -> "Sweep":
        """Read the record in a folder; a text that is a name is looked for under ``VAE_RUNS``.

        Raises
        ------
        UserError
            When there is none, when it is damaged, or when another version wrote it.
        """
        named = isinstance(path, str) and NAME.fullmatch(path)
        folder = (runs_folder() / path if named else Path(path)).absolute()
        try:
            if not owner.may_see(folder):
                raise FileNotFoundError
            text = regular.read(folder / RECORD, plain_json.LARGEST_OBJECT)
        except OSError:
            raise UserError(
                f"there is no sweep {str(path)[:LONGEST_WORD]!r}; give the name of one, or the "
                f"folder that holds its {RECORD}"
            ) from None
        return _parse(folder, text)

    def folder_of(self, member: Member) -> Path:
        """Return where the run of a member is, if it is there."""
        return self.path.parent / member.run

    def owns(self, member: Member) -> bool:
        """Tell whether the run of a member is there and is this sweep's."""
        said: str | None = _said(self.folder_of(member) / _CONFIG, "sweep")
        return said == self.name

    def checkpoint_of(self, member: Member) -> Path | None:
        """Return the model of a member; None where its training has not finished."""
        folder = self.folder_of(member)
        if _said(folder / _STATUS, "state") != "finished":
            return None
        model = folder / _MODEL
        return model if regular.is_regular(model) and self.owns(member) else None

    def finished(self) -> dict[Member, Path]:
        """List the members whose training has finished, each with its model."""
        found = ((member, self.checkpoint_of(member)) for member in self.members)
        return {member: path for member, path in found if path is not None}

    def repeats(self) -> dict[str, tuple[Member, ...]]:
        """Group the members that differ in the seed alone, by what they have in common.

        Where nothing but the seed is varied they are one group, of an empty name; where no seed is
        varied each is a group of its own.
        """
        groups: dict[str, tuple[Member, ...]] = {}
        for one in self.members:
            shared = {option: value for option, value in one.values.items() if option != "seed"}
            name = Member(one.run, shared).title
            groups[name] = (*groups.get(name, ()), one)
        return groups

    def text(self) -> bytes:
        """Give the record as `open` reads it."""
        members = [{"run": one.run, "values": one.values} for one in self.members]
        value = {
            "format_version": VERSION,
            "name": self.name,
            "dataset": self.dataset,
            "model": self.model,
            "training": self.training,
            "varied": {option: list(values) for option, values in self.varied.items()},
            "members": members,
            "created": self.created,
        }
        return json.dumps(value, indent=1, allow_nan=False).encode()

    def write(self) -> None:
        """Replace the record whole; `UserError` where it cannot be written."""
        write_atomically(self.path / RECORD, self.text())


def combinations(varied: Mapping[str, Sequence[Value]]) -> list[dict[str, Value]]:
    """List what the members of a sweep have of each option, the last option changing fastest."""
    return [
        dict(zip(varied, values, strict=True)) for values in itertools.product(*varied.values())
    ]


def of_run(run: Path) -> Sweep | None:
    """Find the sweep that a run is a member of; None where it is a run of its own."""
    name = _said(run / _CONFIG, "sweep")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        return None
    found = at(str(run.parent / name))
    return found if found and run.name in [one.run for one in found.members] else None


def sweeps() -> list[Sweep]:
    """List the sweeps under ``VAE_RUNS`` whose records can be read, the newest first."""
    found = []
    with suppress(OSError), os.scandir(runs_folder()) as entries:
        for entry in entries:
            if NAME.fullmatch(entry.name) and (sweep := at(entry.path)):
                found.append(sweep)
    return sorted(found, key=lambda sweep: (sweep.created, sweep.name), reverse=True)


def at(folder: str) -> Sweep | None:
    """Read the record in a folder once per version of it; None where none can be read."""
    try:
        file = os.stat(os.path.join(folder, RECORD))
    except (OSError, ValueError):
        return None
    if not owner.may_see(folder):
        return None
    return _at(os.path.abspath(folder), file.st_ino, file.st_mtime_ns, file.st_size)


def _said(path: Path, key: str) -> Any:
    """Return what a file of JSON says under a key; it is read once per version of it."""
    try:
        file = os.stat(path)
    except OSError:
        return None
    return _read(path, key, file.st_ino, file.st_mtime_ns, file.st_size)


@lru_cache(maxsize=4096)
def _read(path: Path, key: str, *version: int) -> Any:
    return plain_json.read_object(path).get(key)


@lru_cache(maxsize=512)
def _at(folder: str, *version: int) -> Sweep | None:
    try:
        return Sweep.open(Path(folder))
    except UserError:
        return None


def _parse(folder: Path, text: bytes) -> Sweep:
    """Turn a record into a sweep; every part of it is checked."""
    found = plain_json.lenient(text)
    damaged = UserError(
        f"{RECORD} in {folder} is damaged; its members are ordinary runs and can still be opened"
    )
    if found is None:
        raise damaged
    unknown = [key for key in found if key not in _KEYS]
    if found.get("format_version") != VERSION or unknown:
        what = f"key {unknown[0][:40]!r}" if unknown else "format_version"
        raise UserError(
            f"{RECORD} in {folder} was made by another version of this program ({what}); "
            "open it with that one, or start the sweep again"
        )
    texts = all(isinstance(found.get(key), str) for key in ("name", "dataset", "created"))
    objects = all(isinstance(found.get(key), dict) for key in ("model", "training", "varied"))
    if not (texts and objects):
        raise damaged
    varied, members = _varied(found["varied"]), _members(found.get("members"))
    if varied is None or members is None or folder.name in [one.run for one in members]:
        raise damaged
    expected = combinations(varied)
    if [one.values for one in members] != expected:
        raise damaged
    # true equals 1, and is no value
    members = tuple(map(Member, [one.run for one in members], expected))
    return Sweep(
        folder,
        found["dataset"],
        found["model"],
        found["training"],
        varied,
        members,
        found["created"],
    )


def _varied(found: dict[str, Any]) -> dict[str, tuple[Value, ...]] | None:
    """Check what is varied; None where it is not options with different values each."""
    count = 1
    for option, values in found.items():
        if len(option) > LONGEST_WORD or not isinstance(values, list) or not values:
            return None
        count *= len(values)
        if count > MOST_MEMBERS or not all(map(is_value, values)):
            return None
        if len(set(values)) < len(values):
            return None
    return {option: tuple(values) for option, values in found.items()} or None


def _members(found: Any) -> tuple[Member, ...] | None:
    """Check the members; None where they are not runs with values, each with its own name."""
    if not isinstance(found, list) or not 1 <= len(found) <= MOST_MEMBERS:
        return None
    members = []
    for one in found:
        if not isinstance(one, dict) or set(one) != {"run", "values"}:
            return None
        run, values = one["run"], one["values"]
        # a name of a folder beside this one, never a path
        if not isinstance(run, str) or not NAME.fullmatch(run) or not isinstance(values, dict):
            return None
        members.append(Member(run, values))
    different = len({one.run for one in members}) == len(members)
    return tuple(members) if different else None


def is_value(value: Any) -> bool:
    """Tell whether something can be a value of an option that is varied."""
    if isinstance(value, str):
        return 0 < len(value) <= LONGEST_WORD
    return plain_json.finite(value) is not None
