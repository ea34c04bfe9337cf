"""The toy: what its lesson says of a training, and the images that it sends to the browser."""

import base64

import numpy as np
import torch

from tests.vae.learn.opened import facts_of, told_of
from vae import data
from vae.learn.toy import CONFIG, Adam, course, images
from vae.models.vae import build

FACTS = facts_of("toy")


def test_the_reconstruction_gets_better_while_the_kl_rises() -> None:
    assert FACTS["reconstruction_last"] < 0.65 * FACTS["reconstruction_first"]
    assert FACTS["kl_first"] < 0.2
    assert FACTS["kl_last"] > FACTS["kl_first"] + 0.5
    # the code is worth what it costs
    assert FACTS["saved"] > FACTS["kl_last"]


def test_the_training_is_the_same_each_time() -> None:
    first = course()
    course.cache_clear()
    assert course() == first


def test_its_steps_are_those_of_torch() -> None:
    start = torch.linspace(-1, 1, 5, dtype=torch.float64)
    own, torchs = (start.clone().requires_grad_() for _ in range(2))
    adam, reference = Adam([own], 0.1), torch.optim.Adam([torchs], lr=0.1)
    for _ in range(5):
        for parameter in (own, torchs):
            parameter.grad = None
            (parameter**4 + parameter).sum().backward()
        adam.step()
        reference.step()
    assert torch.allclose(own, torchs, rtol=0, atol=1e-12)


def test_before_the_first_step_all_images_are_reconstructed_alike() -> None:
    model = build(CONFIG, seed=0)
    x = torch.from_numpy(images()[1].images).float() / 255
    with torch.inference_mode():
        made = model.decode_mean(model.encode(x).mean)
    assert made.std(0).mean() < 0.1 * x.std(0).mean()


def test_the_images_are_those_of_the_data_set_and_none_is_in_both_splits() -> None:
    train, held_out = images()
    digits = data.load("digits")
    assert np.array_equal(train.images, digits.train.images[: len(train)])
    assert np.array_equal(held_out.images, digits.validation.images[: len(held_out)])
    # an image and its row are one: the splits are cut from rows that differ
    assert (FACTS["train"], FACTS["held"]) == (len(train), len(held_out))


def test_the_browser_gets_every_pixel_and_every_label() -> None:
    told = told_of("toy")["data"]
    for split, name in zip(images(), ("train", "held"), strict=True):
        pixels = np.frombuffer(base64.b64decode(told[name]["pixels"]), np.uint8)
        assert np.array_equal(pixels.reshape(split.images.shape), split.images)
        assert told[name]["labels"] == split.labels.tolist()
        assert set(told[name]["labels"]) == set(range(10))
