"""How well each score tells a digit that a model never saw, and digits from clothes.

    VAE_DATA=… python -m benchmarks.anomaly [--folder runs/anomaly] [--tasks 0,1,…,9]

Ten tasks: a model of two latent dimensions is trained on nine of MNIST's digits, and the tenth is
strange (An and Cho 2015, "Variational autoencoder based anomaly detection using reconstruction
probability", have these tasks). Then the shipped models of Fashion-MNIST are shown MNIST's digits.

Everything is chosen on validation images, which are held out of training: the one score for all ten
tasks is that of the highest mean area there, among those that ask the model; then the test images
are looked at once. Intervals of 95 % are over images; each model was trained once, so that they
leave out how much another training would change. The mean's interval takes the tasks as they are.

Beside the scores that ask the model stand those of pixels alone, among which none is chosen:
`unlike-pixels` compares with 10,000 training images what `unlike` compares with the few hundred
whose codes are near, so that the two together say what the codes are good for.

What is there already in the folder is not trained or scored again: after an end the same command
goes on. A model takes about a minute of one core to train, and its scores another one.
"""

import argparse
import math
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vae import checkpoint, data, library
from vae.data import ImageDataset
from vae.data.splits import permutation
from vae.data.without import name_without, only
from vae.files import arrays
from vae.files.digest import digest
from vae.files.writing import write_atomically
from vae.measures.anomaly import SCORES, Detector, found_at, roc, threshold

DIGITS = range(10)
SPLITS = ("validation", "test")
RECIPE = (
    "--z-dim 2 --epochs 15 --batch-size 256 --set architecture.hidden=256,256 "
    "--learning-rate 4e-3 --set training.rising-steps=200"
)
"""A network that takes a minute; it was not searched for."""
IMAGES, SLOW_IMAGES = 2000, 150
"""So many images of each kind, by a fixed draw, are scored; by slow scores fewer."""
RATE = 0.01
PUBLISHED = 0.855
"""Mean area of a baseline of two latent dimensions in the literature."""
Z = 1.96


@dataclass(frozen=True)
class Task:
    """A model, what is normal to it, and what is strange."""

    name: str
    file: Path
    normal: ImageDataset
    foreign: ImageDataset


@dataclass(frozen=True)
class Area:
    """An area under a curve with its interval."""

    value: float
    low: float
    high: float

    @property
    def error(self) -> float:
        """About the standard error."""
        return (self.high - self.low) / (2 * Z)


Values = dict[str, np.ndarray]
"""Scores of one task by one score, by "normal validation" and so on."""


def trained(folder: Path, digit: int) -> Path:
    """Train on nine digits, or go on with that; return the model's file."""
    name = name_without("mnist", (digit,))
    out = folder / name
    file = out / "model.safetensors"
    whole = out / "status.json"
    if file.is_file() and '"finished"' in whole.read_text():
        return file
    begun = ["--resume", str(out)]
    anew = ["--dataset", name, *RECIPE.split(), "--out", str(out)]
    words = begun if (out / "config.json").is_file() else anew
    subprocess.run([sys.executable, "-m", "vae", "train", *words], check=True)
    return file


def scored(folder: Path, task: Task, name: str) -> Values | None:
    """Score both kinds of images of both splits, unless that was done; None without a meaning."""
    path = folder / "scores" / f"{task.name}-{name}.npz"
    model = digest(task.file)
    with suppress(OSError, arrays.DamagedArchive):
        found = arrays.read(path)
        if str(found.pop("model", "")) == model:
            return found
    detector = Detector(checkpoint.read(task.file).model, task.normal.train.images)
    if detector.refusal(SCORES[name]()):
        return None
    values = {
        f"{kind} {split}": detector.score(some(dataset.split(split).images, name), name)
        for split in SPLITS
        for kind, dataset in (("normal", task.normal), ("foreign", task.foreign))
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, arrays.write(model=np.array(model), **values))
    return values


def some(images: np.ndarray, name: str) -> np.ndarray:
    """Take as many images by a fixed draw as the score is given."""
    count = SLOW_IMAGES if SCORES[name].is_slow else IMAGES
    return images[np.sort(permutation(len(images))[:count])]


def area(values: Values, split: str) -> Area:
    """Return the area of a task on a split."""
    found = roc(values[f"normal {split}"], values[f"foreign {split}"])
    return Area(found.auc, found.low, found.high)


def mean_of(areas: list[Area]) -> Area:
    """Return the mean over tasks; its interval is over the images of each."""
    mean = float(np.mean([one.value for one in areas]))
    error = math.sqrt(sum(one.error**2 for one in areas)) / len(areas)
    return Area(mean, mean - Z * error, mean + Z * error)


def table(tasks: list[Task], found: dict[str, list[Values]]) -> Iterator[str]:
    """Print the areas of all scores, choose one on validation, and say what it finds."""
    means = {
        name: mean_of([area(one, "validation") for one in each]) for name, each in found.items()
    }
    best = max((name for name in means if SCORES[name].own), key=lambda name: means[name].value)
    yield f"{'':18}{'validation':>12}  {'test, mean and its interval':30}" + "".join(
        f"{task.name.rpartition('-')[2]:>7}" for task in tasks
    )
    for name, each in found.items():
        areas = [area(one, "test") for one in each]
        mean = mean_of(areas)
        shown = f"{mean.value:.3f} [{mean.low:.3f}, {mean.high:.3f}]"
        kind = "" if SCORES[name].own else " (pixels alone)"
        yield (
            f"{'>' if name == best else ' '}{name:17}{means[name].value:12.3f}  {shown + kind:30}"
            + "".join(f"{one.value:7.3f}" for one in areas)
        )
    yield f"chosen on validation: {best} ({SCORES[best].sentence})"
    for task, values in zip(tasks, found[best], strict=True):
        one = area(values, "test")
        limit = threshold(values["normal validation"], RATE)
        share = found_at(limit, values["foreign test"])
        alarms = found_at(limit, values["normal test"])
        yield (
            f"  {task.name}: area {one.value:.4f} [{one.low:.4f}, {one.high:.4f}]; at "
            f"{RATE:.0%} false alarms [{limit.low:.1%}, {limit.high:.1%}] it finds "
            f"{share.value:.1%} [{share.low:.1%}, {share.high:.1%}]; {alarms.value:.1%} alarms on "
            f"{alarms.n_images:,} test images"
        )


def measured(folder: Path, tasks: list[Task]) -> dict[str, list[Values]]:
    """Score every task by every score that has a meaning for all of them."""
    found: dict[str, list[Values]] = {}
    for name in SCORES:
        each = []
        for task in tasks:
            print(f"scoring {task.name} by {name}", file=sys.stderr, flush=True)
            each.append(scored(folder, task, name))
        there = [one for one in each if one is not None]
        if len(there) == len(tasks):
            found[name] = there
    return found


def nine_digits(folder: Path, digits: list[int]) -> list[Task]:
    """Train the models that lack a digit."""
    whole = data.load("mnist")
    files = {digit: trained(folder, digit) for digit in digits}
    return [
        Task(
            f"mnist-{digit}",
            file,
            data.load(name_without("mnist", (digit,))),
            only(whole, (digit,)),
        )
        for digit, file in files.items()
    ]


def clothes() -> Iterator[Task]:
    """Hold MNIST's digits against the shipped models of Fashion-MNIST."""
    normal, foreign = data.load("fashion-mnist"), data.load("mnist")
    for name in ("fashion-2d", "fashion-20d"):
        yield Task(name, library.find(name), normal, foreign)


def failure(found: dict[str, list[Values]]) -> Iterator[str]:
    """Say where the likelihood ranks foreign images as the more normal ones."""
    for name in ("elbo", "nll"):
        if name in found:
            one = area(found[name][0], "test")
            yield (
                f"  known failure, {SCORES[name].title}: area {one.value:.3f} [{one.low:.3f}, "
                f"{one.high:.3f}]: the model of clothes finds the digit likelier in "
                f"{1 - one.value:.0%} of pairs of a digit and a garment"
            )


def main() -> None:
    """Train, score and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=Path("runs/anomaly"))
    parser.add_argument("--tasks", default=",".join(map(str, DIGITS)), help="digits left out")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    digits = [int(text) for text in arguments.tasks.split(",")]
    tasks = nine_digits(arguments.folder, digits)
    print(
        f"MNIST, nine digits normal, the tenth strange; z = 2; areas under the ROC on up to "
        f"{IMAGES:,} images of each kind (slow scores {SLOW_IMAGES}); published: {PUBLISHED}"
    )
    print("\n".join(table(tasks, measured(arguments.folder, tasks))))
    for task in clothes():
        print(f"\n{task.name}: Fashion-MNIST normal, MNIST strange")
        found = measured(arguments.folder, [task])
        print("\n".join(table([task], found)))
        print("\n".join(failure(found)))


if __name__ == "__main__":
    main()
