"""Obeying in a run's trainer, between two steps, what was asked of it from outside."""

import dataclasses
from typing import Any

from vae.errors import UserError
from vae.runs import orders, watch
from vae.runs.folder import RunFolder
from vae.runs.listener import Listener
from vae.runs.records import CHANGED
from vae.training import steering
from vae.training.loop import Trainer


def obey(folder: RunFolder, trainer: Trainer, listener: Listener) -> None:
    """Change what was asked since the last time; each change is saved before it is told of."""
    for order in listener.unheard():
        trainer.steered.heard.append(order["id"])
        try:
            _change(trainer, order)
            folder.restart_progress()
        except UserError as error:
            folder.event("warned", trainer.step, words=str(error), id=order["id"])
            continue
        if trainer.is_finite():
            folder.save_state(trainer)
    tell(folder, trainer)
    listener.settle_pause()


def tell(folder: RunFolder, trainer: Trainer) -> None:
    """Write down the changes that the run's events do not tell of yet."""
    if not trainer.steered.changes:
        return
    told = {event.details.get("id") for event in watch.events(folder.path)}
    for change in trainer.steered.changes:
        if change.id not in told:
            said = dataclasses.asdict(change)
            folder.event(CHANGED, said.pop("step"), **said)


def _change(trainer: Trainer, order: dict[str, Any]) -> None:
    action, value = order["action"], order["value"]
    if action != orders.LONGER:
        steering.steer(trainer, action, value, order["id"])
        return
    unit, more = next(iter(value.items()), ("", 0)) if isinstance(value, dict) else ("", 0)
    steering.lengthen(trainer, unit, more, order["id"])
