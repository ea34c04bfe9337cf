"""Changing a training on its way: which options may change, what each change was, from when on.

The options say of themselves whether they may: `vae.options.option` with ``steer``.
"""

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import Field, dataclass, field
from typing import TYPE_CHECKING, Any

from vae.errors import UserError
from vae.options import build, plain_fields, title_of, to_json
from vae.training.budget import Leg
from vae.training.config import DEFAULT_SECONDS, TrainConfig
from vae.training.objectives import ObjectiveOptions, check_fit
from vae.training.schedule import budget_of

if TYPE_CHECKING:
    from vae.training.loop import Trainer

Value = int | float
BUDGETS = ("epochs", "seconds")


@dataclass(frozen=True)
class Change:
    """One change of a training, between two steps."""

    id: str
    """Names who asked for it; nothing is changed twice for the same."""
    what: str
    """The option."""
    before: Value | None
    after: Value
    step: int
    """How many steps were made before it."""
    more: Value | None = None
    """How many epochs or seconds are added with a new cosine, where a finished run goes on."""


@dataclass
class Steered:
    """What was changed so far, and which orders were heard: a part of a run's saved state."""

    changes: list[Change] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    """Orders that need not be heard again, those that were refused among them."""

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        return {"changes": [dataclasses.asdict(one) for one in self.changes], "heard": self.heard}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Steered":
        """Rebuild it; files that are older say nothing of it."""
        changes = [Change(**one) for one in values.get("changes", [])]
        return cls(changes, list(values.get("heard", [])))


def steerable(config: TrainConfig) -> dict[str, Field[Any]]:
    """Give the options of a training that may change on its way, by name.

    A budget is the one that the training has; an objective may leave options of a training unused.
    """
    if config.objective.at_once:
        return {}
    own, plain = plain_fields(type(config.objective)), plain_fields(TrainConfig)
    # first what is peculiar to the objective, last how long it all is
    fields = own | {name: plain[name] for name in sorted(plain, key=lambda name: name in BUDGETS)}
    return {
        name: found
        for name, found in fields.items()
        if found.metadata.get("steer")
        and name not in config.objective.unused
        and (name not in BUDGETS or name == unit_of(config))
    }


def unit_of(config: TrainConfig) -> str:
    """Name the option that holds the budget."""
    return "seconds" if config.epochs is None else "epochs"


def value_of(config: TrainConfig, what: str) -> Value | None:
    """Return what an option is at, the objective's among them."""
    owner = config if what in plain_fields(TrainConfig) else config.objective
    value: Value | None = getattr(owner, what)
    # a training that says nothing of its budget has a time
    return DEFAULT_SECONDS if value is None and what == unit_of(config) else value


def changed(config: TrainConfig, what: str, value: Any) -> TrainConfig:
    """Return a config with one option changed; `UserError` where it may not, or not to that."""
    known = steerable(config)
    if what not in known:
        names = ", ".join(known) or "nothing"
        name = title_of(type(config.objective))
        raise UserError(f"{what[:40]!r} cannot be changed while {name} trains; what can: {names}")
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise UserError(f"{what} must be a number, not {str(value)[:40]!r}")
    return with_value(config, what, value)


def with_value(config: TrainConfig, what: str, value: Value) -> TrainConfig:
    """Return a config with one number changed, checked against its range."""
    plain = plain_fields(TrainConfig)
    owner = config if what in plain else config.objective
    kinds = {f.name: f.type for f in dataclasses.fields(owner)}
    whole = isinstance(value, float) and value.is_integer() and "int" in str(kinds[what])
    fields = {f.name: getattr(owner, f.name) for f in dataclasses.fields(owner)}
    made = build(type(owner), fields | {what: int(value) if whole else value}, "training")
    if isinstance(made, TrainConfig):
        return made
    return dataclasses.replace(config, objective=made)


def lengthened(config: TrainConfig, unit: str, more: Any, reached: float) -> TrainConfig:
    """Return the config of a finished training that goes on for so many epochs or seconds.

    ``reached`` is how many of them it has made.
    """
    objective = config.objective
    if objective.at_once or objective.in_turn:
        raise UserError(
            f"{title_of(type(objective))} cannot be trained longer: its parts are computed at once "
            "or one after the other; start a new run"
        )
    if unit not in BUDGETS or not isinstance(more, int | float) or not more > 0:
        raise UserError("say for how many epochs or seconds to train longer, such as epochs 5")
    return longer(config, unit, more + (math.ceil(reached) if unit == "epochs" else reached))


def longer(config: TrainConfig, unit: str, total: Value) -> TrainConfig:
    """Return a config with another budget in all, in epochs or seconds."""
    return with_value(dataclasses.replace(config, epochs=None, seconds=None), unit, total)


def carried(planned: ObjectiveOptions, asked: ObjectiveOptions) -> ObjectiveOptions:
    """Return options as they were planned for a training, with what may change as it is asked."""
    names = [name for name, f in plain_fields(type(asked)).items() if f.metadata.get("steer")]
    found = dataclasses.replace(planned, **{name: getattr(asked, name) for name in names})
    return planned if found == planned else found


def steer(trainer: "Trainer", what: str, value: Any, order: str = "") -> Change:
    """Change an option of a training between two steps.

    The schedules go on from where they stand; with another budget they reach their end at the new
    end.

    Raises
    ------
    UserError
        Where the option may not change, its value is out of range, or the budget is spent already.
    """
    if trainer.done:
        raise UserError(f"the training is over; train it longer instead of changing {what[:40]}")
    config = changed(trainer.config, what, value)
    check_fit(config.objective, trainer.model.config)
    leg = trainer.leg
    if what in BUDGETS:
        reached = trainer.budget.reached(trainer.step)
        leg = Leg(trainer.step, trainer.elapsed, reached, trainer.leg.cosine)
        _check_ahead(trainer, config)
    before, after = value_of(trainer.config, what), value_of(config, what)
    assert after is not None, "it was set just now"
    return _take(trainer, config, leg, Change(order, what, before, after, trainer.step))


def lengthen(trainer: "Trainer", unit: str, more: Any, order: str = "") -> Change:
    """Let a finished training go on for so many epochs or seconds, with a new cosine.

    Raises
    ------
    UserError
        Where it is not finished, or cannot go on.
    """
    if not trainer.done:
        raise UserError(
            "only a finished run is trained longer; change its epochs or seconds instead"
        )
    epochs = trainer.step / trainer.steps_per_epoch
    config = lengthened(trainer.config, unit, more, epochs if unit == "epochs" else trainer.elapsed)
    leg = Leg(trainer.step, trainer.elapsed, 0.0, trainer.step)
    before, after = value_of(trainer.config, unit), value_of(config, unit)
    assert after is not None, "it was set just now"
    return _take(trainer, config, leg, Change(order, unit, before, after, trainer.step, more))


def hold(trainer: "Trainer", config: TrainConfig, leg: Leg, share: float | None = None) -> None:
    """Train by these settings from the next step on; ``share`` is what the schedules reached.

    Apart from what may change they are those that it began with.
    """
    trainer.config, trainer.leg = config, leg
    trainer.budget = budget_of(config, trainer.steps_per_epoch, trainer.elapsed, leg, share)
    trainer.objective.options = carried(trainer.objective.options, config.objective)
    fresh = trainer.objective.optimizers(config.learning_rate)
    for optimizer, other in zip(trainer.own_optimizers, fresh, strict=True):
        for mine, group in zip(optimizer.param_groups, other.param_groups, strict=True):
            mine["lr"] = group["lr"]


def _check_ahead(trainer: "Trainer", config: TrainConfig) -> None:
    if config.epochs is not None:
        ahead = config.epochs * trainer.steps_per_epoch > trainer.step
        reached = f"epoch {trainer.step / trainer.steps_per_epoch:.1f}"
    else:
        ahead = config.seconds is not None and config.seconds > trainer.elapsed
        reached = f"{trainer.elapsed:.0f} s"
    if not ahead:
        raise UserError(f"the run is at {reached} already; give it more than that, or cancel it")


def _take(trainer: "Trainer", config: TrainConfig, leg: Leg, change: Change) -> Change:
    hold(trainer, config, leg)
    trainer.steered.changes.append(change)
    return change


def summary(trainer: "Trainer") -> dict[str, Any]:
    """Give what a saved state says of the changes; nothing where there were none."""
    steered = trainer.steered
    if not steered.heard and not steered.changes:
        return {}
    leg = dataclasses.asdict(trainer.leg)
    return {"steered": steered.to_json(), "training": to_json(trainer.config), "leg": leg}


def recall(trainer: "Trainer", values: Mapping[str, Any]) -> None:
    """Go back to what `summary` gave, and to the share of the schedules beside it."""
    trainer.steered = Steered.from_json(values.get("steered", {}))
    config = trainer.config
    if "training" in values:
        config = TrainConfig.from_json(values["training"])
    hold(trainer, config, Leg(**values.get("leg", {})), values.get("share"))
