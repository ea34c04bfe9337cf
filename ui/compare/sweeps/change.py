"""What can be done with a sweep that is there: train further values, or remove all of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from ui import words
from ui.compare.sweeps import plan as plans
from ui.compare.sweeps.plan import Plan
from ui.compare.sweeps.progress import act_on, is_active
from ui.compare.sweeps.state import SweepState
from ui.train import removed
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.sweep import Sweep, Value

TITLES = {"seed": "Further seeds", "z_dim": "Further numbers of dimensions"}


def change(sweep: "Sweep", state: SweepState) -> None:
    """Draw the button that opens what can be done."""
    # another one once there are more runs, so that it closes when they have been started
    with st.popover("Change", key=f"sweep.change.{sweep.name}.{len(sweep.members)}"):
        st.fragment(_further)(sweep, state)
        _remove(sweep)


def _further(sweep: "Sweep", state: SweepState) -> None:
    """Draw the field of further values, the time they take, and the button that trains them."""
    option, key = _option(sweep), f"{sweep.name}.{len(sweep.members)}"
    text = st.text_input(
        TITLES.get(option, f"Further values of {option}"),
        suggestion(sweep, option),
        key=f"sweep.further.{key}.{option}",
        help="With commas between them; values that hold commas have semicolons between them.",
    )
    values, asked, problem, line = plans.read_list(text), None, None, ""
    try:
        asked = further_plan(sweep, option, values)
        line = _told(asked)
    except UserError as error:
        problem = str(error)
    runs = asked.runs if asked else 0
    if st.button(
        f"Train {runs} more run{'s' * (runs > 1)}" if runs else "Train more runs",
        key=f"sweep.extend.{key}",
        disabled=asked is None,
    ):
        act_on(state, lambda: start(sweep, option, values))
    if problem:
        st.error(words.plain(problem))
    else:
        st.caption(words.plain(line))


def _option(sweep: "Sweep") -> str:
    options = list(sweep.varied)
    if len(options) == 1:
        return options[0]
    chosen: str = st.selectbox("Of", options, key=f"sweep.option.{sweep.name}")
    return chosen


def suggestion(sweep: "Sweep", option: str) -> str:
    """Propose a further value: the next seed, twice the largest size; nothing for other options."""
    largest = max((one for one in sweep.varied[option] if isinstance(one, int)), default=None)
    if option not in TITLES or largest is None:
        return ""
    return str(largest + 1 if option == "seed" else 2 * largest)


def further_plan(sweep: "Sweep", option: str, values: "Sequence[Value]") -> Plan:
    """Put together what further values of an option train; `UserError` where they make no runs."""
    from vae.models.config import VAEConfig
    from vae.runs.sweep import read_values
    from vae.training.config import TrainConfig

    if not values:
        raise UserError(f"give values of {option} that this sweep does not have yet")
    model, training = VAEConfig.from_json(sweep.model), TrainConfig.from_json(sweep.training)
    had = sweep.varied[option]
    varied = read_values(model, training, {**sweep.varied, option: [*had, *values]})
    new = {**varied, option: varied[option][len(had) :]}
    return plans.checked(Plan(sweep.dataset, model, training, new))


def _told(asked: Plan) -> str:
    from vae.runs import watch

    runs = watch.runs()
    seconds = words.duration(plans.seconds_of(asked, runs))
    return f"Trained as the others were: about {seconds}.{plans.waiting_line(runs)}"


def start(sweep: "Sweep", option: str, values: "Sequence[Value]") -> None:
    """Add values to a sweep and let the runs that are new join the queue."""
    from vae.runs import sweep as runs

    wider = runs.extend(sweep, option, values)
    for member in wider.members:
        if member not in sweep.members:
            runs.retry(wider, member)


def _remove(sweep: "Sweep") -> None:
    from vae.runs.members import look

    active = is_active(look(sweep))
    st.button(
        "Remove this sweep",
        key=f"sweep.remove.{sweep.name}",
        type="tertiary",
        disabled=active,
        help="Stop it first" if active else "Remove it with all of its runs and their models",
        on_click=removed.remove_sweep,
        args=(sweep.name,),
    )
