"""The importance-weighted bound beside the ELBO: in reports, in a finished file, in words."""

import numpy as np
import pytest
import torch

from ui import words
from ui.train import words as train_words
from vae.data import ImageDataset, Split
from vae.data.batch import Batch
from vae.measures.bound import importance_weighted_log_px
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import build
from vae.runs import packaging, records
from vae.runs.writer import metrics_line
from vae.training.config import TrainConfig
from vae.training.loop import Trainer
from vae.training.objectives import Elbo, Iwae, ObjectiveOptions

CONFIG = VAEConfig((1, 8, 8), 2, MLP(hidden=(16,)))


def noise(count: int, seed: int) -> Split:
    pixels = np.random.default_rng(seed).integers(0, 2, (count, 1, 8, 8), dtype=np.uint8)
    return Split(255 * pixels)


DATA = ImageDataset("noise", "Noise", noise(200, 0), noise(60, 1), noise(40, 2))


def trained(objective: ObjectiveOptions) -> Trainer:
    """A trainer after one report's worth of steps."""
    training = TrainConfig(objective, epochs=1, batch_size=50)
    return Trainer(build(CONFIG, seed=1), DATA, training)


def test_reports_of_several_draws_tell_their_bound_beside_the_elbo_and_others_do_not() -> None:
    *_, report = trained(Iwae(k=20)).run()
    for score in (report.train, report.validation):
        assert score.bound is not None and score.elbo is not None and score.bound > score.elbo
    line = metrics_line(report)
    assert line["validation"]["bound"] == report.validation.bound
    for plain in (Elbo(), Iwae(k=1)):
        *_, report = trained(plain).run()
        assert set(metrics_line(report)["train"]) == {"elbo", "reconstruction", "kl"}
        assert set(metrics_line(report)["validation"]) == {"elbo", "reconstruction", "kl"}


def test_the_bound_of_held_out_images_takes_no_draw_from_the_training() -> None:
    trainer = trained(Iwae(k=5))
    batch = trainer.images.take(torch.arange(50), "cpu")
    objective, draws = trainer.step_module.objective, torch.Generator().manual_seed(0)
    terms = objective.terms(trainer.model, batch, 1.0, 200, draws)
    before = trainer.noise.get_state()
    report = trainer._report([terms])
    assert torch.equal(trainer.noise.get_state(), before)
    # and the ELBO is that of one draw, as it was without the bound
    assert report.validation.elbo == trained(Elbo())._report([terms]).validation.elbo


def test_the_objectives_bound_is_the_one_that_evaluation_measures() -> None:
    model, images = build(CONFIG, seed=1).eval(), DATA.test.images
    module = Iwae(k=8).module(CONFIG)
    x = torch.from_numpy(images).float() / 255
    batch = Batch(x, None, torch.arange(len(x)))
    draws = torch.stack(
        [
            module.bound(model, batch, torch.Generator().manual_seed(seed)).detach()
            for seed in range(40)
        ]
    )
    measured = np.mean(
        [importance_weighted_log_px(model, images, 8, seed) for seed in range(40)], axis=0
    )
    difference = draws.mean(0) - torch.from_numpy(measured).float()
    spread = draws.std(0) / 40**0.5
    # the mean over images of a difference of two means of 40 draws, within four standard errors
    assert difference.mean().abs() < 4 * (2**0.5) * spread.mean() / len(x) ** 0.5 + 1e-4


def test_a_finished_file_has_the_bound_of_its_draws_on_the_first_images(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(packaging, "MOST_BOUND_DRAWS", 120)
    shares: list[float] = []
    model, training = build(CONFIG, seed=1), TrainConfig(Iwae(k=6), epochs=1)
    made = packaging.package("m", model, DATA, training, progress=shares.append)
    assert (made.metrics["bound_draws"], made.metrics["bound_images"]) == (6, 20)
    expected = importance_weighted_log_px(made.model, DATA.test.images[:20], 6)
    assert made.metrics["bound"] == pytest.approx(expected.mean())
    assert shares[-1] == 1 and shares == sorted(shares)
    plain = packaging.package("m", model, DATA, TrainConfig(Elbo(), epochs=1))
    assert "bound" not in plain.metrics


def test_a_line_without_the_bound_opens_and_one_with_it_is_put_into_words() -> None:
    old, new = records.lines(
        b'{"step": 1, "validation": {"elbo": -9.0, "reconstruction": -8.0, "kl": 1.0}}\n'
        b'{"step": 2, "validation": {"elbo": -9.0, "reconstruction": -8, "kl": 1, "bound": -7.5}}\n'
    )
    assert "bound" not in train_words.score_line(old, 60)
    said = train_words.score_line(new, 60)
    assert said.startswith("−ELBO 9.0 nats · −bound of several draws 7.5 nats · validation")


def test_the_numbers_of_a_model_say_how_many_draws_and_images_a_bound_had() -> None:
    metrics = {"elbo": -9.0, "reconstruction": -8.0, "kl": 1.0, "split": "test", "n_images": 40}
    bound = {"bound": -7.5, "bound_draws": 6, "bound_images": 20}
    assert "−bound of 6 draws 7.5 nats on the first 20 ·" in words.numbers_line(metrics | bound)
    whole = bound | {"bound_images": 40}
    assert "−bound of 6 draws 7.5 nats ·" in words.numbers_line(metrics | whole)
    assert "bound of" not in words.numbers_line(metrics)
