"""Which members of a sweep are held together, and what is measured of them for advice."""

from dataclasses import replace

import numpy as np
import pytest

from tests.sweep_folders import write_sweep
from tests.tiny_models import tiny_checkpoint
from vae import data
from vae.checkpoint import Checkpoint
from vae.jobs import measures
from vae.measures.registry import Estimate, Measured
from vae.measures.retraining.dimensions import advise
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import build
from vae.runs.packaging import package
from vae.runs.retraining import (
    groups,
    nll_order,
    tried,
    varies_dimensions,
    varies_seed,
)
from vae.training.config import TrainConfig


def model(name: str, z_dim: int = 2, **metrics: float) -> Checkpoint:
    """A tiny model with a map of three clusters."""
    made = tiny_checkpoint(name, VAEConfig(z_dim=z_dim, architecture=MLP(hidden=(8,))))
    return replace(made, metrics={"split": "test", "n_images": 300, **metrics})


def digits(z_dim: int) -> Checkpoint:
    """An untrained model of the digits, measured as a run's would be."""
    config = VAEConfig((1, 8, 8), z_dim, MLP(hidden=(8,)))
    dataset = data.load("digits")
    return package("tiny", build(config, seed=z_dim), dataset, TrainConfig())


def test_members_that_differ_in_their_seed_alone_are_put_together():
    models = {at: model(f"m{at}") for at in (0, 1, 3)}
    sweep = write_sweep({"z_dim": [2, 4], "seed": [0, 1]}, models)
    found = groups(sweep)
    assert [[one.run for one in group.members] for group in found] == [
        ["mine-1", "mine-2"],
        ["mine-4"],
    ]
    assert [group.title for group in found] == ["z_dim 2", "z_dim 4"]
    assert varies_seed(sweep) and varies_dimensions(sweep)


def test_a_sweep_of_seeds_is_one_group_and_no_curve():
    sweep = write_sweep({"seed": [0, 1]}, {0: model("a"), 1: model("b")})
    assert [group.title for group in groups(sweep)] == [""]
    assert varies_seed(sweep) and not varies_dimensions(sweep)


def test_a_sweep_of_more_than_dimensions_and_seeds_gives_no_advice():
    sweep = write_sweep({"z_dim": [2, 4], "batch_size": [8, 16]}, {})
    assert not varies_dimensions(sweep)


def test_what_was_tried_has_the_nll_of_those_that_were_measured():
    models = {at: model(f"m{at}", active_units=at) for at in range(4)}
    sweep = write_sweep({"z_dim": [2, 4], "seed": [0, 1]}, models)
    metrics = {member: models[at].metrics for at, member in enumerate(sweep.members)}
    values = np.arange(40.0)
    nll = {
        sweep.members[at]: Measured({"nll": Estimate(0.0)}, 40, per_image={"nll": values + at})
        for at in (0, 1, 2)
    }
    two, four = tried(sweep, metrics, nll)
    assert (two.z_dim, two.nll.shape, two.active) == (2, (2, 40), 0.5)
    assert (four.z_dim, four.nll.shape, four.active) == (4, (1, 40), 2.5)
    assert four.mean == pytest.approx(values.mean() + 2)


def test_the_number_of_dimensions_is_chosen_on_validation_images():
    models = {0: digits(1), 1: digits(2)}
    sweep = write_sweep({"z_dim": [1, 2]}, models)
    dataset = data.load("digits")
    orders = [nll_order(path, digits(1).model, dataset) for path in sweep.finished().values()]
    nll = dict(zip(sweep.members, map(measures.here, orders), strict=True))
    metrics = {member: models[at].metrics for at, member in enumerate(sweep.members)}
    found = tried(sweep, metrics, nll)
    assert [one.nll.shape for one in found] == [(1, len(dataset.validation))] * 2
    assert advise(found).z_dim in (1, 2)


def test_grey_pixels_of_a_binary_likelihood_are_drawn_for_the_nll():
    sweep = write_sweep({"z_dim": [1, 2]}, {0: digits(1)})
    (path,) = sweep.finished().values()
    order = nll_order(path, digits(1).model, data.load("digits"))
    assert (order.split, order.binarize, order.dequantize) == ("validation", "stochastic", False)
    assert measures.status(order.key()).state == "none"
