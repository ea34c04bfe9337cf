"""What it is for: what the lesson says of draws, labels, strange images and chains."""

import numpy as np
import pytest
import torch

from tests.tiny_models import tiny_checkpoint
from tests.vae.learn.opened import facts_of, model
from tests.web import node
from vae.learn.changed import CHANGES, strangeness
from vae.learn.of_chain import alike_after
from vae.learn.specimens import specimens
from vae.learn.uses import limits
from vae.measures.anomaly import Detector
from vae.models.config import VAEConfig
from vae.models.networks import BeliefNet

FACTS = facts_of("uses")
SCRIPT = "learn/uses/changed.js"


def test_strangeness_is_minus_the_models_own_log_likelihood_at_the_mean_of_q() -> None:
    vae = model("mnist-2d").model
    x = torch.from_numpy(specimens().images).float() / 255
    with torch.inference_mode():
        px = vae.decode(vae.encode(x).mean)
    assert strangeness(vae, specimens().images) == pytest.approx(-px.log_prob(x).numpy(), rel=1e-5)


def test_strangeness_is_the_reconstruction_score_but_for_its_draw() -> None:
    vae = model("mnist-2d").model
    images = specimens().images
    scored = Detector(vae).score(images, "reconstruction")
    own = strangeness(vae, images)
    # a draw within a σ or two of the mean costs some nats of a hundred
    assert np.corrcoef(scored, own)[0, 1] > 0.95
    assert (scored - own).mean() > 0


def test_the_line_lets_most_digits_through_and_no_negative_but_an_empty_sheet() -> None:
    assert FACTS["limit"] == limits(model("mnist-2d"))["1"] > limits(model("mnist-2d"))["5"]
    assert FACTS["negative"] == FACTS["specimens"]
    assert FACTS["same"] <= 1
    empty = np.zeros((1, 1, 28, 28), np.uint8)
    assert FACTS["empty_nats"] == pytest.approx(strangeness(model("mnist-2d").model, empty)[0])
    assert FACTS["empty_nats"] < FACTS["limit"]


def test_the_labels_and_the_share_of_images_told_right_are_those_of_the_file() -> None:
    checkpoint = model("mnist-m2")
    assert checkpoint.metrics["split"] == "test"
    assert FACTS["labels"] == checkpoint.training["objective"]["labels"] == 100
    assert FACTS["accuracy"] == 100 * checkpoint.metrics["accuracy"]
    x = torch.from_numpy(specimens().images).float() / 255
    with torch.inference_mode():
        told = checkpoint.model.conditioning.log_qy(x).argmax(1).numpy()
    assert (told == specimens().labels).mean() >= 0.9


def test_a_chain_forgets_slowly() -> None:
    assert 1 > FACTS["short_alike"] > FACTS["long_alike"] > 0


def test_a_chain_that_makes_no_step_is_where_it_was() -> None:
    config = VAEConfig((1, 8, 8), 3, BeliefNet((5,)), prior="boltzmann", posterior="point")
    assert alike_after(tiny_checkpoint("net", config), 0) == pytest.approx(1.0)


def test_the_browser_changes_images_as_python_does() -> None:
    image, other = specimens().images[:2]
    told = {"pixels": image.ravel().tolist(), "other": other.ravel().tolist(), "shape": [1, 28, 28]}
    scaled = {k: [v / 255 for v in told[k]] for k in ("pixels", "other")} | {"shape": told["shape"]}
    found = node.evaluate(
        "({ CHANGES }, { pixels, other, shape }) => Object.fromEntries(Object.entries(CHANGES)"
        ".map(([name, change]) => [name, Array.from(change(pixels, shape, other))]))",
        scaled,
        SCRIPT,
    )
    assert set(found) == set(CHANGES)
    for name, change in CHANGES.items():
        expected = change(image, other).ravel() / 255
        # float32 pixels
        assert np.array(found[name]) == pytest.approx(expected, abs=1e-6)
