"""What the command found, as a table in a file, as JSON and as lines."""

import argparse
import csv
import io
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from vae.commands.anomaly.images import Own, Scored
    from vae.measures.anomaly import Roc, Score, Share, Threshold


@dataclass(frozen=True)
class Found:
    """What one score says of the images."""

    score: "Score"
    values: "np.ndarray"
    limit: "Threshold"
    strange: "Share"
    roc: "Roc | None"


def table(scored: "Scored", found: "list[Found]") -> bytes:
    """Write a line for each image, with two columns for each score."""
    text, labels = io.StringIO(), scored.images.labels
    out = csv.writer(text, lineterminator="\n")
    columns = [name for one in found for name in (one.score.name, f"{one.score.name}_strange")]
    out.writerow(["row", *["label"] * (labels is not None), *columns])
    for place, row in enumerate(scored.rows):
        values: list[Any] = [int(row)]
        if labels is not None:
            values.append(int(labels[place]))
        for one in found:
            value = float(one.values[place])
            values += [repr(value), int(value > one.limit.value)]
        out.writerow(values)
    return text.getvalue().encode()


def as_json(
    args: argparse.Namespace,
    scored: "Scored",
    own: "Own",
    found: "list[Found]",
    refused: dict[str, str],
) -> dict[str, Any]:
    """Give all but the scores themselves as plain JSON values."""
    return {
        "dataset": scored.dataset,
        "split": scored.split,
        "classes": scored.classes,
        "n_images": len(scored.images),
        "normal": own.name,
        "alarm_rate": args.alarm_rate,
        "seed": args.seed,
        "scores": {one.score.name: _record(one) for one in found},
        "refused": refused,
        "out": args.out,
    }


def _record(one: Found) -> dict[str, Any]:
    curve = {} if one.roc is None else {"auc": one.roc.auc, "auc_low": one.roc.low}
    if one.roc is not None:
        curve |= {"auc_high": one.roc.high, "n_normal": one.roc.n_normal}
    return {
        "unit": one.score.unit,
        "threshold": asdict(one.limit) | {"split": "validation"},
        "strange": asdict(one.strange),
        **curve,
    }


def lines(
    args: argparse.Namespace,
    scored: "Scored",
    own: "Own",
    found: "list[Found]",
    refused: dict[str, str],
) -> Iterator[str]:
    """Say what was found to a person."""
    of = "" if scored.classes is None else f", classes {scored.classes}"
    yield f"{len(scored.images):,} images of {scored.dataset}, {scored.split} split{of}"
    for one in found:
        limit, strange = one.limit, one.strange
        yield f"{one.score.name}: strange above {limit.value:.4g} {one.score.unit}"
        yield (
            f"  false alarms {_percent(limit.alarm_rate)} {_span(limit.low, limit.high)}, set on "
            f"{limit.n_images:,} validation images of {own.name}"
        )
        yield (
            f"  strange {_percent(strange.value)} {_span(strange.low, strange.high)} of these "
            f"{strange.n_images:,} images"
        )
        if one.roc is not None:
            yield (
                f"  ROC area {one.roc.auc:.3f} [{one.roc.low:.3f}, {one.roc.high:.3f}] against "
                f"{one.roc.n_normal:,} test images of {own.name}"
            )
    yield from (f"note: {name} is left out: {why}" for name, why in refused.items())
    if args.out:
        yield f"wrote {args.out}"


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def _span(low: float, high: float) -> str:
    return f"[{100 * low:.3g}, {100 * high:.3g}]"
