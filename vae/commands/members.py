"""What the members of a sweep reached: a table, its spread, and what survives retraining."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae.commands.row import VALIDATION, Row
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.commands.dimensions import Likelihoods
    from vae.measures.retraining.findings import Number
    from vae.measures.retraining.spread import Spread
    from vae.sweep import Member, Sweep


@dataclass(frozen=True)
class Group:
    """Members that differ in the seed alone."""

    name: str
    spreads: "dict[Number, Spread]"
    said: Sequence[str]
    """What survives retraining, in sentences; none of fewer than two members."""


def summarise(sweep: "Sweep", rows: list[Row], nll: "Likelihoods | None", as_json: bool) -> str:
    """Describe a sweep as text, or as one JSON object."""
    groups = [_group(name, members, rows) for name, members in sweep.repeats().items()]
    if as_json:
        return json.dumps(_as_json(sweep, rows, groups, nll), allow_nan=False)
    options, done = " and ".join(sweep.varied), sum(row.model is not None for row in rows)
    lines = [f"{sweep.name}: {sweep.dataset}, {options} varied, {done} of {len(rows)} finished"]
    lines += _table(rows, groups)
    for group in groups:
        lines += [f"{group.name}: {text}" if group.name else text for text in group.said]
    return "\n".join(lines + (nll.lines() if nll else []))


def columns() -> "list[Number]":
    """List the numbers of a member: the validation's, then those of the test split."""
    from vae.measures.retraining.findings import NUMBERS, Number

    return [Number("validation −ELBO", "nats per image", 2, VALIDATION, -1), *NUMBERS]


def _group(name: str, members: "Sequence[Member]", rows: list[Row]) -> Group:
    from vae.measures.retraining.spread import spread

    found = [row for row in rows if row.member in members and row.model]
    spreads = {one: spread(one.of(row.metrics) for row in found) for one in columns()}
    known = {one: over for one, over in spreads.items() if over is not None}
    return Group(name, known, _survival([row.model for row in found if row.model]))


def _survival(paths: list[Path]) -> list[str]:
    """Say what the models have in common."""
    from vae import checkpoint
    from vae.measures.retraining.findings import survival
    from vae.measures.retraining.sentences import sentences

    if len(paths) < 2:
        return []
    try:
        models = [checkpoint.read(path) for path in paths]
        return sentences(survival(models), models[0].dataset.get("class_names") or ())
    except UserError as error:
        return [f"What survives retraining cannot be told: {error}."]


def _table(rows: list[Row], groups: list[Group]) -> list[str]:
    """Lay out a line for each member, then the mean and the spread of each group."""
    there = [one for one in columns() if any(one.of(row.metrics) is not None for row in rows)]
    cells = [["", *(one.title for one in there)]]
    for row in rows:
        shown = [_written(one, one.of(row.metrics)) for one in there]
        cells.append([f"{row.member.run}  {row.member.title}", *(shown if row.model else [])])
    for group in groups:
        cells += _spread(group, there)
    widths = [max(len(row[at]) for row in cells if at < len(row)) for at in range(len(cells[0]))]
    lines = [
        "  ".join([f"{row[0]:<{widths[0]}}", *map(str.rjust, row[1:], widths[1:])]) for row in cells
    ]
    for at, row in enumerate(rows, start=1):
        lines[at] += "" if row.model else f"  {row.state}"
    return [*lines, *_legend(there, any(map(_is_spread, groups)))]


def _spread(group: Group, there: "list[Number]") -> list[list[str]]:
    """Lay out mean and standard deviation of a group; nothing of a single member."""
    if not _is_spread(group):
        return []
    known = [group.spreads.get(one) for one in there]
    of = f"  {group.name}" if group.name else ""
    means = [
        _written(one, None if over is None else over.mean)
        for one, over in zip(there, known, strict=True)
    ]
    deviations = [
        "" if over is None or over.std is None else f"± {over.std:.{one.digits}f}"
        for one, over in zip(there, known, strict=True)
    ]
    return [[f"mean{of}", *means], [f"standard deviation{of}", *deviations]]


def _is_spread(group: Group) -> bool:
    return any(over.count > 1 for over in group.spreads.values())


def _legend(there: "list[Number]", has_spread: bool) -> list[str]:
    """Say the units, and of what the numbers are."""
    if not there:
        return []
    units: dict[str, list[str]] = {}
    for one in there:
        units.setdefault(one.unit, []).append(one.title)
    said = "; ".join(f"{', '.join(titles)} in {unit}" for unit, titles in units.items())
    measured = "validation: the last report of the training; all else: the test split, as stored"
    over = "; the standard deviation is over seeds, divided by n − 1" if has_spread else ""
    return [said, measured + over]


def _written(one: "Number", value: float | None) -> str:
    from vae.measures.retraining import sentences

    return "–" if value is None else sentences.value(value, one.digits)


def _as_json(
    sweep: "Sweep", rows: list[Row], groups: list[Group], nll: "Likelihoods | None"
) -> dict[str, Any]:
    return {
        "sweep": sweep.name,
        "folder": str(sweep.path),
        "dataset": sweep.dataset,
        "varied": {option: list(values) for option, values in sweep.varied.items()},
        "members": [
            {
                "run": row.member.run,
                "values": row.member.values,
                "state": row.state,
                "model": None if row.model is None else str(row.model),
                "metrics": dict(row.metrics),
            }
            for row in rows
        ],
        "spread": [
            {
                "of": group.name,
                **{one.key: asdict(over) for one, over in group.spreads.items()},
                "retraining": list(group.said),
            }
            for group in groups
        ],
        "nll": nll.to_json() if nll else None,
    }
