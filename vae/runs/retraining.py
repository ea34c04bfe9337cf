"""What a sweep tells: what survives retraining, and how many dimensions are enough.

Members count as soon as their training has finished; the others are named, and the rest counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vae import checkpoint, data
from vae.errors import UserError
from vae.jobs import measures
from vae.measures.registry import Measured
from vae.measures.registry.importance import ImportanceSampling
from vae.measures.retraining import findings, sentences
from vae.measures.retraining.dimensions import Tried, advise
from vae.runs.members import look
from vae.sweep import Member, Sweep, Value

if TYPE_CHECKING:
    from vae.data import ImageDataset
    from vae.measures.counter import Progress
    from vae.models.vae import VAE

SEED, DIMENSIONS = "seed", "z_dim"
IMAGES, SAMPLES = 500, 500
"""Images and draws of z per image by which the NLL of each member is measured for advice."""
SPLIT = "validation"
"""The number of dimensions is a choice, and the test split is for what was chosen."""


@dataclass(frozen=True)
class Group:
    """Finished members of a sweep that differ in their seed alone."""

    values: Mapping[str, Value]
    """What they have of the other options."""
    members: tuple[Member, ...]
    paths: tuple[Path, ...]
    """Their models' files."""

    @property
    def title(self) -> str:
        """Say what they have in common, such as "z_dim 5"; empty where the seed alone varies."""
        return Member("", dict(self.values)).title


def groups(sweep: Sweep) -> list[Group]:
    """Put the finished members together that differ in their seed alone, in order."""
    found: dict[tuple[Value, ...], list[tuple[Member, Path]]] = {}
    for member, path in sweep.finished().items():
        others = tuple(v for option, v in member.values.items() if option != SEED)
        found.setdefault(others, []).append((member, path))
    names = [option for option in sweep.varied if option != SEED]
    return [
        Group(dict(zip(names, others, strict=True)), *map(tuple, zip(*pairs, strict=True)))
        for others, pairs in found.items()
    ]


def varies_seed(sweep: Sweep) -> bool:
    """Tell whether a sweep has members that differ in their seed alone."""
    return SEED in sweep.varied


def varies_dimensions(sweep: Sweep) -> bool:
    """Tell whether nothing but the number of dimensions, and perhaps the seed, is varied."""
    return DIMENSIONS in sweep.varied and set(sweep.varied) <= {DIMENSIONS, SEED}


def nll_order(file: Path, model: "VAE", dataset: "ImageDataset") -> measures.Order:
    """Describe the job that measures a member's NLL for advice: on validation images."""
    return measures.order(
        ImportanceSampling(SAMPLES),
        file,
        dataset,
        SPLIT,
        images=IMAGES,
        # grey pixels have no probability under such a likelihood
        binarize="stochastic" if model.likelihood.is_binary else "none",
        dequantize=model.likelihood.is_density,
    )


def tried(
    sweep: Sweep,
    metrics: Mapping[Member, Mapping[str, Any]],
    nll: Mapping[Member, Measured],
) -> list[Tried]:
    """Collect what each number of dimensions reaches, for those members that were measured.

    Parameters
    ----------
    metrics
        What the finished members' files say.
    nll
        What `nll_order` found, of as many members as there are.
    """
    found = []
    for group in groups(sweep):
        columns = [nll[one].per_image.get("nll") for one in group.members if one in nll]
        known = [column for column in columns if column is not None]
        active = [metrics[one].get("active_units") for one in group.members]
        counted = [float(units) for units in active if units is not None]
        found.append(
            Tried(
                int(group.values[DIMENSIONS]),
                np.stack(known) if known else np.zeros((0, 0)),
                float(np.mean(counted)) if counted else None,
            )
        )
    return found


def report(sweep: Sweep, nll: bool = False, progress: "Progress | None" = None) -> list[str]:
    """Write down what is known of a sweep, in lines for a terminal.

    ``nll`` measures the NLL of members that vary in their dimensions, which takes a while, where
    it is not known yet; ``progress`` hears of the members that are done.
    """
    lines = [f"{sweep.name}: {len(sweep.finished())} of {len(sweep.members)} members finished"]
    lines += missing(sweep)
    for group in groups(sweep):
        lines += [""] + ([group.title] if group.title else []) + _of_group(group)
    if varies_dimensions(sweep) and sweep.finished():
        lines += ["", _advice(sweep, nll, progress)]
    return lines


def missing(sweep: Sweep) -> list[str]:
    """Say of each member that does not count why it does not."""
    said = []
    for seen in look(sweep):
        if seen.checkpoint is None:
            why = f": {seen.error}" if seen.error else ""
            said.append(f"{seen.member.title} does not count: it is {seen.state}{why}")
    return said


def _of_group(group: Group) -> list[str]:
    models = [checkpoint.read(path) for path in group.paths]
    lines = []
    if len(models) > 1:
        try:
            found = findings.survival(models)
            names = models[0].dataset.get("class_names") or ()
            lines += sentences.sentences(found, names)
        except UserError as error:
            lines.append(str(error))
    measured = models[0].metrics
    told = findings.numbers([model.metrics for model in models])
    if told:
        split, count = measured.get("split", "test"), measured.get("n_images", 0)
        lines.append(f"on {count:,} {split} images; ± is the standard deviation over members:")
        lines += ["  " + sentences.number(*one) for one in told]
    return lines


def _advice(sweep: Sweep, nll: bool, progress: "Progress | None") -> str:
    dataset = data.load(sweep.dataset, download=False)
    metrics, known = {}, {}
    finished = sweep.finished()
    for done, (member, path) in enumerate(finished.items()):
        opened = checkpoint.read(path)
        metrics[member] = opened.metrics
        order = nll_order(path, opened.model, dataset)
        if nll:
            known[member] = measures.here(order)
        elif measures.status(order.key()).state == "finished":
            known[member] = measures.result(order.key())
        if progress:
            progress(done + 1, len(finished))
    return f"{advise(tried(sweep, metrics, known)).sentence} ({nll_words(known.values())})"


def nll_words(found: Iterable[Measured]) -> str:
    """Say what the NLL was measured on."""
    images = max((one.n_images for one in found), default=IMAGES)
    return f"NLL on {images:,} {SPLIT} images, {SAMPLES:,} samples each"
