"""What is predicted of a run: sizes are counted, times obey laws, earlier runs teach."""

import dataclasses
import statistics
import time
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from tests.tiny_models import tiny_checkpoint
from vae import checkpoint
from vae.errors import UserError
from vae.models.config import VAEConfig
from vae.models.likelihoods import LIKELIHOODS
from vae.models.networks import MLP, Conv, ResNet
from vae.models.posteriors import POSTERIORS
from vae.models.priors import Flow, Mixture, Vamp
from vae.models.vae import build
from vae.runs import estimate
from vae.training.config import TrainConfig
from vae.training.objectives import PCA, Elbo, FactorVae, Iwae, ObjectiveOptions

COUNTS = {"train": 5000, "validation": 500, "test": 300}
"""As many test images as the atlas of `tiny_models` holds."""
CONFIGS = [
    VAEConfig((1, 8, 8), 2, MLP(hidden=(32, 16))),
    VAEConfig((1, 28, 28), 20, MLP()),
    VAEConfig((3, 32, 32), 7, Conv(channels=(8, 16))),
    VAEConfig((1, 28, 28), 2, ResNet(channels=(8,)), posterior="point"),
]


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.architecture.name)
def test_the_size_is_that_of_the_file_which_is_written(config: VAEConfig, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    checkpoint.write(path, tiny_checkpoint("model", config))
    predicted = estimate.file_bytes(config, COUNTS["test"])
    # weights and atlas are counted; the header's JSON is predicted to within 3 kB
    assert abs(predicted - path.stat().st_size) < 3000


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.architecture.name)
def test_parameters_are_counted_exactly(config: VAEConfig) -> None:
    stored = build(config).state_dict().values()
    assert estimate.work(config).parameters == sum(tensor.numel() for tensor in stored)


def test_multiply_adds_of_a_dense_network_are_its_weights() -> None:
    config = VAEConfig((1, 8, 8), 2, MLP(hidden=(10,), norm="none", fourier=0))
    assert estimate.work(config).multiply_adds == 64 * 10 + 10 * 4 + 2 * 10 + 10 * 64


def test_multiply_adds_of_convolutions_agree_with_the_export() -> None:
    from vae.export import networks as export

    config = VAEConfig((1, 28, 28), 2, ResNet(channels=(8, 16)))
    model = build(config)
    shapes = ((config.image_shape, model.encoder), ((2,), model.decoder))
    counted = sum(
        export.export_stack(stack, shape, export.Weights()).multiply_adds for shape, stack in shapes
    )
    assert estimate.work(config).multiply_adds == counted


@pytest.mark.parametrize("factor", [2, 10])
def test_more_epochs_take_proportionally_more_time(factor: int) -> None:
    one = estimate.estimate(COUNTS, CONFIGS[0], TrainConfig(epochs=3))
    more = estimate.estimate(COUNTS, CONFIGS[0], TrainConfig(epochs=3 * factor))
    assert more.training == pytest.approx(factor * one.training)
    assert more.around == one.around
    assert more.steps == factor * one.steps


def test_steps_of_epochs_are_those_that_the_trainer_makes() -> None:
    found = estimate.estimate(COUNTS, CONFIGS[0], TrainConfig(epochs=2, batch_size=64))
    assert found.steps == 2 * (5000 // 64)


def test_a_budget_of_seconds_is_the_time_of_training() -> None:
    found = estimate.estimate(COUNTS, CONFIGS[0], TrainConfig(seconds=42.0))
    assert (found.training, found.steps) == (42.0, None)
    assert found.seconds == 42.0 + found.around


def test_a_larger_network_takes_longer() -> None:
    small, large = (
        estimate.estimate(
            COUNTS, VAEConfig(architecture=MLP(hidden=(width,))), TrainConfig(epochs=1)
        )
        for width in (64, 2048)
    )
    assert large.training > small.training
    assert large.bytes > small.bytes


def test_a_data_set_without_images_is_refused() -> None:
    with pytest.raises(UserError, match="no training images; choose another"):
        estimate.estimate(COUNTS | {"train": 0}, CONFIGS[0], TrainConfig())


def test_the_speed_of_the_machine_is_that_of_its_matrix_products() -> None:
    a, b = (torch.full((384, 384), 0.5) for _ in range(2))
    times = []
    for _ in range(30):
        began = time.perf_counter()
        torch.mm(a, b)
        times.append(time.perf_counter() - began)
    speed = 384**3 / statistics.median(times)
    # other processes may have the core at one of the two moments; units are factors of 1,000 off
    assert speed / 20 < estimate.machine_speed() < speed * 20


def test_the_machine_is_measured_once() -> None:
    estimate.machine_speed.cache_clear()
    for seconds in (1.0, 2.0):
        estimate.estimate(COUNTS, CONFIGS[0], TrainConfig(seconds=seconds))
    assert estimate.machine_speed.cache_info().misses == 1


SHAPES, DIGITS = (SimpleNamespace(name=name, counts=COUNTS) for name in ("shapes", "digits"))


def finished_run(model: VAEConfig, training: TrainConfig, seconds_a_step: float, **changes):
    """A run as `run_watch.view` gives it, as far as the estimate looks at it."""
    known = {"dataset": "shapes", "model": model.to_json(), "training": training.to_json()}
    run = {"state": "finished", "step": 100, "seconds": 100 * seconds_a_step, "config": known}
    return SimpleNamespace(**run | changes)


def test_the_speed_is_learnt_from_earlier_runs() -> None:
    training = TrainConfig(epochs=2, batch_size=100)
    runs = [finished_run(CONFIGS[0], training, seconds) for seconds in (0.4, 0.5, 9.0)]
    slowness = estimate.slowness_of(runs, SHAPES, CONFIGS[0], training)
    found = estimate.estimate(COUNTS, CONFIGS[0], training, slowness)
    assert found.training == pytest.approx(2 * 50 * 0.5)
    assert found.from_runs


def test_a_batch_larger_than_the_data_is_foretold_as_large_as_the_data() -> None:
    training = TrainConfig(epochs=2, batch_size=65_536)
    slowness = estimate.slowness_of(
        [finished_run(CONFIGS[0], training, 0.4)], SHAPES, CONFIGS[0], training
    )
    found = estimate.estimate(COUNTS, CONFIGS[0], training, slowness)
    assert found.training == pytest.approx(2 * 0.4)


def test_earlier_runs_of_other_images_networks_or_ends_teach_nothing() -> None:
    training = TrainConfig(batch_size=100)
    other = dataclasses.replace(CONFIGS[0], architecture=MLP(hidden=(8,)))
    runs = [
        finished_run(other, training, 1.0),
        finished_run(CONFIGS[0], training, 1.0, state="cancelled"),
        finished_run(CONFIGS[0], training, 1.0, step=0),
        finished_run(CONFIGS[0], training, 1.0, config={}),
        finished_run(CONFIGS[0], training, 1.0, config={"dataset": "shapes", "model": {"z": 1}}),
    ]
    assert estimate.slowness_of(runs, SHAPES, CONFIGS[0], training) is None
    alike = finished_run(CONFIGS[0], training, 1.0)
    assert estimate.slowness_of([alike], DIGITS, CONFIGS[0], training) is None


def test_a_prior_of_pseudo_inputs_or_of_steps_is_estimated_to_take_longer():
    def seconds(config: VAEConfig) -> float:
        return estimate.step_seconds(estimate.work(config), config, 100)

    plain, some, more, most = (
        seconds(config)
        for config in (
            VAEConfig(),
            *(VAEConfig(prior=Vamp(pseudo_inputs=k)) for k in (500, 1000, 1500)),
        )
    )
    assert most - more == pytest.approx(more - some) and plain < some < more
    affine, spline = (seconds(VAEConfig(prior=Flow(kind=kind))) for kind in ("affine", "spline"))
    assert plain < affine < spline


def seconds_of(model: VAEConfig, objective: ObjectiveOptions | None = None) -> float:
    """Seconds that are told of a step on 100 images."""
    training = TrainConfig(objective or Elbo())
    done = estimate.work(model, training.objective.decodes)
    return estimate.seconds_of_step(done, model, training, 100)


PLAIN = VAEConfig()
VALUES = LIKELIHOODS["logistic-mixture"]
BENT = POSTERIORS["flow"]


@pytest.mark.parametrize(
    "growing",
    [
        [(PLAIN, None), *((PLAIN, FactorVae(critic_width=width)) for width in (16, 256, 1000))],
        [(PLAIN, None), *((PLAIN, FactorVae(critic_layers=count)) for count in (1, 4, 8))],
        [(VAEConfig(posterior=BENT(steps=steps)), None) for steps in (1, 2, 8)],
        [
            (PLAIN, None),
            (VAEConfig(posterior=BENT(bins=4)), None),
            (VAEConfig(posterior="flow"), None),
        ],
        [(PLAIN, None), *((VAEConfig(likelihood=VALUES(k)), None) for k in (1, 5, 20))],
        [(PLAIN, None), *((VAEConfig(prior=Mixture(k)), None) for k in (10, 100, 500))],
        [(VAEConfig(prior=Flow(hidden=width)), None) for width in (8, 64, 512)],
    ],
    ids=["critic", "deep critic", "bent", "bins", "logistic", "mixture", "flow"],
)
def test_more_of_a_parts_own_work_is_foretold_to_take_longer(
    growing: list[tuple[VAEConfig, ObjectiveOptions | None]],
) -> None:
    told = [seconds_of(model, objective) for model, objective in growing]
    assert all(less < more for less, more in pairwise(told))


def test_a_posterior_that_is_bent_bends_each_draw_of_an_objective_with_several() -> None:
    def more(config: VAEConfig) -> float:
        return seconds_of(config, Iwae(k=50)) - seconds_of(config, Iwae(k=1))

    extra = more(VAEConfig(posterior="flow")) - more(PLAIN)
    # 49 more draws, each with the part of a bent draw's time that grows with the images
    one = BENT().module(PLAIN.z_dim).cost()
    a_draw = estimate.COST_OF_MULTIPLY_ADD * one.multiply_adds
    a_draw += estimate.COST_OF_ACTIVATION * one.numbers
    slower = estimate.REFERENCE_SPEED / estimate.machine_speed()
    assert extra == pytest.approx(49 * 100 * a_draw * slower)


def test_the_cost_of_a_critic_counts_its_own_weights() -> None:
    options = FactorVae(critic_width=20, critic_layers=2)
    critic = options.module(PLAIN).critic
    weights = sum(p.numel() for p in critic.parameters() if p.dim() > 1)
    assert options.cost(PLAIN, 64).multiply_adds == pytest.approx(5 / 3 * weights)


def test_what_is_computed_at_once_is_one_step_whose_time_grows_with_the_images() -> None:
    config = VAEConfig(architecture="linear", likelihood=PCA.fixed["likelihood"], posterior="point")
    few, many = (
        estimate.estimate(COUNTS | {"train": count}, config, TrainConfig(PCA()))
        for count in (5_000, 500_000)
    )
    assert few.steps == many.steps == 1
    assert few.training < many.training < 100 * few.training
