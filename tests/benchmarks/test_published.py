"""The table of published numbers: what it says and leaves out, and that stopped runs go on."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from benchmarks.published import __main__ as program
from benchmarks.published import beside, measure, page, pythae_weights
from benchmarks.published.results import Result, changed, is_there, keep, name_of, path_of, read
from benchmarks.published.rows import ROWS, Row, network, schedule
from vae.data import load
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import build
from vae.runs.folder import RunFolder
from vae.training.config import TrainConfig
from vae.training.loop import Trainer
from vae.training.objectives import Iwae

ROW = ROWS["burda-vae"]
SMALL = Row(
    "small",
    "small",
    "nowhere",
    20.0,
    samples=7,
    model=VAEConfig((1, 8, 8), 2, MLP(hidden=(8,), norm="none", fourier=0)),
    training=TrainConfig(epochs=2, batch_size=64, precision="float32"),
)


def result_of(row, training, log_px=(-90.0, -92.0), **changes):
    told = {
        "row": row.name,
        "model": row.model.to_json(),
        "training": training.to_json(),
        "samples": row.samples,
        "log_px": list(log_px),
        "elbo": -93.0,
        "active_units": 19,
        "train_seconds": 120.0,
        "nll_seconds": 60.0,
        "threads": 1,
        "bfloat16": False,
        "torch": "2.13.0",
    }
    return Result(**told | changes)


def kept(folder, row, training, **changes):
    keep(path_of(folder, row, training, 2), result_of(row, training, **changes))


def test_a_row_that_has_not_run_is_named_and_not_quoted(tmp_path):
    kept(tmp_path, ROW, ROW.trained(0))
    text = page.page(tmp_path)
    assert f"{ROW.published:.2f}" in text
    waiting = [row for row in ROWS.values() if row is not ROW]
    assert all(f"{row.published:.2f}" not in text for row in waiting)
    assert all(f"`{row.name}`" in text.partition("Not run to the end yet")[2] for row in waiting)


def test_a_row_that_ran_shorter_says_how_far_it_got(tmp_path):
    kept(tmp_path, ROW, ROW.trained(0, epochs=3))
    assert f"| 3 of {ROW.training.epochs} planned |" in page.page(tmp_path)


def test_the_planned_run_is_told_of_before_a_longer_one(tmp_path):
    kept(tmp_path, ROW, ROW.trained(0))
    kept(tmp_path, ROW, ROW.trained(0, epochs=10_000))
    (found,) = page.chosen(ROW, read(tmp_path, ROW))
    assert found.config == ROW.trained(0)


def test_seeds_of_the_longest_run_are_told_together(tmp_path):
    for seed, epochs in ((0, 5), (1, 5), (2, 3)):
        kept(tmp_path, ROW, ROW.trained(seed, epochs))
    found = page.chosen(ROW, read(tmp_path, ROW))
    assert [(one.config.seed, one.config.epochs) for one in found] == [(0, 5), (1, 5)]


def test_the_difference_is_ours_minus_the_published_one():
    row, training = replace(ROW, published=90.0), ROW.trained(0)
    # −log p(x) of 90 and 92: mean 91, standard error over two images 1
    assert "| **91.00** | one seed | +1.00 ± 1.00 |" in page.line(row, [result_of(row, training)])
    better = page.line(replace(row, published=93.0), [result_of(row, training)])
    assert "| −2.00 ± 1.00 |" in better


def test_seeds_that_lie_further_apart_than_images_set_the_error():
    found = [result_of(ROW, ROW.trained(0)), result_of(ROW, ROW.trained(1), (-100.0, -102.0))]
    line = page.line(replace(ROW, published=96.0), found)
    # seed means 91 and 101: mean 96, their standard error 5; over images it is 1
    assert "| **96.00** | 2 seeds, 91.00 to 101.00 | +0.00 ± 5.00 |" in line


def test_results_of_another_model_are_left_out(tmp_path):
    other = replace(ROW, model=replace(ROW.model, z_dim=49))
    kept(tmp_path, other, ROW.trained(0))
    assert read(tmp_path, ROW) == []


def test_no_two_settings_share_a_name():
    training = ROW.trained(0)
    names = [
        name_of(ROW, training, 10),
        name_of(ROW, training, 11),
        name_of(replace(ROW, samples=3), training, 10),
        name_of(replace(ROW, model=replace(ROW.model, z_dim=49)), training, 10),
        name_of(ROW, replace(training, learning_rate=1e-4), 10),
        name_of(ROW, ROW.trained(1), 10),
    ]
    assert len(set(names)) == len(names)


def test_a_name_tells_what_is_not_at_its_default_and_nothing_else():
    training = TrainConfig(Iwae(k=7), epochs=3)
    assert changed(training) == {"name": None, "objective": {"name": "iwae", "k": 7}, "epochs": 3}


def test_a_model_that_is_there_is_not_trained_again(tmp_path):
    kept(tmp_path, ROW, ROW.trained(4))
    assert is_there(tmp_path, ROW, ROW.trained(4), 2)
    assert not is_there(tmp_path, ROW, ROW.trained(5), 2)
    assert not is_there(tmp_path, ROW, ROW.trained(4, epochs=3), 2)


def test_the_rows_have_the_published_networks():
    assert network(ROW.model) == "784-200-200-50, tanh"
    assert network(ROWS["davidson-10"].model) == "784-256-128-10, relu"
    assert all(row.model.architecture.norm == "none" for row in ROWS.values())
    assert all(row.training.epochs for row in ROWS.values())


def test_the_schedule_is_said_in_words():
    words = schedule(TrainConfig(epochs=1200, batch_size=32, learning_rate=1e-3, rising_steps=500))
    assert words.startswith("batches of 32, AdamW with β₂ 0.95, the step size rises to 0.001 over")
    assert words.endswith("over 500 steps and falls to 0 along a cosine")


def test_models_that_were_trained_otherwise_have_a_schedule_each():
    one = result_of(ROW, ROW.trained(0))
    other = result_of(ROW, replace(ROW.trained(0), batch_size=20))
    assert len(page.trainings({"a": [one], "b": [one]})) == 1
    assert "Schedule of `b`: batches of 20," in page.trainings({"a": [one], "b": [other]})[1]


def test_a_training_that_was_stopped_ends_at_the_same_numbers(tmp_path):
    dataset, training = load("digits"), SMALL.trained(3)
    whole = measure.measure(SMALL, training, dataset, tmp_path / "whole")
    trainer = Trainer(build(SMALL.model, training.seed), dataset, training)
    for _ in range(20):
        trainer._advance()
    work = RunFolder(tmp_path / "parts" / name_of(SMALL, training, len(dataset.test)))
    work.prepare()
    work.save_state(trainer)
    again = measure.measure(SMALL, training, dataset, tmp_path / "parts")
    assert 20 < trainer.steps
    assert again.log_px == whole.log_px
    assert again.elbo == whole.elbo


def test_a_row_that_is_still_training_says_how_far_it_is(tmp_path):
    work = RunFolder(tmp_path / name_of(ROW, ROW.trained(0), 10))
    work.prepare()
    trainer = Trainer(build(SMALL.model, 0), load("digits"), SMALL.trained(0))
    trainer.step = trainer.steps
    measure.train(trainer, work, nll_seconds=0.0)
    assert f"`{ROW.name}` (2 of 2 epochs, not measured yet)" in page.page(tmp_path)


class Stopped(Exception):
    """Raised in the middle of the work."""


def test_an_nll_that_was_stopped_goes_on_where_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr(measure, "SAVE_SECONDS", 0.0)
    images = np.where(load("digits").test.images[:1200] > 100, 255, 0).astype(np.uint8)
    model, partial = build(SMALL.model, 0).eval(), tmp_path / "partial.npz"
    whole, _ = measure.log_px_of(model, images, 400, tmp_path / "whole.npz")

    class Stopping(measure.Tally):
        def __call__(self, more: int) -> None:
            super().__call__(more)
            if self.done > self.total / 2:
                raise Stopped

    with monkeypatch.context() as patch, pytest.raises(Stopped):
        patch.setattr(measure, "Tally", Stopping)
        measure.log_px_of(model, images, 400, partial)
    there = np.load(partial)["values all"]
    assert 0 < len(there) < len(images)
    found, _ = measure.log_px_of(model, images, 400, partial)
    np.testing.assert_array_equal(found, whole)


def pythae_network(generator):
    """Weights as pythae names them, and what its networks make of two images."""
    shapes = {
        "encoder.layers.0.0": (512, 784),
        "encoder.embedding": (16, 512),
        "encoder.log_var": (16, 512),
        "decoder.layers.0.0": (512, 16),
        "decoder.layers.1.0": (784, 512),
    }
    found = {}
    for name, (outputs, inputs) in shapes.items():
        weight = torch.randn(outputs, inputs, generator=generator) / inputs**0.5
        found[f"{name}.weight"] = weight
        found[f"{name}.bias"] = torch.randn(outputs, generator=generator)

    def layer(name, x):
        return x @ found[f"{name}.weight"].T + found[f"{name}.bias"]

    images = torch.randint(0, 256, (2, 1, 28, 28), generator=generator, dtype=torch.uint8)
    hidden = layer("encoder.layers.0.0", (images.flatten(1) / 255).round()).relu()
    log_var = layer("encoder.log_var", hidden)
    mean = layer("encoder.embedding", hidden)
    shown = layer("decoder.layers.1.0", layer("decoder.layers.0.0", mean).relu()).sigmoid()
    found["shown"] = shown.reshape(images.shape)
    arrays = {name: value.numpy() for name, value in found.items()}
    return arrays, images.numpy(), mean, log_var


def test_weights_of_pythae_are_carried_over_as_they_are(generator):
    found, images, mean, log_var = pythae_network(generator)
    model = pythae_weights.carried_over(found, build(beside.MODEL), images)
    qz = model.encode((torch.from_numpy(images) / 255).round())
    # float32 over sums of 784 products
    torch.testing.assert_close(qz.mean, mean, rtol=0, atol=1e-4)
    torch.testing.assert_close(qz.stddev, (log_var / 2).exp(), rtol=1e-4, atol=1e-4)


def test_weights_that_decode_otherwise_are_refused(generator):
    found, images, _, _ = pythae_network(generator)
    found["decoder.layers.1.0.bias"] = found["decoder.layers.1.0.bias"] + 0.1
    with pytest.raises(ValueError, match="decode otherwise"):
        pythae_weights.carried_over(found, build(beside.MODEL), images)


def test_the_two_programs_stand_in_lines_of_their_own(tmp_path):
    settings = {"seed": 0, "epochs": 20, "samples": 500, "threads": 1, "torch": "2.13.0"}
    for title, seconds in ((beside.NAME, 99.4), ("this project", 20.0)):
        side = beside.Side(
            title=title,
            settings="as usual",
            seconds=seconds,
            processor_seconds=seconds / 2,
            log_px=[-90.0, -92.0],
            **settings,
        )
        keep(beside.path_of(tmp_path, title, 0, 20), side)
    text = page.page(tmp_path)
    assert "| pythae | 20 | 91.00 ± 1.00 | one seed | 99 | 50 | as usual |" in text
    assert "| this project | 20 | 91.00 ± 1.00 | one seed | 20 | 10 | as usual |" in text
    assert f"`{beside.NAME}`" not in text


def asked(monkeypatch, *words):
    monkeypatch.setattr("sys.argv", ["benchmarks.published", *words])
    return program.main()


def test_without_pythae_it_is_said_how_to_install_it(monkeypatch, capsys, tmp_path):
    asked(monkeypatch, "pythae", "--folder", str(tmp_path))
    assert "pip install torch==" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU, and it would train")
def test_a_row_that_needs_a_gpu_is_refused_without_one(monkeypatch, tmp_path):
    with pytest.raises(SystemExit, match="there is no cuda device"):
        asked(monkeypatch, "burda-iwae-50", "--folder", str(tmp_path))


def test_an_unknown_row_is_refused_with_the_rows_there_are(monkeypatch, capsys):
    with pytest.raises(SystemExit):
        asked(monkeypatch, "burda-iwae-6")
    assert ", ".join(ROWS) in capsys.readouterr().err
