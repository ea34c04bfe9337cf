"""Steering a run from outside: what it is at by its folder, and asking it to change."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae.errors import UserError
from vae.runs import control, orders, quota, records, watch

if TYPE_CHECKING:
    from vae.training.config import TrainConfig


def standing(run: Path) -> "TrainConfig":
    """Tell how a run trains now: as it began, with what was changed since, or is asked for.

    Raises
    ------
    UserError
        When its configuration is not one that this program knows.
    """
    from vae.training import steering
    from vae.training.config import TrainConfig

    config = TrainConfig.from_json(records.read_config(run).get("training", {}))
    happened = watch.events(run)
    heard = {event.details.get("id") for event in happened}
    for event in happened:
        if event.event == records.CHANGED:
            config = _with(config, event.details.get("what"), event.details.get("after"))
    for order in orders.changes(run):
        if order["id"] not in heard and order["action"] in steering.steerable(config):
            config = _with(config, order["action"], order["value"])
    return config


def _with(config: "TrainConfig", what: Any, value: Any) -> "TrainConfig":
    from vae.training import steering

    try:
        if what in steering.BUDGETS:
            return steering.longer(config, what, value)
        return steering.changed(config, str(what), value)
    except UserError:
        # the trainer refuses it as well, and says why
        return config


def step(run: str | Path, epochs: int = 1) -> None:
    """Let a run train for so many epochs more, and then pause.

    Raises
    ------
    UserError
        When the run is over.
    """
    path = watch.find(run)
    found = watch.view(path)
    if not (found.active or found.resumable):
        raise UserError(f"the run {path.name} is {found.state}; train it longer instead")
    if found.active:
        orders.add(path, orders.STEP, epochs)
    else:
        quota.check()
        control.begin(path, (orders.STEP, epochs))


def steer(run: str | Path, what: str, value: Any) -> None:
    """Change an option of a run that trains, or that goes on later.

    Raises
    ------
    UserError
        When the run is over, the option cannot change, or the value is out of its range.
    """
    from vae.training.steering import changed

    path = watch.find(run)
    found = watch.view(path)
    if not (found.active or found.resumable):
        raise UserError(f"the run {path.name} is {found.state}; nothing of it can change any more")
    training = changed(standing(path), what, value)
    reached = {"epochs": found.epoch, "seconds": found.seconds}.get(what)
    if reached is not None and (getattr(training, what) or 0) <= reached:
        raise UserError(
            f"the run {path.name} has trained for {reached:.1f} {what} already; give it more, or "
            "cancel it"
        )
    orders.add(path, what, value)


def longer(run: str | Path, unit: str, more: float) -> None:
    """Train a finished run for so many epochs or seconds more, with a new cosine.

    Raises
    ------
    UserError
        When the run is not finished, or its training cannot go on.
    """
    path = watch.find(run)
    check_longer(path, unit, more)
    quota.check()
    control.begin(path, (orders.LONGER, {unit: more}))


def check_longer(path: Path, unit: str, more: float) -> None:
    """Raise `UserError` where a run cannot be trained longer by so much."""
    from vae.training.steering import lengthened

    found = watch.view(path)
    if found.state != "finished":
        raise UserError(
            f"the run {path.name} is {found.state}, and only a finished one is trained longer; "
            f"change its {unit} instead"
        )
    if not (path / "state.safetensors").is_file():
        raise UserError(f"{path} has no saved state to go on from; start the run again")
    reached = found.epoch if unit == "epochs" else found.seconds
    lengthened(standing(path), unit, more, reached)
