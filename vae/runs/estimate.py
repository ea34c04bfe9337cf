"""How long a training run will take and how large its model will be, told before it starts.

The size is counted: the networks are built without memory for their weights. The time is predicted
from what one step has to do and how fast this machine does a small piece of such work, or better
from earlier runs: how much longer than predicted these took.
"""

import statistics
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from vae.errors import UserError
from vae.runs.work import Work, with_cost, work

if TYPE_CHECKING:
    from vae.data import Source
    from vae.models.config import VAEConfig
    from vae.runs.watch import RunView
    from vae.training.config import TrainConfig

STARTING_SECONDS = 3.0
"""From the press of the button to the first step: a process starts and loads torch and images."""
HEADER_BYTES = 3000
"""The JSON in a model's file, without what is listed a tensor and a dimension."""
TENSOR_BYTES, DIMENSION_BYTES = 105, 24
CALIBRATION_SECONDS = 0.06
NEWEST_RUNS = 30
"""So many earlier runs tell how fast this machine is; older ones cost time and tell no more."""
REFERENCE_SPEED = 4e10
"""Multiply-adds per second of the machine on which the costs below were fitted."""
# Seconds there, by least squares of the relative error over three architectures, images from 1×8×8
# to 3×64×64, every prior, posterior and objective, and batches of 64 and 256, on one thread: about
# right to a third, which an earlier run on the same machine makes better.
COST_OF_MULTIPLY_ADD, MORE_IN_CONVOLUTION = 1.15e-11, 2.2e-11
COST_OF_PARAMETER, COST_OF_ACTIVATION, COST_OF_LAYER = 1.45e-9, 2.3e-9, 0.165e-3
COST_OF_PIXEL = 16e-9
# of k nearest neighbours: a pair of a training and a test image, and a dimension of it
COST_OF_PAIR, COST_OF_PAIR_DIMENSION = 2e-9, 0.2e-9
SCORED_IMAGES = 2000
"""An objective that fits by itself has at most so many images of a step scored."""
# without the way back, and without gradients to keep
INFERENCE = 0.35


@dataclass(frozen=True)
class Estimate:
    """What is predicted of a run."""

    parameters: int
    bytes: int
    """Size of the finished model's file."""
    steps: int | None
    """None where the budget is in seconds: the trainer measures how many fit into it."""
    training: float
    """Seconds of training."""
    around: float
    """Seconds of starting before it and of measuring on the test split after it."""
    from_runs: bool
    """Whether earlier runs on this machine were there to learn from."""

    @property
    def seconds(self) -> float:
        """Seconds in all."""
        return self.training + self.around


def estimate(
    counts: Mapping[str, int],
    model: "VAEConfig",
    training: "TrainConfig",
    slowness: float | None = None,
) -> Estimate:
    """Predict a run on a data set with these numbers of images in its splits.

    Parameters
    ----------
    counts
        Images in "train", "validation" and "test".
    slowness
        How many times longer than predicted earlier runs took (`slowness_of`), if there are any.

    Raises
    ------
    UserError
        Where no step can be made, or where the objective needs another batch or another length.
    """
    from vae.training.config import DEFAULT_SECONDS
    from vae.training.objectives import planned

    done = work(model, training.objective.decodes)
    batch = min(training.batch_size, counts["train"])
    if batch < 1:
        raise UserError("this data set has no training images; choose another")
    if training.objective.at_once:
        batch = counts["train"]
    step = seconds_of_step(done, model, training, batch) * (slowness or 1.0)
    steps = None
    seconds = training.seconds or DEFAULT_SECONDS
    if training.objective.at_once:
        steps, seconds = 1, step
    elif training.epochs is not None:
        steps = training.epochs * (counts["train"] // batch)
        seconds = steps * step
    planned(training.objective, batch, steps, training.compile)
    return Estimate(
        parameters=done.parameters,
        bytes=file_bytes(model, counts["test"]),
        steps=steps,
        training=seconds,
        around=STARTING_SECONDS + measuring_seconds(counts, model, slowness or 1.0),
        from_runs=slowness is not None,
    )


def file_bytes(model: "VAEConfig", test_images: int) -> int:
    """Count the bytes of a finished model's file: weights in float16, atlas and header."""
    from vae.checkpoint.layout import atlas_bytes
    from vae.runs.packaging import atlas_images

    done = work(model)
    atlas = min(test_images, atlas_images(model)) * atlas_bytes(model)
    header = HEADER_BYTES + TENSOR_BYTES * done.tensors + DIMENSION_BYTES * model.z_dim
    return 2 * done.parameters + atlas + header


def step_seconds(done: Work, model: "VAEConfig", batch: int) -> float:
    """Predict one step of training on a batch of images, in seconds."""
    an_image = COST_OF_MULTIPLY_ADD * done.multiply_adds + COST_OF_ACTIVATION * done.activations
    an_image += MORE_IN_CONVOLUTION * done.convolved
    channels, height, width = model.image_shape
    an_image += COST_OF_PIXEL * channels * height * width
    a_step = COST_OF_PARAMETER * (done.parameters + done.moved) + COST_OF_LAYER * done.layers
    a_step += COST_OF_MULTIPLY_ADD * done.prior_multiply_adds
    a_step += COST_OF_ACTIVATION * done.prior_activations
    return (a_step + batch * an_image) * REFERENCE_SPEED / machine_speed()


def seconds_of_step(done: Work, model: "VAEConfig", training: "TrainConfig", batch: int) -> float:
    """Predict one step on a batch, of an optimizer or of an objective that fits by itself, s."""
    own = training.objective.multiply_adds(model, batch)
    if own is None:
        beside = training.objective.cost(model, batch)
        return step_seconds(with_cost(done, beside), model, batch)
    scored = min(batch, SCORED_IMAGES)
    return own / machine_speed() + INFERENCE * step_seconds(done, model, scored)


def measuring_seconds(counts: Mapping[str, int], model: "VAEConfig", slowness: float) -> float:
    """Predict how long the test split is measured at the end, neighbours among all included."""
    from vae.checkpoint.rates import PLACES

    many = 1000
    an_image = step_seconds(work(model), model, many) / many
    # the test split is encoded twice and decoded once, the training split encoded once
    images = 1.5 * counts["test"] + 0.5 * counts["train"]
    if model.betas is not None:
        # and both networks at each β of the curve, where the map is encoded once more
        images += 1.5 * PLACES * counts["test"]
    pairs = counts["test"] * counts["train"]
    neighbours = pairs * (COST_OF_PAIR + COST_OF_PAIR_DIMENSION * model.z_dim)
    faster = REFERENCE_SPEED / machine_speed()
    return INFERENCE * slowness * an_image * images + faster * neighbours


def slowness_of(
    runs: Iterable["RunView"], source: "Source", model: "VAEConfig", training: "TrainConfig"
) -> float | None:
    """Return how many times longer than predicted the steps of earlier runs took; None without any.

    Of the newest finished runs on the same data set those count that trained the same architecture
    on the same device; batch size and number of dimensions may differ: both are reckoned with.
    """
    found = []
    told = (
        run
        for run in runs
        if run.state == "finished" and run.config.get("dataset") == source.name
        if run.step and run.seconds
    )
    for run in islice(told, NEWEST_RUNS):
        known = _configs(run)
        if known is None:
            continue
        alike = known[0].architecture == model.architecture
        alike = alike and known[1].objective.fits == training.objective.fits
        if alike and (known[1].device, known[1].compile) == (training.device, training.compile):
            count = source.counts["train"]
            batch = count if known[1].objective.at_once else min(known[1].batch_size, count)
            done = work(known[0], known[1].objective.decodes)
            predicted = seconds_of_step(done, known[0], known[1], batch)
            found.append(run.seconds / run.step / predicted)
    return statistics.median(found) if found else None


@lru_cache(maxsize=1)
def machine_speed() -> float:
    """Measure how many multiply-adds per second this machine does forwards and backwards; once."""
    import torch

    generator = torch.Generator().manual_seed(0)
    x = torch.randn(256, 512, generator=generator)
    weight = torch.randn(512, 512, generator=generator).requires_grad_()

    def once() -> None:
        (gradient,) = torch.autograd.grad((x @ weight).relu().sum(), weight)
        gradient.sum().item()

    for _ in range(3):
        once()
    times = []
    ends = time.perf_counter() + CALIBRATION_SECONDS
    while time.perf_counter() < ends:
        began = time.perf_counter()
        once()
        times.append(time.perf_counter() - began)
    # the median passes over moments in which another process had the core
    return 2 * 256 * 512 * 512 / statistics.median(times)


def _configs(run: "RunView") -> tuple["VAEConfig", "TrainConfig"] | None:
    from vae.models.config import VAEConfig
    from vae.training.config import TrainConfig

    try:
        return (
            VAEConfig.from_json(run.config.get("model")),
            TrainConfig.from_json(run.config.get("training") or {}),
        )
    except UserError:
        return None  # a run of another version has nothing to tell
