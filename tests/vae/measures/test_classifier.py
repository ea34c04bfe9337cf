"""A classifier trained by the project: what it learns, how sure it is, and how it is kept."""

import numpy as np
import pytest
import torch

from vae import data
from vae.data import DATASETS, Split
from vae.errors import UserError
from vae.files.writing import runs_folder
from vae.measures.classifier import build_classifier, classifier_of, train_classifier
from vae.measures.classifier import trained as trainings
from vae.measures.classifier.trained import softmax, temperature_of, trained


@pytest.fixture(scope="module")
def digits():
    return data.load("digits")


@pytest.fixture(scope="module")
def opened(digits):
    with pytest.MonkeyPatch.context() as patch:
        # a quarter of the usual steps teaches it these
        patch.setattr(trainings, "STEPS", 500)
        return trained(digits.train, digits.validation)


def bars(count: int, seed: int = 0) -> Split:
    """Images of 4x4 pixels, bright above or below, with some noise."""
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 2, count)
    images = rng.integers(0, 90, (count, 1, 4, 4), dtype=np.uint8)
    images[label == 0, :, :2] += 100
    images[label == 1, :, 2:] += 100
    return Split(images, label)


def test_it_recognises_nearly_all_digits_that_it_never_saw(digits, opened):
    assert opened.accuracy > 0.95
    assert opened.n_validation == len(digits.validation)
    label, _ = opened.opinions(digits.test.images)
    # 359 images: three standard errors below 0.97
    assert (label == digits.test.labels).mean() > 0.94


def test_probabilities_add_up_to_1_and_the_opinion_is_the_largest(digits, opened):
    found = opened.probabilities(digits.test.images[:50])
    assert found.shape == (50, 10)
    assert found.sum(-1) == pytest.approx(np.ones(50), abs=1e-5)
    label, confidence = opened.opinions(digits.test.images[:50])
    assert (label == found.argmax(-1)).all()
    assert confidence == pytest.approx(found.max(-1))


def test_its_features_lead_to_its_answers(digits, opened):
    images = digits.test.images[:20]
    features = torch.from_numpy(opened.features(images))
    logits = opened.network[-1](features).numpy() / opened.temperature
    assert softmax(logits) == pytest.approx(opened.probabilities(images), abs=1e-6)


def test_it_is_less_sure_of_noise_than_of_digits(digits, opened):
    noise = np.random.default_rng(0).integers(0, 256, digits.test.images.shape, dtype=np.uint8)
    assert opened.opinions(noise).confidence.mean() < 0.8
    assert opened.opinions(digits.test.images).confidence.mean() > 0.9


@pytest.mark.parametrize("temperature", [0.7, 1.0, 4.0])
def test_the_temperature_of_labels_drawn_at_one_is_found(temperature):
    rng = np.random.default_rng(0)
    logits = 3 * rng.standard_normal((20_000, 5))
    below = softmax(logits / temperature).cumsum(-1)
    labels = (rng.random((len(logits), 1)) > below).sum(-1)
    # its standard error, from the curvature of the likelihood, is 0.01 to 0.02 of it
    assert temperature_of(logits, labels) == pytest.approx(temperature, rel=0.06)


def test_a_temperature_stays_in_its_range_where_every_answer_is_right_or_wrong():
    logits = np.eye(3)[np.arange(30) % 3]
    right = temperature_of(logits, np.arange(30) % 3)
    wrong = temperature_of(logits, (np.arange(30) + 1) % 3)
    assert right == pytest.approx(trainings.COOLEST)
    assert wrong == pytest.approx(trainings.HOTTEST)


def test_a_classifier_is_trained_once_and_then_read(monkeypatch):
    monkeypatch.setattr(trainings, "STEPS", 30)
    told = []
    first = classifier_of(bars(200), bars(50, 1), lambda done, total: told.append((done, total)))
    assert told[-1] == (30, 30)
    again = classifier_of(bars(200), bars(50, 1), lambda done, total: pytest.fail("it trained"))
    assert (again.temperature, again.accuracy, again.n_validation) == (
        *(first.temperature, first.accuracy),
        50,
    )
    images = bars(20, 2).images
    assert (again.probabilities(images) == first.probabilities(images)).all()


def test_other_labels_have_another_classifier(monkeypatch):
    monkeypatch.setattr(trainings, "STEPS", 30)
    one, other = bars(200), bars(200)
    other.labels[:] = 1 - other.labels
    of_one, of_other = (classifier_of(train, bars(50, 1)) for train in (one, other))
    assert of_one.accuracy > 0.9
    assert of_other.accuracy < 0.1


def test_a_damaged_file_is_trained_anew(monkeypatch):
    monkeypatch.setattr(trainings, "STEPS", 30)
    first = classifier_of(bars(200), bars(50, 1))
    (file,) = (runs_folder() / ".cache" / "classifiers").iterdir()
    whole = file.read_bytes()
    for damaged in (b"", whole[:-40], whole[:9] + b"?" + whole[10:]):
        file.write_bytes(damaged)
        assert classifier_of(bars(200), bars(50, 1)).temperature == first.temperature
        assert file.read_bytes() == whole


def test_images_without_a_label_are_left_out():
    split = bars(60)
    split.labels[::2] = -1
    assert len(trainings.labelled(split)) == 30
    for labels in (None, np.full(60, -1)):
        with pytest.raises(UserError, match="needs images with labels"):
            trained(Split(split.images, labels), split)
    with pytest.raises(UserError, match="all images are of one class"):
        trained(Split(split.images, np.zeros(60, np.int64)), split)


def test_large_images_are_seen_in_half_the_size():
    network = build_classifier((3, 65, 64), 2, (4,), pool=3)
    assert network(torch.zeros(2, 3, 65, 64)).shape == (2, 2)
    assert network[2].in_features == 3 * 21 * 21


def test_an_image_that_is_not_drawn_as_black_and_white_keeps_its_greys():
    # all pixels are 128: only an image that is left grey is the same at every step
    images, labels = np.full((8, 1, 2, 2), 128, np.uint8), np.arange(8) % 2
    seen = []

    def note(module, inputs):
        seen.append(inputs[0].clone())

    network = build_classifier((1, 2, 2), 2, (4,))
    network.register_forward_pre_hook(note)
    train_classifier(network, images, labels, steps=1, grey=0.25)
    grey = (seen[0] == 128 / 255).flatten(1).all(1)
    assert grey.sum() == 32 and grey[:32].all()


@pytest.mark.skipif(
    not DATASETS["mnist"].is_here(), reason="MNIST is not in VAE_DATA on this machine"
)
def test_mnist_is_recognised_and_the_confidence_is_how_often_it_is_right():
    mnist = data.load("mnist")
    opened = classifier_of(mnist.train, mnist.validation)
    assert opened.accuracy > 0.97
    label, confidence = opened.opinions(mnist.test.images)
    right = label == mnist.test.labels
    # two standard errors of the accuracy are 0.003, and those of validation 0.004
    assert confidence.mean() == pytest.approx(right.mean(), abs=0.01)
    assert confidence[~right].mean() < 0.9
