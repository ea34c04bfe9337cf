"""The form of a new run: four choices, and everything else under "More" with good defaults."""

from contextlib import nullcontext
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from ui import option_form, words
from ui.option_form import Widget
from ui.routes.datasets import COLUMNS, ROWS, strip_address
from ui.state import held, put
from ui.train import budget as budget_fields
from ui.train import drawn, origin, own
from ui.train import words as train_words
from ui.train.parts import KEY, choice, is_open, is_set, options
from ui.train.parts import choose as choose_parts
from vae.files import owner

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streamlit.delta_generator import DeltaGenerator

    from vae.data import Source
    from vae.models.config import VAEConfig
    from vae.runs.estimate import Estimate
    from vae.runs.watch import RunView
    from vae.training.config import TrainConfig

FALLBACK_DATASET = "digits"


@dataclass(frozen=True)
class Plan:
    """What the form asks for."""

    source: "Source"
    model: "VAEConfig"
    training: "TrainConfig"
    start_from: str | None = None
    """The model whose weights it starts from; random ones where there is none."""


def default_dataset() -> str:
    """Name the data set that stands first: the command's, where it is here, else a built-in one."""
    from vae.data import DATASETS, DEFAULT_DATASET

    here = DATASETS[DEFAULT_DATASET].is_here()
    return DEFAULT_DATASET if here else FALLBACK_DATASET


def images_line(source: "Source") -> str:
    """Say what the images of a data set are, and whether they are here."""
    channels, height, width = source.image_shape
    kind = "grey" if channels == 1 else "colour"
    size = f"{source.counts['train']:,} training images of {height}×{width} {kind} pixels"
    if source.is_here():
        return f"{size}, {source.state()}."
    megabytes = max(1, round(source.download_bytes / 1e6))
    return f"{size}; not on this machine: {megabytes} MB are downloaded when the run starts."


def form() -> Plan:
    """Draw the form and return what it asks for.

    Raises
    ------
    UserError
        When a value is missing or out of range; all widgets are drawn before that.
    """
    source = _images()
    parts = choose_parts()
    main = _main_options(parts)
    budget = budget_fields.draw(parts["objective"])
    rest, place = _more(parts)
    asked = plan(source, parts, main, budget, rest)
    return replace(asked, start_from=origin.choose(place, asked.model, asked.training))


def plan(
    source: "Source",
    parts: dict[str, type[Any]],
    main: dict[str, Any],
    budget: dict[str, Any],
    rest: dict[str, dict[str, Any]],
) -> Plan:
    """Put together what the widgets hold.

    Parameters
    ----------
    parts
        Class chosen of each registry, by its kind.
    main, budget, rest
        What the widgets of the model, of the budget, and under "More" hold, by field; `rest` by
        kind.
    """
    from vae.models.config import VAEConfig
    from vae.options import part_fields
    from vae.training.config import TrainConfig
    from vae.training.objectives import check_fit

    made, first = {}, parts["objective"].main
    for kind, cls in parts.items():
        if is_set(parts["objective"], kind):
            made[kind] = parts["objective"].fixed[kind]
            continue
        asked = option_form.widgets(cls)
        raw = rest.get(kind, {})
        if kind == "objective" and first is not None:
            raw = {**raw, first: main[first]}
        made[kind] = option_form.build(cls, option_form.values(asked, raw), kind)
    z_dim = option_form.value_of(z_dim_widget(), "z_dim", main["z_dim"])
    posterior = made["objective"].posterior
    given = {"image_shape": tuple(source.image_shape), "z_dim": z_dim, "posterior": posterior}
    given |= {kind: part for kind, part in made.items() if kind in part_fields(VAEConfig)}
    given["conditioning"] = made["conditioning"].for_classes(len(source.class_names))
    model = option_form.build(VAEConfig, given, "model")
    asked = option_form.widgets(
        TrainConfig, leave_out=(*budget_fields.BUDGET, *parts["objective"].unused)
    )
    training = option_form.values(asked, rest["training"]) | budget_fields.values(budget)
    training |= {kind: part for kind, part in made.items() if kind in part_fields(TrainConfig)}
    check_fit(training["objective"], model)
    return Plan(source, model, option_form.build(TrainConfig, training, "training"))


def z_dim_widget() -> Widget:
    """Return the widget of the number of latent dimensions."""
    from vae.models.config import VAEConfig

    return option_form.widgets(VAEConfig)["z_dim"]


def estimate_of(asked: Plan, runs: list["RunView"]) -> "Estimate":
    """Predict the run that the form asks for, from the machine and the earlier runs."""
    from vae.runs import estimate

    slowness = estimate.slowness_of(runs, asked.source, asked.model, asked.training)
    return estimate.estimate(asked.source.counts, asked.model, asked.training, slowness)


def estimate_line(found: "Estimate", waiting: int = 0) -> str:
    """Say in one line how long a run will take, how large its model will be, and when it starts."""
    line = (
        f"About {words.duration(found.seconds)}, of which "
        f"{words.duration(found.around)} for starting and measuring; "
        f"a model of about {train_words.size(found.bytes)}, "
        f"{found.parameters:,} parameters."
    )
    if found.steps is not None and found.steps > 1:
        line += f" {found.steps:,} steps."
    if waiting:
        line += f" It waits for {waiting} other run{'s' * (waiting > 1)} to end."
    return line


def _images() -> "Source":
    from vae.data import sources

    known = sources()
    names = list(known)
    if held(f"{KEY}.dataset") not in (None, *names):
        put(f"{KEY}.dataset", default_dataset())
    name = st.selectbox(
        "Images",
        names,
        names.index(default_dataset()),
        format_func=lambda name: known[name].title if name in known else name,
        key=f"{KEY}.dataset",
        help="What the model learns to encode and to make. Those that are not on this machine are "
        "downloaded when the run starts.",
        persist_state="session",
    )
    with st.container(horizontal=True, gap="small"):
        own.bring_button()
        drawn.draw_button(name)
    st.caption(words.plain(images_line(known[name])))
    if known[name].is_here():
        _strip(known[name])
    return known[name]


def _strip(source: "Source") -> None:
    """Show some of the images; the browser fetches them, and their place is kept free."""
    _, height, width = source.image_shape
    place = f"aspect-ratio: {COLUMNS * width} / {ROWS * height}"
    alt = escape(f"some training images of {source.title}")
    address = escape(strip_address(source.name))
    st.html(f'<img class="image-strip" src="{address}" alt="{alt}" style="{place}">')


def _main_options(parts: dict[str, type[Any]]) -> dict[str, Any]:
    objective = parts["objective"]
    asked = {
        name: widget
        for name, widget in option_form.widgets(objective).items()
        if name == objective.main
    }
    left, right = st.columns(2, gap="small")
    with left:
        held = {"z_dim": option_form.draw_one(z_dim_widget(), f"{KEY}.z_dim")}
    with right:
        held |= option_form.draw(asked, f"{KEY}.objective.{objective.name}")
    return held


def _more(parts: dict[str, type[Any]]) -> tuple[dict[str, dict[str, Any]], "DeltaGenerator"]:
    """Draw all that has good defaults, and keep a place there; what is chosen joins `parts`."""
    from vae.training.config import TrainConfig, kinds

    objective = parts["objective"]
    asked = option_form.widgets(TrainConfig, leave_out=(*budget_fields.BUDGET, *objective.unused))
    with st.expander("More") if asked or is_open(objective) else nullcontext():
        held, drawn = {}, list(parts)
        for kind in kinds():
            if kind not in drawn:
                parts[kind] = choice(kind, objective)
                if not is_set(objective, kind):
                    held[kind] = options(parts[kind], kind, titled=kind in objective.fixed)
        for kind in reversed(drawn):
            held[kind] = options(parts[kind], kind, titled=True)
        if asked:
            st.markdown("**Training**")
        held["training"] = option_form.draw(asked, f"{KEY}.training")
        place = st.container()
    return held, place


def waiting_runs(runs: "Sequence[RunView]") -> int:
    """Count the runs that a new one has to wait for, those of other visitors too."""
    from vae.runs import queue

    asker = owner.asking()
    return sum(run.active for run in runs) if asker.sees_all else queue.ahead(asker.name)
