"""The parts of a run as the form lets a visitor choose them, as far as the objective leaves it."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui import option_form

KEY = "train"
OWN = ("posterior", "conditioning")
"""Kinds of part of which each objective has its own choice."""
ALWAYS = ("likelihood", "prior")
"""Kinds of part that are shown even where there is only one to choose."""


def choose() -> dict[str, type[Any]]:
    """Let the visitor choose architecture and objective; the others follow under "More"."""
    from vae.options import registry_of
    from vae.training.config import kinds

    left, right = st.columns(2, gap="small")
    with right:
        field = kinds()["objective"]
        registry, first = registry_of(field), field.default.name
        objective = _pick_of("objective", registry, first, key_of("objective"))
    with left:
        # which architectures there are to choose from is for the objective to say
        architecture = _pick("architecture", objective)
    return {"architecture": architecture, "objective": objective}


def _pick(kind: str, objective: type[Any]) -> type[Any]:
    registry, first = _choices(kind, objective)
    return _pick_of(kind, registry, first, key_of(kind, objective.name))


def _pick_of(kind: str, registry: Mapping[str, type[Any]], first: str, key: str) -> type[Any]:
    from vae.training.config import kinds

    said = kinds()[kind].metadata["help"]
    said = f"{said[:1].upper()}{said[1:]}."
    return option_form.pick(kind.capitalize(), registry, first, key, said)


def key_of(kind: str, objective: str = "") -> str:
    """Name the widget of a kind of part; an objective may have a choice of its own."""
    from vae.training.objectives import OBJECTIVES

    own = kind in OWN or objective in OBJECTIVES and kind in OBJECTIVES[objective].fixed
    return f"{KEY}.{kind} of {objective}" if own else f"{KEY}.{kind}"


def is_set(objective: type[Any], kind: str) -> bool:
    """Tell whether an objective comes with its own part of a kind, options and all."""
    return kind in objective.fixed and not isinstance(objective.fixed[kind], type)


def _choices(kind: str, objective: type[Any]) -> tuple[Mapping[str, type[Any]], str]:
    """Return what there is to choose from, and the name that stands first."""
    from vae.options import registry_of
    from vae.training.config import kinds
    from vae.training.objectives import choices_for, first_of

    field = kinds()[kind]
    first = first_of(objective, kind, field.default).name
    return choices_for(objective, kind, registry_of(field)), first


def choice(kind: str, objective: type[Any]) -> type[Any]:
    """Let the visitor choose a part, where there is more than one to choose."""
    registry, first = _choices(kind, objective)
    if len(registry) == 1 and (kind not in ALWAYS or kind in objective.fixed):
        return registry[first]
    return _pick(kind, objective)


def options(cls: type[Any], kind: str, titled: bool = False) -> dict[str, Any]:
    leave_out = (cls.main,) if kind == "objective" else ()
    asked = option_form.widgets(cls, leave_out)
    if asked and titled:
        st.markdown(f"**{kind.capitalize()}: {option_form.title_of(cls)}**")
    return option_form.draw(asked, f"{KEY}.{kind}.{cls.name}")


def is_open(objective: type[Any]) -> bool:
    """Tell whether an objective leaves anything to choose beside the first choices."""
    from vae.training.config import kinds

    if option_form.widgets(objective, (objective.main,)):
        return True
    left = [kind for kind in kinds() if kind != "objective" and not is_set(objective, kind)]
    found = [_choices(kind, objective)[0] for kind in left]
    return any(len(some) > 1 or any(map(option_form.widgets, some.values())) for some in found)
