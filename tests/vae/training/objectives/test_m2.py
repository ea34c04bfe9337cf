"""Learning from few labels: both bounds against exact sums, and labels that are hidden."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from vae.data import Split
from vae.data.batch import Batch
from vae.data.labelled import balanced_rows
from vae.data.splits import ImageDataset
from vae.errors import UserError
from vae.measures.bound import bound_terms, importance_weighted_log_px
from vae.measures.draws import drawn_images, reconstructed
from vae.measures.evaluation import encode_split, evaluate
from vae.models.conditioning import InferredLabels, Labels
from vae.models.config import VAEConfig
from vae.models.marginal import marginal
from vae.models.networks import MLP
from vae.models.vae import VAE, build
from vae.options import from_json
from vae.runs import snapshots
from vae.training.config import TrainConfig
from vae.training.loop import Trainer, fit
from vae.training.objectives import M2, OBJECTIVES, Elbo, Terms, check_fit
from vae.training.objectives.m2 import labelled, unlabelled

CLASSES, SHAPE = 3, (1, 8, 8)
CONFIG = VAEConfig(SHAPE, 2, MLP((16,)), conditioning=InferredLabels(CLASSES, (12,)))


def lively(scale: float = 0.3) -> VAE:
    """Build a model whose every weight, the planes of the classes too, does something."""
    model, noise = build(CONFIG, seed=1), torch.Generator().manual_seed(2)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += scale * torch.randn(parameter.shape, generator=noise)
    return model.double().requires_grad_(False)


def summable() -> VAE:
    """Build a model whose z says nothing and whose q(z|x, y) is the prior: log p(x) is a sum.

    An image of a class is a row of Bernoulli pixels, so that p(y|x) is a linear classifier.
    """
    model = lively()
    model.encoder[-1].weight.zero_()
    model.encoder[-1].bias.zero_()
    first = next(layer for layer in model.decoder if isinstance(layer, nn.Linear))
    first.weight[:, :2] = 0
    first.weight[:, 2 + CLASSES :] = 0
    logits = logits_of(model)
    exact = nn.Linear(64, CLASSES, dtype=torch.float64).requires_grad_(False)
    exact.weight.copy_(logits)
    exact.bias.copy_(-nn.functional.softplus(logits).sum(-1))
    model.conditioning.classifier = nn.Sequential(nn.Flatten(), exact)
    return model


def logits_of(model: VAE) -> torch.Tensor:
    z, y = torch.zeros(CLASSES, 2, dtype=torch.float64), torch.arange(CLASSES)
    return model.decode(z, y).base_dist.logits.flatten(1)


def pictures(count: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randint(0, 2, (count, *SHAPE), generator=generator).double()


def log_px_of_classes(model: VAE, x: torch.Tensor) -> torch.Tensor:
    """log p(x|y) of the summable model, (batch, classes), by hand."""
    logits = logits_of(model)
    return x.flatten(1) @ logits.T - nn.functional.softplus(logits).sum(-1)


def bars(count: int, seed: int) -> Split:
    generator = torch.Generator().manual_seed(seed)
    y = torch.arange(count) % CLASSES
    x = torch.randint(0, 60, (count, *SHAPE), generator=generator, dtype=torch.uint8)
    for row, label in enumerate(y.tolist()):
        x[row, 0, 2 + 2 * label] = 255
    return Split(x.numpy(), y.numpy())


def dataset() -> ImageDataset:
    splits = (bars(96, 0), bars(24, 1), bars(24, 2))
    return ImageDataset("bars", "Bars", *splits, class_names=("low", "middle", "high"))


def training(**options: object) -> TrainConfig:
    objective = M2(labels=6, labelled_per_step=4, **options)
    return TrainConfig(objective, epochs=2, batch_size=16)


def half_labelled() -> Batch:
    return Batch(pictures(8), torch.tensor([0, 1, 2, 0, -1, -1, -1, -1]), torch.arange(8))


def terms(model: VAE, batch: Batch, **options: float) -> Terms:
    generator = torch.Generator().manual_seed(5)
    return M2(**options).module(CONFIG).terms(model, batch, 0.5, 100, generator)


def saying(logits: list[float]) -> VAE:
    """Build a model whose classifier says the same of every image."""
    model = lively()
    model.conditioning.classifier[-1].weight.zero_()
    model.conditioning.classifier[-1].bias.copy_(torch.tensor(logits))
    return model


# ---- the bounds --------------------------------------------------------------------------------


def test_with_the_true_posterior_the_unlabelled_bound_is_log_p_of_x():
    model, x = summable(), pictures(20)
    log_px, kl = unlabelled(model, x, torch.Generator().manual_seed(1))
    expected = log_px_of_classes(model, x).logsumexp(-1) - math.log(CLASSES)
    torch.testing.assert_close(log_px - kl, expected)


def test_with_another_posterior_of_the_class_the_unlabelled_bound_is_lower_by_its_divergence():
    model, x = summable(), pictures(20)
    exact = model.conditioning.log_qy(x)
    model.conditioning.classifier[1].bias += torch.tensor([2.0, -1.0, 0.0])
    log_px, kl = unlabelled(model, x, torch.Generator().manual_seed(1))
    log_qy = model.conditioning.log_qy(x)
    gap = (log_qy.exp() * (log_qy - exact)).sum(-1)
    expected = log_px_of_classes(model, x).logsumexp(-1) - math.log(CLASSES) - gap
    # the classifier's own arithmetic ends in float32
    torch.testing.assert_close(log_px - kl, expected, rtol=1e-5, atol=1e-5)


def test_the_labelled_bound_of_a_summable_model_is_log_p_of_image_and_label():
    model, x = summable(), pictures(20)
    y = torch.arange(20) % CLASSES
    log_px, kl = labelled(model, x, y, torch.Generator().manual_seed(1))
    expected = log_px_of_classes(model, x)[torch.arange(20), y] - math.log(CLASSES)
    torch.testing.assert_close(log_px - kl, expected)


def test_the_sum_over_classes_is_what_a_loop_over_them_finds():
    model, x = lively(), pictures(5)
    noise = torch.randn(5, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(3))
    found = marginal(model, x, noise)
    qy = model.conditioning.log_qy(x).exp()
    log_px, kl = torch.zeros(5, dtype=torch.float64), torch.zeros(5, dtype=torch.float64)
    for label in range(CLASSES):
        y = torch.full((5,), label)
        qz = model.encode(x, y)
        log_px += qy[:, label] * model.log_px(x, qz.mean + qz.stddev * noise, y)
        apart = torch.distributions.kl_divergence(qz, model.pz(y))
        kl += qy[:, label] * (apart + qy[:, label].log() + math.log(CLASSES))
    torch.testing.assert_close(found.log_px, log_px, rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(found.kl, kl, rtol=1e-6, atol=1e-6)


def test_the_unlabelled_bound_is_below_log_p_of_x():
    model = lively().float()
    images = (pictures(12) * 255).to(torch.uint8).numpy()
    bounds = [bound_terms(model, images, seed) for seed in range(40)]
    elbo = np.mean([found.log_px - found.kl for found in bounds], axis=0)
    # estimated from below: what it misses makes the law harder to keep, not easier
    log_px = importance_weighted_log_px(model, images, 3000)
    assert (elbo < log_px).all()


# ---- labels that may not be seen ---------------------------------------------------------------


def test_the_same_number_of_labels_is_drawn_of_each_class():
    labels = np.random.default_rng(0).integers(0, 4, 200)
    rows = balanced_rows(labels, 22, seed=1)
    assert np.bincount(labels[rows]).tolist() == [6, 6, 5, 5]
    assert not np.array_equal(rows, balanced_rows(labels, 22, seed=2))
    with pytest.raises(UserError, match="3 labels cannot be shared out among 4 classes"):
        balanced_rows(labels, 3, seed=1)


def test_an_image_without_a_label_is_never_among_the_labelled():
    labels = np.tile([0, 1, 2, -1], 10)
    assert (labels[balanced_rows(labels, 9, seed=1)] >= 0).all()
    np.testing.assert_array_equal(balanced_rows(labels, 0, seed=1), np.flatnonzero(labels >= 0))
    with pytest.raises(UserError, match="choose a number from 3 to 30"):
        balanced_rows(labels, 31, seed=1)


def test_a_class_with_too_few_labels_says_how_many_can_be_used():
    labels = np.array([0] * 2 + [1] * 20 + [-1] * 20)
    with pytest.raises(UserError, match="class 0 has 2 images with a label.*choose 4 labels or"):
        balanced_rows(labels, 10, seed=1)


def test_the_classifier_is_judged_by_the_images_with_a_label_alone():
    model, images = lively().float(), (pictures(12) * 255).to(torch.uint8).numpy()
    labels = np.arange(12) % CLASSES
    some = np.where(np.arange(12) < 6, labels, -1)
    half = evaluate(model, Split(images[:6], labels[:6])).accuracy
    assert evaluate(model, Split(images, some)).accuracy == half
    assert evaluate(model, Split(images, np.full(12, -1))).accuracy is None


def test_a_model_is_shown_and_measured_on_images_of_which_some_have_no_label():
    model, images = lively().float(), (pictures(12) * 255).to(torch.uint8).numpy()
    some = np.where(np.arange(12) < 6, np.arange(12) % CLASSES, -1)
    # an image without a label is told its most likely class
    likely = model.conditioning.log_qy(torch.from_numpy(images) / 255).argmax(-1).numpy()
    told = np.where(some < 0, likely, some)
    shown, wanted = (snapshots.take(model, Split(images, labels)) for labels in (some, told))
    np.testing.assert_array_equal(shown.reconstruction, wanted.reconstruction)
    np.testing.assert_array_equal(shown.label, some)
    np.testing.assert_array_equal(
        reconstructed(model, images, some), reconstructed(model, images, told)
    )
    np.testing.assert_array_equal(
        drawn_images(model, 6, 0, some), drawn_images(model, 6, 0, some[:6])
    )


def test_the_trainer_knows_only_the_labels_that_it_may_use():
    trainer = Trainer(build(CONFIG), dataset(), training())
    labels = trainer.images.labels
    assert int((labels >= 0).sum()) == 6
    assert torch.equal(
        labels[trainer.labelled.rows],
        torch.from_numpy(dataset().train.labels)[trainer.labelled.rows],
    )
    assert bool((trainer.held_out.labels == -1).all())
    batch = trainer.images.take(trainer._rows())
    assert len(batch.x) == 16 + 4
    assert bool((batch.y[-4:] >= 0).all())


def test_other_labels_of_the_images_that_have_none_change_nothing():
    data = dataset()
    rows = balanced_rows(data.train.labels, 6, seed=0)
    wrong = (data.train.labels + 1) % CLASSES
    wrong[rows] = data.train.labels[rows]

    class Same(M2):
        def labelled_rows(self, labels: np.ndarray) -> np.ndarray:
            return rows

    config = replace(training(), objective=Same(labels=6, labelled_per_step=4))
    states = []
    for labels in (data.train.labels, wrong):
        model = build(CONFIG)
        list(fit(model, replace(data, train=Split(data.train.images, labels)), config))
        states.append(model.state_dict())
    assert all(torch.equal(states[0][key], states[1][key]) for key in states[0])


def test_a_run_that_stops_and_goes_on_draws_the_same_labelled_images():
    whole, half, resumed = (Trainer(build(CONFIG), dataset(), training()) for _ in range(3))
    list(whole.run())
    for _ in range(5):
        half._advance()
    resumed.restore(*half.state())
    list(resumed.run())
    expected, found = whole.state()[0], resumed.state()[0]
    assert all(torch.equal(expected[key], found[key]) for key in expected)


# ---- the classifier ----------------------------------------------------------------------------


def test_from_six_labels_it_learns_to_tell_classes_apart_and_evaluate_says_how_often():
    data, model = dataset(), build(CONFIG)
    config = replace(training(), epochs=40, learning_rate=1e-2)
    list(fit(model, data, config))
    found = evaluate(model, data.test)
    likely = model.conditioning.log_qy(torch.from_numpy(data.test.images).float() / 255).argmax(-1)
    right = float((likely.numpy() == data.test.labels).mean())
    assert found.accuracy == pytest.approx(right)
    # by chance it would be a third
    assert right > 0.9


def test_warped_images_move_the_labels_term_alone():
    batch, losses = half_labelled(), {}
    for warp in (0.0, 1.0):
        scored = terms(lively(), batch, weight=2.0, warp=warp, consistency=0.0)
        losses[warp] = float(scored.loss - (scored.kl - scored.log_px).mean())
    x, y = batch.x[:4], batch.y[:4]
    expected = 2 * nn.functional.nll_loss(lively().conditioning.log_qy(x), y)
    # the classifier's own arithmetic ends in float32
    assert losses[0.0] == pytest.approx(float(expected), rel=1e-5)
    assert losses[1.0] != pytest.approx(losses[0.0], rel=1e-3)


def test_images_without_a_label_are_learnt_from_only_where_the_classifier_is_sure():
    batch = half_labelled()
    for logits, expected in (([9.0, 0.0, 0.0], True), ([2.0, 0.0, 0.0], False)):
        model = saying(logits)
        with_it, without = (
            float(terms(model, batch, consistency=each, warp=0.0).loss) for each in (1.0, 0.0)
        )
        own = -float(torch.tensor(logits).log_softmax(-1)[0])
        # weight α times the cross-entropy of the class that is sure, or nothing
        assert with_it - without == pytest.approx(M2().weight * own * expected, abs=1e-3)


def test_the_score_of_images_is_their_bounds_alone():
    model, batch = saying([9.0, 0.0, 0.0]), half_labelled()
    module = M2().module(CONFIG)
    scored = module.score(model, batch, 100, torch.Generator().manual_seed(5))
    assert torch.equal(scored.loss, (scored.kl - scored.log_px).mean())
    trained = module.terms(model, batch, 0.5, 100, torch.Generator().manual_seed(5))
    assert torch.equal(trained.log_px, scored.log_px)
    assert trained.loss > scored.loss


def test_files_from_before_these_options_mean_what_they_meant():
    old = {"name": "m2", "labels": 50, "label_seed": 3, "labelled_per_step": 8, "weight": 10.0}
    found = from_json(OBJECTIVES, old, "objective")
    assert (found.warp, found.consistency) == (0.0, 0.0)
    assert from_json(OBJECTIVES, "m2", "objective") == M2()


def test_a_model_without_a_classifier_has_no_accuracy():
    model = build(VAEConfig(SHAPE, 2, MLP((16,)), conditioning=Labels(CLASSES)))
    assert evaluate(model, dataset().test).accuracy is None


def test_an_image_without_a_label_is_encoded_as_its_most_likely_class():
    model, x = lively(), pictures(6)
    likely = model.conditioning.log_qy(x).argmax(-1)
    known = model.encode(x, likely).mean
    assert torch.equal(model.encode(x, None).mean, known)
    assert torch.equal(model.encode(x, torch.full((6,), -1)).mean, known)


def test_codes_that_are_to_be_judged_by_labels_are_made_without_them():
    model, split = lively().float(), dataset().test
    wrong = Split(split.images, (split.labels + 1) % CLASSES)
    untold = [encode_split(model, each, told=False).loc for each in (split, wrong)]
    assert np.array_equal(*untold)
    assert not np.array_equal(*(encode_split(model, each).loc for each in (split, wrong)))


def test_the_classifier_and_its_objective_are_refused_without_each_other():
    with pytest.raises(UserError, match="trains no classifier; choose the conditioning none"):
        check_fit(Elbo(), CONFIG)
    with pytest.raises(UserError, match="needs a classifier to train; choose"):
        check_fit(M2(), replace(CONFIG, conditioning=Labels(CLASSES)))
