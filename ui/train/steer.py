"""What of a run can be changed from its card: on its way, and at its end how much longer it is."""

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from ui import words
from ui.state import held
from ui.train.state import TrainState
from vae.errors import UserError
from vae.runs.watch import RunView

if TYPE_CHECKING:
    from vae.training.config import TrainConfig

DECADES = 2
"""Powers of ten below and above the first value that a slider goes to."""
ROUND = (1.0, 2.0, 5.0)


def controls(run: RunView) -> None:
    """Draw what can be changed while a run trains, or before it goes on, folded."""
    from vae.runs import steering
    from vae.training.steering import BUDGETS, steerable, value_of

    try:
        began, now = _began(run), steering.standing(run.path)
    except UserError:
        return
    options = steerable(now)
    if not options:
        return
    with st.expander("Steer"):
        for name, field in options.items():
            if name in BUDGETS:
                _budget(run, name, field, value_of(now, name))
            else:
                _slider(run, name, field, value_of(began, name), value_of(now, name))
        if not run.active:
            st.caption("What is changed here holds when the run goes on.")


def longer(run: RunView) -> None:
    """Draw for how much longer a finished run can be trained, folded."""
    from vae.training.steering import BUDGETS, unit_of

    try:
        began = _began(run)
    except UserError:
        return
    objective = began.objective
    if objective.at_once or objective.in_turn or not (run.path / "state.safetensors").is_file():
        return
    key = f"train.longer.{run.id}"
    with st.expander("Train longer"):
        left, right = st.columns([1.3, 1], gap="small", vertical_alignment="bottom")
        first = unit_of(began)
        units = sorted(BUDGETS, key=lambda unit: unit != first)
        unit = left.selectbox("For", units, format_func=str.capitalize, key=f"{key}.unit")
        amount = getattr(began, unit) or (60.0 if unit == "seconds" else 5)
        right.number_input(
            f"{unit.capitalize()} more",
            min_value=type(amount)(1),
            value=amount,
            step=type(amount)(10 if unit == "seconds" else 1),
            format="%g" if unit == "seconds" else None,
            key=f"{key}.{unit}",
        )
        pressed = st.button(
            "Train longer",
            key="train.longer",
            help="The step size rises and falls once more; the numbers so far stay on the curves",
            on_click=_longer,
            args=(run.id, unit, f"{key}.{unit}"),
        )
        _said(key)
    if pressed:
        st.rerun()


def grid(field: dataclasses.Field[Any], *values: float) -> list[float]:
    """List round numbers about the first value of an option, the values themselves among them."""
    first = values[0] or 1.0
    low, high = (first * 10.0 ** (sign * DECADES) for sign in (-1, 1))
    meta: Mapping[str, Any] = field.metadata
    least, most = meta["minimum"], meta["maximum"]
    powers = range(-12, 12)
    round_ones = [float(f"{digit}e{power}") for power in powers for digit in ROUND]
    found = {one for one in round_ones if low <= one <= min(high, most or high)}
    found |= {0.0} if least == 0 else set()
    return sorted(found | set(values))


def _began(run: RunView) -> "TrainConfig":
    from vae.training.config import TrainConfig

    return TrainConfig.from_json(run.config.get("training", {}))


def _slider(run: RunView, name: str, field: dataclasses.Field[Any], first: Any, now: Any) -> None:
    key = f"train.steer.{run.id}.{name}"
    shown = TrainState().key_showing(key, now)
    st.select_slider(
        _label(field),
        grid(field, first, now),
        value=now,
        format_func=lambda value: f"{value:g}",
        key=shown,
        help=_help(field),
        on_change=_steer,
        args=(run, name, key, shown),
    )
    _said(key)


def _budget(run: RunView, name: str, field: dataclasses.Field[Any], now: Any) -> None:
    key = f"train.steer.{run.id}.{name}"
    shown = TrainState().key_showing(key, now)
    st.number_input(
        f"{_label(field)} in all",
        min_value=type(now)(1),
        value=now,
        step=type(now)(10 if isinstance(now, float) else 1),
        format="%g" if isinstance(now, float) else None,
        key=shown,
        help="The step size goes on from where it stands and falls to 0 at the new end.",
        on_change=_steer,
        args=(run, name, key, shown),
    )
    _said(key)


def _label(field: dataclasses.Field[Any]) -> str:
    name: str = field.metadata["steer"]
    return name[:1].upper() + name[1:] if name.isascii() else name


def _help(field: dataclasses.Field[Any]) -> str:
    text: str = field.metadata["help"]
    return f"{text[:1].upper()}{text[1:]}."


def _said(key: str) -> None:
    if sentence := TrainState().said(key):
        st.error(words.plain(sentence))


def _steer(run: RunView, name: str, key: str, shown: str) -> None:
    from vae.runs import steering

    state, value = TrainState(), held(shown)
    try:
        steering.steer(run.id, name, value)
        state.chose(key, value)
    except UserError as error:
        state.renew(key)
        state.say(str(error), key)


def _longer(run: str, unit: str, key: str) -> None:
    from vae.runs import steering

    try:
        steering.longer(run, unit, held(key))
    except UserError as error:
        TrainState().say(str(error), f"train.longer.{run}")
