"""How well β-VAE and β-TCVAE give each factor of the sprites a dimension of its own.

    python -m benchmarks.disentanglement [--folder runs/disentanglement] [--epochs 40]
        [--seeds 5] [--beta-vae 1 4] [--tcvae 4 8]

Every model has 10 dimensions and the convolutional networks of `sprites-10d`, learns from the
training images of *sprites*, and is measured on the test images: the mutual information gap (MIG,
Chen et al. 2018) with the factors that the images were drawn from, log p(x|z) and the KL. Means
over the seeds, ± the standard deviation between them. What the factors are serves to measure, never
to train or to choose a seed; with ``--split validation`` β is chosen without the test images.
Rotation is among the factors: these sprites turn by less than a quarter, where no shape looks twice
the same. What each model reached is kept in the folder, so that the program goes on where it was
stopped; delete the folder after the code that trains has changed.
"""

import argparse
import json
import statistics
from dataclasses import asdict, dataclass
from pathlib import Path

from vae.data import ImageDataset, load
from vae.files.writing import write_atomically
from vae.measures.disentanglement import mutual_information_gap
from vae.measures.evaluation import encode_split, evaluate
from vae.models.config import VAEConfig
from vae.models.networks import Conv
from vae.models.vae import build
from vae.training.config import TrainConfig
from vae.training.loop import Trainer
from vae.training.objectives import BetaTcvae, Elbo, ObjectiveOptions

RECIPE = {"batch_size": 128, "rising_steps": 200, "learning_rate": 1e-3, "binarize": "none"}


@dataclass(frozen=True)
class Result:
    """What one training reached on the images it was measured on."""

    mig: float
    gaps: dict[str, float]
    reconstruction: float
    kl: float


def measure(
    dataset: ImageDataset, objective: ObjectiveOptions, epochs: int, seed: int, split_name: str
) -> Result:
    """Train a model and measure it."""
    shape = dataset.train.images.shape[1:]
    model = build(VAEConfig(image_shape=shape, z_dim=10, architecture=Conv()), seed)
    for _ in Trainer(model, dataset, TrainConfig(objective, epochs, seed=seed, **RECIPE)).run():
        pass
    model.eval()
    split = dataset.split(split_name)
    codes = encode_split(model, split)
    gap = mutual_information_gap(codes.loc, codes.scale, split.factors, dataset.factor_names)
    reached = evaluate(model, split)
    return Result(gap.mig, gap.gaps, reached.reconstruction, reached.kl)


def kept(
    folder: Path,
    dataset: ImageDataset,
    objective: Elbo | BetaTcvae,
    epochs: int,
    seed: int,
    split: str,
) -> Result:
    """Give what a model reached, from the folder if it was trained before."""
    path = folder / f"{objective.name}-{objective.beta:g}-{seed}-{epochs}e-{split}.json"
    if not path.exists():
        found = measure(dataset, objective, epochs, seed, split)
        write_atomically(path, json.dumps(asdict(found)).encode())
        print(f"kept {path.name}: MIG {found.mig:.3f}", flush=True)
    return Result(**json.loads(path.read_text()))


def spread(values: list[float], digits: int) -> str:
    """Write a mean, and the standard deviation where there are several values."""
    mean = f"{statistics.mean(values):.{digits}f}"
    return f"{mean} ± {statistics.stdev(values):.{digits}f}" if len(values) > 1 else mean


def line(name: str, results: list[Result]) -> str:
    """Sum up the seeds of one setting."""
    gaps = " ".join(
        f"{factor} {statistics.mean(result.gaps[factor] for result in results):.2f}"
        for factor in results[0].gaps
    )
    return (
        f"{name:20} MIG {spread([r.mig for r in results], 3)}  ({gaps})  "
        f"-log p(x|z) {spread([-r.reconstruction for r in results], 1)}  "
        f"KL {spread([r.kl for r in results], 1)} nats"
    )


def main() -> None:
    """Train, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=Path("runs/disentanglement"))
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--beta-vae", type=float, nargs="*", default=[1.0, 4.0, 8.0])
    parser.add_argument("--tcvae", type=float, nargs="*", default=[4.0, 8.0])
    parser.add_argument("--split", default="test", choices=("validation", "test"))
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    dataset = load("sprites")
    settings: list[Elbo | BetaTcvae] = [Elbo(beta=beta) for beta in arguments.beta_vae]
    settings += [BetaTcvae(beta=beta) for beta in arguments.tcvae]
    print(
        f"sprites, {arguments.epochs} epochs, {arguments.seeds} seeds, measured on "
        f"{len(dataset.split(arguments.split)):,} {arguments.split} images"
    )
    for objective in settings:
        results = [
            kept(arguments.folder, dataset, objective, arguments.epochs, seed, arguments.split)
            for seed in range(arguments.seeds)
        ]
        print(line(objective.trains, results), flush=True)


if __name__ == "__main__":
    main()
