"""How long until the textbook VAE (784-400-20) reaches a test loss, against two plain loops.

    VAE_DATA=… python -m benchmarks.training [--rounds 3] [--target 105.5]

All on MNIST with grey pixels: Bernoulli cross-entropy plus KL in nats per image, mean over the
10,000 test images at one sample of z. The two references use Adam at 1e-3 and batches of 128 and
stop at the first epoch that reaches the target; evaluation is not counted. *decoding* makes a
tensor of every image when it is asked for, as the classic published example does; *tensors* has
them ready. This project's trainer needs its number of epochs beforehand, since its step size
follows a cosine over them. That number (``EPOCHS``) was chosen on the validation split: 106.3 nats
there, where a plain loop has 106.7 at the epoch that reaches the target on test.
One round runs every contender once, in turn, so that a slow minute of the machine hits all.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset, TensorDataset

from vae.data import ImageDataset, load
from vae.measures.evaluation import evaluate
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import VAE, build
from vae.training.config import TrainConfig
from vae.training.device import has_fast_bfloat16
from vae.training.loop import Trainer

TARGET = 105.5
EPOCHS = 5
MODEL = VAEConfig(z_dim=20, architecture=MLP(hidden=(400,), norm="none", fourier=0))
OURS = {
    "batch_size": 256,
    "learning_rate": 1e-2,
    "rising_steps": 100,
    "mean_start": True,
    "binarize": "none",
}


@dataclass(frozen=True)
class Timing:
    """One contender's way to the target."""

    seconds: float
    """Training alone, without evaluation and without compilation."""
    epochs: int
    loss: float
    """−ELBO on test when it stopped, nats per image."""
    compile_seconds: float = 0.0


class PlainVAE(nn.Module):
    """784-400-20 as the textbooks write it."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(784, 400)
        self.loc, self.log_variance = nn.Linear(400, 20), nn.Linear(400, 20)
        self.widen, self.pixels = nn.Linear(20, 400), nn.Linear(400, 784)

    def forward(self, x: Tensor) -> Tensor:
        """Give −ELBO in nats, summed over a batch of (batch, 784) pixels in [0, 1]."""
        h = F.relu(self.hidden(x))
        loc, log_variance = self.loc(h), self.log_variance(h)
        z = loc + torch.exp(0.5 * log_variance) * torch.randn_like(loc)
        means = torch.sigmoid(self.pixels(F.relu(self.widen(z))))
        kl = -0.5 * (1 + log_variance - loc.square() - log_variance.exp()).sum()
        return F.binary_cross_entropy(means, x, reduction="sum") + kl


class DecodedImages(Dataset):
    """Images that become a tensor one by one, when they are asked for."""

    def __init__(self, images: np.ndarray, labels: np.ndarray):
        self.images, self.labels = images, labels

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, row: int) -> tuple[Tensor, int]:
        image = Image.fromarray(self.images[row, 0])
        pixels = torch.from_numpy(np.array(image, copy=True)).view(*image.size[::-1], 1)
        return pixels.permute(2, 0, 1).contiguous().float().div(255), int(self.labels[row])


def plain_loop(images: Dataset, test: Tensor, target: float, seed: int) -> Timing:
    """Train until an epoch ends at or under the target."""
    torch.manual_seed(seed)
    model, seconds, loss, epochs = PlainVAE(), 0.0, float("inf"), 0
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    loader = DataLoader(images, batch_size=128, shuffle=True)
    while loss > target and epochs < 40:
        started = time.perf_counter()
        for x, *_ in loader:
            optimizer.zero_grad()
            batch_loss = model(x.view(-1, 784))
            batch_loss.backward()
            batch_loss.item()
            optimizer.step()
        seconds += time.perf_counter() - started
        epochs += 1
        with torch.inference_mode():
            loss = model(test).item() / len(test)
    return Timing(seconds, epochs, loss)


def our_loop(dataset: ImageDataset, seed: int, **changes: object) -> Timing:
    """Train this project's way for a fixed number of epochs."""
    config = TrainConfig(epochs=EPOCHS, seed=seed, **{**OURS, **changes})
    compile_seconds = _compile_seconds(dataset, config) if config.compile else 0.0
    model: VAE = build(MODEL, seed)
    started = time.perf_counter()
    for _ in Trainer(model, dataset, config).run():
        pass
    seconds = time.perf_counter() - started
    loss = -evaluate(model.eval(), dataset.test).elbo
    return Timing(seconds, EPOCHS, loss, compile_seconds)


def _compile_seconds(dataset: ImageDataset, config: TrainConfig) -> float:
    torch.compiler.reset()
    trainer = Trainer(build(MODEL, config.seed), dataset, config)
    started = time.perf_counter()
    trainer._advance()
    trainer._advance()
    first = time.perf_counter() - started
    started = time.perf_counter()
    trainer._advance()
    return first - 2 * (time.perf_counter() - started)


def contenders(dataset: ImageDataset, target: float) -> dict[str, Callable[[int], Timing]]:
    """Name every contender; each takes a seed."""
    images = dataset.train.images  # the same 55,000 for all
    test = torch.from_numpy(dataset.test.images).float().div(255).view(-1, 784)
    tensors = TensorDataset(torch.from_numpy(images).float().div(255))
    decoded = DecodedImages(images, dataset.train.labels)
    found = {
        "decoding": lambda seed: plain_loop(decoded, test, target, seed),
        "tensors": lambda seed: plain_loop(tensors, test, target, seed),
        "this project": lambda seed: our_loop(dataset, seed),
    }
    if has_fast_bfloat16():
        found["this project, float32"] = lambda seed: our_loop(dataset, seed, precision="float32")
    found["this project, compiled"] = lambda seed: our_loop(dataset, seed, compile=True)
    return found


def report(name: str, runs: list[Timing], references: dict[str, list[Timing]]) -> Iterator[str]:
    """Give the lines that tell a contender's time and its ratios, round by round."""
    seconds = [run.seconds for run in runs]
    losses = [run.loss for run in runs]
    yield (
        f"{name:24} {statistics.median(seconds):7.2f} s ({min(seconds):.2f} to "
        f"{max(seconds):.2f})  {runs[0].epochs:3d} epochs  test loss "
        f"{statistics.mean(losses):.2f} ({min(losses):.2f} to {max(losses):.2f})"
    )
    for reference, others in references.items():
        ratios = [o.seconds / r.seconds for o, r in zip(others, runs, strict=True)]
        line = f"{'':24} {statistics.median(ratios):7.2f} times as fast as {reference}"
        if runs[0].compile_seconds:
            counted = [
                o.seconds / (r.seconds + r.compile_seconds)
                for o, r in zip(others, runs, strict=True)
            ]
            line += f"; {statistics.median(counted):.2f} with compilation counted"
        yield line
    if runs[0].compile_seconds:
        compiled = statistics.median(run.compile_seconds for run in runs)
        yield f"{'':24} {compiled:7.2f} s to compile, not in the time above"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--target", type=float, default=TARGET)
    parser.add_argument("--no-compile", action="store_true", help="leave torch.compile out")
    arguments = parser.parse_args()
    dataset = load("mnist")
    dataset.test.sha256()
    runners = contenders(dataset, arguments.target)
    if arguments.no_compile:
        del runners["this project, compiled"]
    results: dict[str, list[Timing]] = {name: [] for name in runners}
    for seed in range(arguments.rounds):
        for name, runner in runners.items():
            results[name].append(runner(seed))
            print(f"round {seed + 1}: {name}: {results[name][-1]}", flush=True)
    print(
        f"\nMNIST, 784-400-20, grey pixels, −ELBO on 10,000 test images; target "
        f"{arguments.target} nats; {torch.get_num_threads()} threads, torch {torch.__version__}"
    )
    references = {name: results[name] for name in ("decoding", "tensors")}
    for name, runs in results.items():
        others = {} if name in references else references
        print("\n".join(report(name, runs, others)))


if __name__ == "__main__":
    main()
