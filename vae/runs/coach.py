"""What came of a training run: one sentence, and the next step.

The sentence rests on what the run reported, nothing is trained or measured here. Scores are those
of the validation images, as a cost in nats per image: −log p(x|z) + β·KL with the β that the run
trained with, which is −ELBO where β is 1. How far it fell in the second half of the run is held
against its own jumps from report to report, and against one hundredth of its size.

The hundredth is a choice. On digits (two dimensions, β 1, 25 to 800 epochs, each run twice as long
as the one before) the second half brought 4.0, 3.2, 1.9, 1.3, 1.5 and 0.3 %, the run twice as long
was better by 6.0, 3.0, 1.2, 0.9, −0.1 and 0.1 %: hence "probably".
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae.errors import UserError
from vae.files.plain_json import finite
from vae.models import usage
from vae.options import plain_fields, title_of
from vae.runs import records, steering, watch
from vae.runs.records import Line, Scores

if TYPE_CHECKING:
    from vae.training.objectives import ObjectiveOptions

FEWEST_REPORTS = 5
NOTABLE_SHARE = 0.01
NOISES = 2.0
"""A change counts where it exceeds this many standard deviations of a report's own noise."""
LARGE_STEP = 0.01
"""Step size of AdamW beyond which a collapse is first of all its fault."""
WARMUP_SHARE = 0.3
"""Share of the training over which β rises, where a warm-up is proposed."""
COLLAPSED, DIVERGED, UNSTABLE = "collapsed", "diverged", "unstable"
OVERFITTED, IMPROVING, SHORT, SETTLED = "overfitted", "improving", "short", "settled"


@dataclass(frozen=True)
class Verdict:
    """What came of a run."""

    kind: str
    """One of this module's names: collapsed, diverged, unstable, overfitted, improving, short,
    settled."""
    sentence: str
    advice: str
    """The next step, as a sentence."""
    changes: dict[str, float] = field(default_factory=dict)
    """Settings that the next step proposes, by option: learning_rate, beta, warmup; and ``longer``,
    by how many times the budget grows."""

    def __str__(self) -> str:
        return f"{self.sentence} {self.advice}".strip()


@dataclass(frozen=True)
class Curve:
    """The costs of a run over its steps, nats per image, one entry per report."""

    share: list[float]
    """How much of the run was done, in (0, 1]."""
    train: list[float]
    validation: list[float]
    size: float
    """What a change is held against: the larger of the last cost and the last KL, in nats."""


def judge(
    config: dict[str, Any],
    lines: Sequence[Line],
    used: int | None,
    error: str | None = None,
) -> Verdict | None:
    """Say what came of a run that has ended by itself.

    Parameters
    ----------
    config
        The run's config.json, or as much of it as there is.
    lines
        Its reports, from metrics.jsonl.
    used
        How many dimensions its codes use (`usage.used_dimensions`); None where nobody counted.
    error
        Why it failed; None where it finished.

    Returns
    -------
    Verdict | None
        None for a failure that has nothing to do with the numbers, and where there are none.
    """
    from vae.training.objectives import objective_in

    training = _object(config.get("training"))
    objective = _object(training.get("objective"))
    if error is not None:
        return _diverged(error, training) if "diverged" in error else None
    known = objective_in(training)
    if known is not None and known.at_once:
        said = f"{title_of(known)} is computed, not learnt: no training makes this model better."
        return Verdict(SETTLED, said, "With more dimensions it reconstructs more closely.")
    if used == 0:
        return _collapsed(training, objective, known, len(lines))
    curve = curve_of(lines, known.beta_at(1.0) if known else None)
    if curve is None:
        return None
    if known is not None and known.in_turn:
        # what the last part brings is no trend that a longer run would go on with
        name, end = _name(objective, lines, known), _nats(curve.validation[-1])
        said = f"The machines learnt one after the other; {name} on the validation images ended at"
        return Verdict(SETTLED, f"{said} {end}.", "A longer run gives each of them more time.")
    warmup, told = finite(objective.get("warmup")) or 0.0, known is None or known.is_reported
    return _of_curve(curve, training, warmup, _name(objective, lines, known), told)


def of_run(run: str | Path, used: int | None) -> Verdict | None:
    """Judge the run of a folder, or of an id under ``VAE_RUNS``; None where it has not ended."""
    found = watch.view(run)
    if found.state not in ("finished", "failed"):
        return None
    config, lines = _since_change(found)
    return judge(config, lines, used, found.error if found.state == "failed" else None)


def _since_change(run: watch.RunView) -> tuple[dict[str, Any], list[Line]]:
    """Give a run's settings and reports, those since its last change where it was steered.

    With another β, for one, its costs are others: before and after are no one curve.
    """
    lines, _ = watch.metrics(run.path)
    steps = [one.step for one in watch.events(run.path) if one.event == records.CHANGED]
    begun = max(steps, default=-1)
    later = [replace(line, step=line.step - begun) for line in lines if line.step > begun]
    if begun < 0 or not later:
        return run.config, lines
    try:
        training = steering.standing(run.path).to_json()
    except UserError:
        return run.config, lines
    # a warm-up belongs to the beginning
    objective = training["objective"]
    training["objective"] = {k: v for k, v in objective.items() if not k.startswith("warmup")}
    return run.config | {"training": training}, later


def curve_of(lines: Sequence[Line], beta: float | None) -> Curve | None:
    """Read the costs of a run from its reports; None where there is no whole one."""
    found = []
    for line in lines:
        costs = [_cost(score, beta) for score in (line.train, line.validation)]
        if None not in costs:
            found.append((line.step, *costs, line.validation.kl or 0.0))
    if not found:
        return None
    steps, train, validation, kl = map(list, zip(*found, strict=True))
    last = max(1, steps[-1])
    size = max(abs(validation[-1]), abs(kl[-1]))
    return Curve([step / last for step in steps], train, validation, size)


def _of_curve(
    curve: Curve, training: dict[str, Any], warmup: float, name: str, told: bool
) -> Verdict:
    """Judge a curve; ``told`` says whether it tells all that training minimised."""
    if len(curve.share) < FEWEST_REPORTS:
        return Verdict(
            SHORT,
            "The run was too short to tell whether the model had finished learning.",
            "Train a new run for longer.",
            {"longer": 4},
        )
    notable = max(NOTABLE_SHARE * curve.size, NOISES * _noise(curve))
    end, (best_at, best) = curve.validation[-1], _best(curve)
    # what also minimises something else may give some of this up for it
    if end - best > notable and (told or curve.train[-1] < curve.train[best_at]):
        return _worse(curve, best_at, end - best, training, name)
    fall = _middle(curve, max(0.5, min(warmup, 0.75))) - end
    if fall > notable:
        return Verdict(
            IMPROVING,
            f"{_begun(name)} on the validation images was still falling, by {_nats(fall)} over "
            "the second half of the run.",
            "A longer run would probably do better.",
            {"longer": 2},
        )
    return Verdict(
        SETTLED,
        f"{_begun(name)} on the validation images had settled: it changed by "
        f"{_nats(abs(fall))} over the second half of the run.",
        "A longer run with these settings would probably change little.",
    )


def _worse(curve: Curve, best_at: int, rise: float, training: dict[str, Any], name: str) -> Verdict:
    """Tell a model that overfits from a training that went astray."""
    when = f"{100 * curve.share[best_at]:.0f} % of the run"
    if curve.train[-1] < curve.train[best_at]:
        return Verdict(
            OVERFITTED,
            f"The model overfits: {name} on the validation images rose by {_nats(rise)} after "
            f"{when}, while it fell on the training images.",
            "Stop earlier, or choose more images, a smaller network or fewer dimensions.",
            {"longer": max(0.05, curve.share[best_at])},
        )
    return Verdict(
        UNSTABLE,
        f"The training went astray: {name} rose by {_nats(rise)} after {when}, on the training "
        "images too.",
        "Try a smaller step size.",
        {"learning_rate": _smaller_step(training)},
    )


def _collapsed(
    training: dict[str, Any],
    objective: dict[str, Any],
    known: "ObjectiveOptions | None",
    reports: int,
) -> Verdict:
    changes, remedies = {}, []
    beta, step = finite(objective.get("beta")), finite(training.get("learning_rate"))
    if step is not None and step > LARGE_STEP:
        changes["learning_rate"] = _smaller_step(training)
        remedies.append(f"a smaller step size than {step:g}")
    if beta is not None and beta > 1:
        changes["beta"] = 1.0
        remedies.append(f"a smaller β than {beta:g}")
    if not remedies and reports < FEWEST_REPORTS:
        return Verdict(
            SHORT,
            "All codes are still nearly equal: the run was too short for the model to use z.",
            "Train a new run for longer.",
            {"longer": 4},
        )
    if not remedies:
        changes["longer"] = 2
        remedies.append("a longer run")
        if known is not None and "warmup" in plain_fields(type(known)):
            changes["warmup"] = WARMUP_SHARE
            remedies.append("a KL warm-up")
    said = usage.COLLAPSED
    advice = f"Try {' and '.join(remedies)}."
    return Verdict(COLLAPSED, f"{said[:1].upper()}{said[1:]}.", advice, changes)


def _diverged(error: str, training: dict[str, Any]) -> Verdict:
    step = _smaller_step(training)
    return Verdict(
        DIVERGED,
        "The training diverged: the numbers grew beyond all bounds.",
        f"Try a smaller step size, such as {step:g}.",
        {"learning_rate": step},
    )


def _smaller_step(training: dict[str, Any]) -> float:
    from vae.training.config import TrainConfig

    step = finite(training.get("learning_rate")) or TrainConfig.learning_rate
    return float(f"{min(TrainConfig.learning_rate, step / 10):.1g}")


def _cost(score: Scores, beta: float | None) -> float | None:
    if score.reconstruction is None:
        return None
    return (1.0 if beta is None else beta) * (score.kl or 0.0) - score.reconstruction


def _name(
    objective: dict[str, Any], lines: Sequence[Line], known: "ObjectiveOptions | None"
) -> str:
    weight = known.beta_at(1.0) if known else 1.0
    if all(line.validation.kl is None for line in lines) or not weight:
        return "−log p(x|z)"
    if weight == 1.0:
        return "−ELBO"
    beta = finite(objective.get("beta")) == weight
    return f"the loss (β = {weight:g})" if beta else f"−log p(x|z) + {weight:g} KL"


def _begun(name: str) -> str:
    """Begin a sentence with a name."""
    return name[:1].upper() + name[1:]


def _best(curve: Curve) -> tuple[int, float]:
    """Find the lowest validation cost, each report taken with its neighbours."""
    costs = curve.validation
    calm = [statistics.median(costs[max(0, i - 1) : i + 2]) for i in range(len(costs))]
    at = min(range(len(calm)), key=calm.__getitem__)
    return at, calm[at]


def _middle(curve: Curve, share: float) -> float:
    """Return the validation cost at a share of the run: the median of the reports near it."""
    near = [
        cost
        for at, cost in zip(curve.share, curve.validation, strict=True)
        if abs(at - share) <= 0.1
    ]
    if near:
        return statistics.median(near)
    at = min(range(len(curve.share)), key=lambda i: abs(curve.share[i] - share))
    return curve.validation[at]


def _noise(curve: Curve) -> float:
    """Estimate how far a report lies off the curve, as a standard deviation.

    From the second differences of the last quarter, which a straight trend leaves at 0 and
    independent noise of σ gives a variance of 6σ²: what counts is the noise at the end.
    """
    costs = curve.validation[-max(FEWEST_REPORTS, len(curve.validation) // 4) :]
    bends = [a - 2 * b + c for a, b, c in zip(costs, costs[1:], costs[2:], strict=False)]
    return math.sqrt(sum(bend * bend for bend in bends) / (6 * len(bends)))


def _nats(value: float) -> str:
    return f"{value:.{1 if value >= 1 else 2}f} nats"


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
