"""What a few labels are worth to M2, and to the same classifier trained on them alone.

    python -m benchmarks.semi_supervised [--draws 5] [--first 0] [--epochs 4] [--labels 100]
        [--z-dim 2] [--weight 100] [--warp 1] [--consistency 1] [--split test]

For each of some draws of the labels it trains the objective M2, and a classifier of the same
network on those labels alone, warped alike, and prints how often each is right on the split; then
mean and standard deviation over the draws. With ``--warp 0 --consistency 0`` M2 is that of the
paper; with ``--weight 1e5`` its classifier learns as if there were no bound. Kingma et al. 2014
("Semi-supervised learning with deep generative models", table 1) report 88.0 ± 1.7 % for M2 on
MNIST with 100 labels.
"""

import argparse
import time

import numpy as np

from vae import data
from vae.data import ImageDataset
from vae.data.labelled import balanced_rows
from vae.measures.classifier import accuracy, build_classifier, train_classifier
from vae.measures.recognition import inferred_accuracy
from vae.models.conditioning import InferredLabels
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import build
from vae.training.config import TrainConfig
from vae.training.loop import fit
from vae.training.objectives import M2

SUPERVISED_STEPS = 4000
HIDDEN, BATCH, LEARNING_RATE = (256,), 64, 2e-3


def main() -> None:
    """Train on each draw of the labels and print both accuracies."""
    args = parsed()
    images = data.load("mnist")
    found = []
    for seed in range(args.first, args.first + args.draws):
        began = time.perf_counter()
        found.append((m2(images, args, seed), alone(images, args, seed)))
        took = time.perf_counter() - began
        right, supervised = found[-1]
        print(
            f"draw {seed}: M2 {right:.4f}, the labels alone {supervised:.4f} ({took:.0f} s)",
            flush=True,
        )
    mean, spread = np.mean(found, axis=0), np.std(found, axis=0, ddof=1 if args.draws > 1 else 0)
    for name, value, sd in zip(("M2", "labels alone"), mean, spread, strict=True):
        print(f"{name:<13} {100 * value:.1f} ± {100 * sd:.1f} % of the {args.split} images")


def parsed() -> argparse.Namespace:
    """Read the arguments; what M2 has options for has its defaults."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--draws", type=int, default=5, help="draws of the labels (default 5)")
    parser.add_argument("--first", type=int, default=0, help="seed of the first (default 0)")
    parser.add_argument("--epochs", type=int, default=4, help="of each training (default 4)")
    parser.add_argument("--z-dim", type=int, default=2, help="latent dimensions (default 2)")
    parser.add_argument("--labels", type=int, default=100, help="labels used (default 100)")
    own = M2()
    for name in ("weight", "warp", "consistency"):
        default = getattr(own, name)
        told = f"option of M2 (default {default:g})"
        parser.add_argument(f"--{name}", type=float, default=default, help=told)
    parser.add_argument("--split", default="test", choices=("validation", "test"))
    return parser.parse_args()


def m2(images: ImageDataset, args: argparse.Namespace, seed: int) -> float:
    """Train M2 on a draw of the labels; return the accuracy of its classifier."""
    told = InferredLabels().for_classes(len(images.class_names))
    config = VAEConfig(images.image_shape, args.z_dim, MLP(HIDDEN), conditioning=told)
    objective = M2(
        labels=args.labels,
        label_seed=seed,
        weight=args.weight,
        warp=args.warp,
        consistency=args.consistency,
    )
    training = TrainConfig(
        objective, epochs=args.epochs, batch_size=BATCH, learning_rate=LEARNING_RATE, seed=seed
    )
    model = build(config, seed)
    for _ in fit(model, images, training):
        pass
    split = images.split(args.split)
    assert split.labels is not None, "MNIST has labels"
    return inferred_accuracy(model.requires_grad_(False), split.images, split.labels)


def alone(images: ImageDataset, args: argparse.Namespace, seed: int) -> float:
    """Train the same classifier on the same labels alone; return its accuracy."""
    labels = images.train.labels
    assert labels is not None, "MNIST has labels"
    rows = balanced_rows(labels, args.labels, seed)
    network = build_classifier(images.image_shape, len(images.class_names), seed=seed)
    pictures, told = images.train.images[rows], labels[rows]
    train_classifier(network, pictures, told, SUPERVISED_STEPS, seed, warp=args.warp)
    return accuracy(network, images.split(args.split))


if __name__ == "__main__":
    main()
