"""What the shipped models reach on the test split, computed afresh from the files.

    VAE_DATA=… python -m benchmarks.quality [--nll mnist-20d --importance-samples 5000]

−ELBO, reconstruction and KL are mean nats per image over the whole test split at one sample of z
an image, seed 0, grey pixels; k-NN is the accuracy of 15 nearest neighbours among the posterior
means of the training split. The NLL is importance-weighted, on stochastically binarized pixels.
"""

import argparse
import time

import torch

from vae.checkpoint import Checkpoint, read
from vae.data import load
from vae.files.writing import SHIPPED
from vae.library import SUFFIX
from vae.measures.evaluation import encode_split, evaluate, knn_accuracy


def row(checkpoint: Checkpoint) -> str:
    """Evaluate one model and give its line of the table."""
    dataset = load(checkpoint.dataset["name"])
    if dataset.test.sha256() != checkpoint.dataset["sha256"]:
        return f"| `{checkpoint.name}` | its test images are not those on this machine |"
    result = evaluate(checkpoint.model, dataset.test)
    train = encode_split(checkpoint.model, dataset.train)
    test = encode_split(checkpoint.model, dataset.test)
    accuracy = knn_accuracy(train.loc, train.label, test.loc, test.label, k=15)
    z_dim = checkpoint.model.config.z_dim
    bound = "undefined" if result.elbo is None else f"{-result.elbo:.2f}"
    kl = "undefined" if result.kl is None else f"{result.kl:.2f}"
    return (
        f"| `{checkpoint.name}` | {result.n_images:,} | {bound} | {-result.reconstruction:.2f} "
        f"| {kl} | {result.active_units} of {z_dim} | {accuracy:.3f} |"
    )


def nll(checkpoint: Checkpoint, samples: int) -> str:
    """Estimate one model's negative log-likelihood and say how sure it is."""
    test = load(checkpoint.dataset["name"]).test
    started = time.perf_counter()
    result = evaluate(checkpoint.model, test, importance_samples=samples, binarize="stochastic")
    return (
        f"{checkpoint.name}: NLL {result.nll:.2f} ± {result.nll_stderr:.2f} nats (standard error "
        f"over images), −ELBO {-result.elbo:.2f} nats · test, {result.n_images:,} images, "
        f"stochastically binarized · {samples:,} samples · {time.perf_counter() - started:.0f} s"
    )


def main() -> None:
    """Print the table, then the likelihoods that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nll", nargs="*", default=[], metavar="MODEL")
    parser.add_argument("--importance-samples", type=int, default=5000)
    arguments = parser.parse_args()
    models = {path.stem: read(path) for path in sorted(SHIPPED.glob(f"*{SUFFIX}"))}
    print("| model | test images | −ELBO, nats | −reconstruction | KL | active units | 15-NN |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for checkpoint in models.values():
        print(row(checkpoint), flush=True)
    for name in arguments.nll:
        print(nll(models[name], arguments.importance_samples), flush=True)
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads")


if __name__ == "__main__":
    main()
