"""How often a draw of a class-conditional model is recognised as its class.

    python -m benchmarks.conditional CHECKPOINT [--draws 1000] [--steps 4000]

Trains a classifier on the training split of the model's own data set and prints how often it is
right on the test split. Then draws z from the prior for every class, decodes the mean image, and
prints for each class how many of the draws the classifier sees as that class, with the standard
error of that share.
"""

import argparse
import math

import numpy as np
import torch

from vae import checkpoint, data, library
from vae.errors import UserError
from vae.export.pictures import decode
from vae.measures.classifier import accuracy, build_classifier, recognised, train_classifier


def main() -> None:
    """Train the classifier, draw, recognise and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint")
    parser.add_argument("--draws", type=int, default=1000, help="draws per class (default 1000)")
    parser.add_argument("--steps", type=int, default=4000, help="of the classifier (default 4000)")
    args = parser.parse_args()
    opened = checkpoint.read(library.find(args.checkpoint))
    classes = opened.model.conditioning.classes
    if not classes:
        raise UserError(f"{opened.name} is told no class; choose a conditional model")
    images = data.load(str(opened.dataset["name"]))
    train = images.train
    network = build_classifier(images.image_shape, classes)
    train_classifier(network, train.images, train.labels, args.steps)
    right = accuracy(network, images.test)
    print(f"classifier: {right:.4f} of {len(images.test):,} test images of {images.name}")
    generator, shares = torch.Generator().manual_seed(0), []
    for label in range(classes):
        z = opened.model.prior.sample(args.draws, generator).numpy()
        pixels = decode(opened.model, z, np.full(args.draws, label)).transpose(0, 3, 1, 2)
        shares.append(float((recognised(network, pixels) == label).mean()))
        print(f"class {images.class_names[label]:>12}: {told(shares[-1], args.draws)}")
    print(f"all classes       : {told(float(np.mean(shares)), args.draws * classes)}")


def told(share: float, count: int) -> str:
    """Write a share with its standard error and what it was counted over."""
    error = math.sqrt(share * (1 - share) / count)
    return f"{share:.4f} ± {error:.4f} of {count:,} draws"


if __name__ == "__main__":
    main()
