"""The body of the plane: the figure, who is not on it and why, and others for context."""

from collections.abc import Sequence

import streamlit as st

from ui import words
from ui.compare import partners
from ui.compare.numbers import measuring, rows
from ui.compare.numbers.pixels import binarization
from ui.compare.rates import curves
from ui.components.chart import Walk, chart
from ui.figures.rate_distortion import nearest_one, rate_distortion
from ui.resources import families
from vae.measures.comparison import Row
from vae.measures.comparison.plane import Curve, Place, placed

POLL_SECONDS = 0.5
KEY, CONTEXT = "compare_rates", "compare_context"
HEIGHT = "clamp(320px, 46cqi, 520px)"
FIRST_TRACE = 2
"""Of the curves: before them are the lines of equal ELBO and the context."""


def view(models: tuple[str, ...]) -> None:
    """Draw the plane; it waits for what is being measured."""
    st.subheader("Rate and distortion", anchor=False)
    st.caption(
        "Rate is what a code costs, distortion what the decoder still misses. Along a dotted line "
        "the ELBO, minus their sum, is the same; it rises towards the lower left."
    )
    binarize = binarization(models)
    busy = _busy(models, binarize)
    st.fragment(_show, run_every=POLL_SECONDS if busy else None)(models, binarize, busy)


def _busy(models: Sequence[str], binarize: str) -> bool:
    if binarize == "none":
        return False
    quick = measuring.quick(models, binarize)
    rates = [curves.measuring(model, binarize) for model in curves.over_beta(models)]
    waits = len(quick.found) < len(models) and quick.running
    return waits or any(one.running for one in rates)


def _show(models: tuple[str, ...], binarize: str, busy: bool) -> None:
    found = _rows(models, binarize)
    places, reasons = placed(found["rate"], found["distortion"])
    on_plane = [place.model for place in places]
    known = {model: curves.of(model, binarize) for model in curves.over_beta(on_plane)}
    over_beta = {model: one for model, one in known.items() if one is not None}
    context = _context(models, on_plane) if places and binarize == "none" else []
    if places:
        _plane(places, over_beta, context)
    elif not busy:
        st.info("None of these models can stand on the plane beside another.")
    if busy:
        st.caption("measuring …")
    _left_out(reasons)
    if _busy(models, binarize) != busy:
        st.rerun()


def _rows(models: Sequence[str], binarize: str) -> dict[str, Row]:
    """Return what was measured, or until then what the files tell of pixels as they are."""
    told = {row.quantity.name: row for row in rows.from_files(models)}
    if binarize == "none" and all(cell.estimate for cell in told["distortion"].cells):
        return told
    if not measuring.can_be(models):
        return told
    known = measuring.found_of(measuring.quick(models, binarize))
    return {row.quantity.name: row for row in rows.rows(models, known)}


def _context(models: Sequence[str], on_plane: Sequence[str]) -> list[Place]:
    """Ask whether other models are shown, and find those that stand on the same ground."""
    others = [name for name in partners.beside(models[0]) if name not in models]
    if not others or not st.toggle("Other models of these images", key=CONTEXT):
        return []
    ground = rows.ground_in_file(on_plane[0])
    same = [name for name in others if rows.ground_in_file(name) == ground]
    if not same:
        return []
    told = {row.quantity.name: row for row in rows.from_files([*on_plane, *same])}
    found = placed(told["rate"], told["distortion"])[0]
    return [place for place in found if place.model in same]


def _plane(places: list[Place], over_beta: dict[str, Curve], context: list[Place]) -> None:
    titles = [families.title(place.model) for place in places]
    names = [
        f"{title}, β = 1" if place.model in over_beta else title
        for place, title in zip(places, titles, strict=True)
    ]
    chart(
        rate_distortion(places, over_beta, context, names),
        key=KEY,
        alt=_alt(places),
        height=HEIGHT,
        of=",".join(place.model for place in places),
        walks=[
            Walk(
                label=f"β of {families.title(model)}",
                symbol="β",
                curve=FIRST_TRACE + 2 * number,
                mark=FIRST_TRACE + 2 * number + 1,
                said=said(one),
                start=nearest_one(one),
            )
            for number, (model, one) in enumerate(over_beta.items())
        ],
    )


def said(one: Curve) -> tuple[str, ...]:
    """Say of each place of a curve what is reached there."""
    return tuple(
        f"{beta:.3g} · rate {rate:.1f} · distortion {distortion:.1f} · "
        f"ELBO {-rate - distortion:.1f} nats{'' if known else ', interpolated'}".replace("-", "−")
        for beta, rate, distortion, known in zip(*one, strict=True)
    )


def _alt(places: Sequence[Place]) -> str:
    told = "; ".join(
        f"{families.title(place.model)}: rate {words.number(place.rate)}, distortion "
        f"{words.number(place.distortion)}"
        for place in places
    )
    return f"Plane of rate and distortion in nats per image. {told}"


def _left_out(reasons: dict[str, str]) -> None:
    """Name the models that are not on the plane, each with its reason."""
    for model, reason in reasons.items():
        st.caption(words.plain(f"{families.title(model)} is not on the plane: {reason}."))
