"""The likelihood of a sweep's members, and which number of dimensions follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vae.commands.opening import load_dataset
from vae.commands.progress import progress
from vae.commands.row import Row

if TYPE_CHECKING:
    import numpy as np

    from vae.data import ImageDataset
    from vae.measures.registry import Subject
    from vae.measures.retraining.dimensions import Advice, Tried
    from vae.sweep import Member, Sweep

SPLIT = "validation"
"""What is chosen by: the test images are kept for what is reported."""


@dataclass(frozen=True)
class Likelihood:
    """Negative log-likelihood of one member, nats per image."""

    member: "Member"
    value: float | None
    stderr: float | None
    """Over images."""


@dataclass(frozen=True)
class Likelihoods:
    """The negative log-likelihoods of a sweep, of the same images by all members."""

    found: Sequence[Likelihood]
    images: int
    samples: int
    notes: Sequence[str]
    advice: "Advice | None"
    """Where the number of dimensions is varied."""

    def lines(self) -> list[str]:
        """Say them in lines."""
        head = (
            f"negative log-likelihood, nats per image: {self.images:,} {SPLIT} images, "
            f"{self.samples:,} importance samples each, ± standard error over images; grey pixels "
            "are drawn as black or white, or spread over their 8-bit cells under a density"
        )
        width = max(len(one.member.run) for one in self.found) if self.found else 0
        lines = [head]
        for one in self.found:
            shown = "undefined" if one.value is None else f"{one.value:.2f} ± {one.stderr or 0:.2f}"
            lines.append(f"{one.member.run:<{width}}  {shown}")
        lines += [f"note: {note}" for note in self.notes]
        return lines + ([self.advice.sentence] if self.advice else [])

    def to_json(self) -> dict[str, Any]:
        """Give them as plain values."""
        return {
            "split": SPLIT,
            "n_images": self.images,
            "samples": self.samples,
            "members": {
                one.member.run: {"nll": one.value, "stderr": one.stderr} for one in self.found
            },
            "notes": list(self.notes),
            "z_dim": self.advice.z_dim if self.advice else None,
            "advice": self.advice.sentence if self.advice else None,
        }


def measure(
    sweep: "Sweep", rows: Sequence[Row], samples: int, images: int, quiet: bool
) -> Likelihoods:
    """Measure the likelihood of the members that have finished, on the same validation images.

    Grey pixels are drawn as black or white where the likelihood is of these, and spread over their
    cells where it is a density.
    """
    from vae.measures.retraining.dimensions import advise

    dataset = load_dataset(sweep.dataset, quiet)
    found, notes, per_image = [], [], {}
    there = [row for row in rows if row.model]
    count = min(images, len(dataset.validation))
    for number, row in enumerate(there, start=1):
        label = f"log-likelihood of member {number} of {len(there)}"
        one, said, values = _measured(row, dataset, samples, images, label, quiet)
        found.append(one)
        if values is not None:
            per_image[row.member.run] = values
        if said and said not in notes:
            notes.append(said)
    # members that differ in more than that are no evidence
    chooses = "z_dim" in sweep.varied and set(sweep.varied) <= {"z_dim", "seed"}
    advice = advise(_tried(there, per_image)) if chooses else None
    return Likelihoods(found, count, samples, notes, advice)


def _measured(
    row: Row, dataset: "ImageDataset", samples: int, images: int, label: str, quiet: bool
) -> "tuple[Likelihood, str | None, np.ndarray | None]":
    from vae import checkpoint
    from vae.measures.registry.importance import ImportanceSampling

    assert row.model is not None
    measure = ImportanceSampling(samples=samples)
    model = checkpoint.read(row.model).model
    subject = _subject(model, dataset, images)
    with progress(label, "steps", quiet) as report:
        found = measure(subject, report)
    value, stderr = found.estimates["nll"]
    # the number of samples stands above all of them
    said = (found.note or "").removeprefix(f"{samples:,} samples per image").removeprefix("; ")
    return Likelihood(row.member, value, stderr), said or None, found.per_image.get("nll")


def _subject(model: Any, dataset: "ImageDataset", images: int) -> "Subject":
    from vae.measures.registry import Subject

    likelihood = model.likelihood
    binarize = "stochastic" if likelihood.is_binary else "none"
    return Subject.of(
        model, dataset, SPLIT, binarize=binarize, dequantize=likelihood.is_density
    ).some(images)


def _tried(rows: Sequence[Row], per_image: "dict[str, np.ndarray]") -> "list[Tried]":
    """Gather what the members of each number of dimensions reach."""
    import numpy as np

    from vae.measures.retraining.dimensions import Tried

    groups: dict[int, list[Row]] = {}
    for row in rows:
        groups.setdefault(int(row.member.values["z_dim"]), []).append(row)
    tried = []
    for z_dim, members in groups.items():
        nll = [per_image[one.member.run] for one in members if one.member.run in per_image]
        active = [one.metrics["active_units"] for one in members if "active_units" in one.metrics]
        tried.append(
            Tried(
                z_dim,
                np.stack(nll) if nll else np.zeros((0, 0)),
                float(np.mean(active)) if active else None,
            )
        )
    return tried
