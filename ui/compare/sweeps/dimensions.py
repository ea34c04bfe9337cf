"""How many dimensions: what each number of them reaches, and one sentence of advice."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from ui import words
from ui.compare.sweeps import form, likelihood, measuring
from ui.compare.sweeps.chooser import choose
from ui.compare.sweeps.progress import progress
from ui.compare.sweeps.state import SweepState
from ui.components.chart import chart
from ui.figures.tries import tries
from ui.resources import sweeps

if TYPE_CHECKING:
    from vae.measures.retraining.dimensions import Advice, Tried
    from vae.measures.retraining.spread import Spread
    from vae.sweep import Member, Sweep

OPTION = "z_dim"
SENTENCE = "How many dimensions to take: one configuration, trained with several numbers of them."
INVITATION = """
**Train one configuration with several numbers of latent dimensions.** The curves then show what
more dimensions are worth, and one sentence says how many to take.
"""
EXPLANATION = """
- **NLL** is −log p(x) by importance sampling (Burda et al. 2016, eq. 8), an upper bound that is
  less tight the more dimensions there are. It is measured on validation images, because the number
  of dimensions is a choice; the test split is for the model that was chosen.
- **The advice**: of the numbers tried, the smallest whose NLL is within two standard errors of the
  best one. The error is that of the difference, paired over the same images, and over seeds where
  there are several.
- **Rate** is the KL, what the code of an image costs. **Active units** are dimensions whose
  posterior means vary between images by more than 0.01; on the dotted line all are active.
"""
HEIGHT = "250px"


def dimensions(model: str) -> None:
    """Draw the view."""
    from vae.runs.retraining import varies_dimensions

    sweep = choose(model, OPTION, form.dimensions, varies_dimensions, INVITATION)
    if sweep is not None:
        state = SweepState(OPTION)
        progress(sweep, state)
        if sweep.finished():
            _found(sweep, state)
        else:
            st.info("The curves begin when the first run has finished.")


def _found(sweep: "Sweep", state: SweepState) -> None:
    from vae.measures.retraining.dimensions import advise
    from vae.runs.retraining import tried

    metrics = {member: sweeps.metrics(path) for member, path in sweep.finished().items()}
    known, why = likelihood.known(sweep)
    found = tried(sweep, metrics, known.found if known else {})
    advice = advise(found)
    if why:
        st.info(words.plain(f"{why} So there is no advice."))
    else:
        st.markdown(_emphasised(advice.sentence))
    if known:
        measuring.measuring(sweep, known, state)
    curves(sweep, found, metrics, advice)


def _emphasised(sentence: str) -> str:
    """Make what to do stand out from the reasons, which follow a colon."""
    what, colon, why = sentence.partition(":")
    return f"**{words.plain(what + colon)}** {words.plain(why.strip())}".strip()


def curves(
    sweep: "Sweep",
    found: "Sequence[Tried]",
    metrics: "Mapping[Member, Mapping[str, Any]]",
    advice: "Advice",
) -> None:
    """Draw NLL, rate and active units against the number of dimensions."""
    one, two, three = st.columns(3, gap="medium")
    measured = [each for each in found if each.nll.size]
    with one:
        if measured:
            st.markdown("**NLL**, nats per image")
            _curve("nll", [(t.z_dim, t.mean, t.stderr) for t in measured], advice)
            st.caption(f"{measuring.measured_on(sweep)} · ± standard error")
        else:
            st.markdown("**−ELBO**, nats per image")
            _curve("elbo", spreads(sweep, metrics, "elbo", -1), advice)
            st.caption(tested(metrics))
    with two:
        st.markdown("**Rate**, nats per image")
        _curve("rate", spreads(sweep, metrics, "kl"), advice)
        st.caption(tested(metrics))
    with three:
        st.markdown("**Active units**")
        _curve("active", spreads(sweep, metrics, "active_units"), advice, identity=True)
        st.caption(tested(metrics))


def _curve(
    name: str,
    rows: Sequence[tuple[int, float, float | None]],
    advice: "Advice",
    identity: bool = False,
) -> None:
    if not rows:
        st.caption("These models have no such number.")
        return
    x, y, errors = zip(*rows, strict=True)
    alt = "; ".join(
        f"{z_dim} dimensions: {value:.2f}" + ("" if error is None else f" ± {error:.2f}")
        for z_dim, value, error in rows
    )
    chart(
        tries(x, y, errors, ("dimensions", ""), advised=advice.z_dim, identity=identity),
        key=f"dimensions_{name}",
        alt=alt,
        height=HEIGHT,
    )


def spreads(
    sweep: "Sweep",
    metrics: "Mapping[Member, Mapping[str, Any]]",
    key: str,
    sign: int = 1,
) -> list[tuple[int, float, float | None]]:
    """Give a number of the models' files for each number of dimensions: mean and error over seeds.

    The error is None where there is one seed.
    """
    from vae.measures.retraining.spread import spread
    from vae.runs.retraining import DIMENSIONS, groups

    rows = []
    for group in groups(sweep):
        values = [metrics[member].get(key) for member in group.members]
        over: Spread | None = spread(None if v is None else sign * float(v) for v in values)
        if over is not None:
            rows.append((int(group.values[DIMENSIONS]), over.mean, over.stderr))
    return sorted(rows)


def tested(metrics: "Mapping[Member, Mapping[str, Any]]") -> str:
    """Say which images the numbers in the models' files are of."""
    splits = {(one.get("split"), one.get("n_images")) for one in metrics.values()}
    if len(splits) != 1 or None in next(iter(splits)):
        return "from the models' files"
    ((split, count),) = splits
    return words.CAPTION_OF_SPLIT.format(split=split, count=count)
