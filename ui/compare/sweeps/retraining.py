"""What survives retraining: maps of the same images by models of other seeds."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from ui import resources, words
from ui.compare.sweeps import form, likelihood, measuring, table
from ui.compare.sweeps.chooser import choose
from ui.compare.sweeps.progress import progress
from ui.compare.sweeps.state import SweepState
from ui.components.chart import chart
from ui.components.retrained_maps import retrained_maps
from ui.figures.touching import touching
from ui.resources import sweeps
from ui.routes import originals
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.measures.retraining.borders import Borders
    from vae.measures.retraining.findings import Survival
    from vae.runs.retraining import Group
    from vae.sweep import Sweep

OPTION = "seed"
SENTENCE = (
    "One configuration, trained again from other seeds: point at an image, and see what stays."
)
INVITATION = """
**Train the same model again from other seeds.** What all of the maps have in common comes from the
images and the model; what differs comes from chance. Until two runs have finished there is
nothing to compare.
"""
EXPLANATION = """
- **The maps** hold the same images, as each run encodes them, after the best rotation, reflection,
  scale and shift: training fixes none of these (generalized Procrustes analysis, Gower 1975).
- **Neighbours that stay**: of the 15 images nearest to an image in one map, the share that is also
  among its 15 nearest in another; by chance k / (N − 1). It needs no alignment.
- **Two classes touch** in a map where at least one in fifty of the links from the images of the
  smaller one to their 15 nearest images is shared with the other.
- **±** is the standard deviation over the runs: how much retraining alone changes a number.
"""


def retraining(model: str) -> None:
    """Draw the view."""
    from vae.runs.retraining import groups, varies_seed

    sweep = choose(model, OPTION, form.seeds, varies_seed, INVITATION)
    if sweep is not None:
        progress(sweep, SweepState(OPTION))
        group = _group(groups(sweep))
        if group is not None:
            _found(sweep, group)


def _group(found: "list[Group]") -> "Group | None":
    """Let the visitor choose among runs that differ in more than their seed."""
    several = [one for one in found if len(one.members) > 1]
    if not several:
        st.info("Two finished runs are needed to compare their maps.")
        return None
    if len(found) == 1:
        return several[0]
    at: int = st.selectbox(
        "Runs with",
        range(len(several)),
        format_func=lambda at: several[at].title,
        key=f"sweep.group.{len(several)}",
    )
    return several[at]


def _found(sweep: "Sweep", group: "Group") -> None:
    from vae.measures.retraining import sentences

    try:
        with st.spinner("Comparing the maps …"):
            found = sweeps.survival(group.paths)
    except UserError as error:
        st.error(words.plain(str(error)))
        return
    described = resources.header(group.members[0].run)["dataset"]
    names = described.get("class_names") or []
    titles = [one.title for one in group.members]
    address = originals.address(group.members[0].run)
    retrained_maps(found, titles, names, address, key="retrained_maps")
    st.caption(words.plain(measured_on(found, described.get("split") or "held-out")))
    for sentence in sentences.sentences(found, names):
        st.markdown(words.plain(sentence).replace(" %", "\u00a0%"))
    if found.borders is None:
        # images without labels: no classes that could touch
        _numbers(sweep, group)
        return
    left, right = st.columns(2, gap="medium")
    with left:
        _touching(found.borders, names)
    with right:
        _numbers(sweep, group)


def _numbers(sweep: "Sweep", group: "Group") -> None:
    """List the numbers of the files, with the NLL as far as it was measured."""
    from vae.measures.retraining.findings import VALIDATION_NLL

    known, why = likelihood.known(sweep)
    nll = {} if known is None else known.found
    measured = []
    for member, path in zip(group.members, group.paths, strict=True):
        own = nll[member].estimates["nll"].value if member in nll else None
        measured.append({**sweeps.metrics(path), VALIDATION_NLL: own})
    table.numbers(measured)
    if known is not None:
        if known.found:
            st.caption(words.plain(f"NLL: {measuring.measured_on(sweep)}"))
        measuring.measuring(sweep, known, SweepState(OPTION))
    elif why:
        st.caption(words.plain(why))


def measured_on(found: "Survival", split: str) -> str:
    """Say which images the maps hold."""
    width = found.aligned[0].codes.shape[1]
    line = f"{split}, {len(found.rows):,} images · posterior means"
    return line if width <= 2 else f"{line} · the plane of largest spread of {width} dimensions"


def _touching(found: "Borders", names: Sequence[str]) -> None:
    from vae.measures.retraining.sentences import class_name, pair

    named = [class_name(label, names) for label in found.classes]
    always = ", ".join(pair(one, names) for one in found.always()) or "none"
    st.markdown("**Classes that touch**")
    chart(
        touching(named, found.counts, found.maps),
        key="retraining_touching",
        alt=f"In how many of {found.maps} maps each two classes touch. In all of them: {always}.",
        height="300px",
    )
    st.caption(f"The stronger the colour, the more of the {found.maps} maps: from none to all.")
