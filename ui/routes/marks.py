"""What was changed while a run trained, in a few words, for the curves it stands on."""

from typing import TYPE_CHECKING, Any

from vae.files.plain_json import finite, text_of

if TYPE_CHECKING:
    from vae.runs.watch import RunView


def marks(run: "RunView") -> list[tuple[int, str]]:
    """List the changes of a run: before which step, and a short label."""
    from vae.runs import records, watch

    changed = [
        event
        for event in watch.events(run.path)
        if event.event == records.CHANGED and finite(event.details.get("after")) is not None
    ]
    if not changed:
        return []
    names = short_names(run.config)
    return [(event.step, _label(event.details, names)) for event in changed]


def short_names(config: dict[str, Any]) -> dict[str, str]:
    """Name the options that may change, as shortly as the options themselves say."""
    from vae.options import plain_fields
    from vae.training.config import TrainConfig
    from vae.training.objectives import objective_in

    objective = objective_in(config.get("training", {}))
    own = plain_fields(type(objective)) if objective else {}
    fields = plain_fields(TrainConfig) | own
    return {name: field.metadata.get("steer") or name for name, field in fields.items()}


def _label(details: dict[str, Any], names: dict[str, str]) -> str:
    from vae.training.steering import BUDGETS

    what = text_of(details.get("what")) or ""
    name = names.get(what, what)[:40]
    more = finite(details.get("more"))
    before, after = (finite(details.get(key)) for key in ("before", "after"))
    unit = "s" if name == "seconds" else name
    if more is not None:
        return f"+{more:g} {unit}"
    way = " → ".join("" if value is None else f"{value:.3g}" for value in (before, after))
    return f"{way} {unit}" if what in BUDGETS else f"{name} {way}"
