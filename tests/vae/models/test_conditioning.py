"""What a class does to a model that is told it, and what is refused."""

import numpy as np
import pytest
import torch

from vae.data import Split
from vae.data.splits import ImageDataset
from vae.errors import UserError
from vae.export.pictures import decode
from vae.latent.paths import classes_on, path
from vae.measures.bound import bound_terms
from vae.models.conditioning import CONDITIONINGS, Labels
from vae.models.config import VAEConfig
from vae.models.networks import MLP, Conv, Fourier, ResNet
from vae.models.pixels import to_bytes
from vae.models.vae import VAE, build
from vae.training.config import TrainConfig
from vae.training.loop import Trainer, fit

CLASSES = 3
SHAPE = (1, 8, 8)


def told(architecture=None) -> VAE:
    """Build a model whose plane and weights are drawn, so that each class does something."""
    config = VAEConfig(SHAPE, 2, architecture or MLP((16,)), conditioning=Labels(CLASSES))
    model = build(config, seed=1)
    with torch.no_grad():
        model.conditioning.plane.normal_(generator=torch.Generator().manual_seed(0))
    return model.requires_grad_(False)


def bars(count: int, seed: int) -> Split:
    """Images of one white row each, at a place that is the class, and grey noise."""
    generator = torch.Generator().manual_seed(seed)
    y = torch.arange(count) % CLASSES
    x = torch.randint(0, 60, (count, *SHAPE), generator=generator, dtype=torch.uint8)
    for row, label in enumerate(y.tolist()):
        x[row, 0, 2 + 2 * label] = 255
    return Split(x.numpy(), y.numpy())


def dataset() -> ImageDataset:
    splits = (bars(96, 0), bars(24, 1), bars(24, 2))
    return ImageDataset("bars", "Bars", *splits, class_names=("low", "middle", "high"))


@pytest.mark.parametrize("architecture", [MLP((16,)), Conv((4,), 8), ResNet((4,), 8)])
def test_the_class_reaches_encoder_and_decoder(architecture):
    model = told(architecture)
    x, z = torch.full((CLASSES, *SHAPE), 0.5), torch.zeros(CLASSES, 2)
    y = torch.arange(CLASSES)
    for found in (model.encode(x, y).mean, model.decode_mean(z, y)):
        for a, b in ((0, 1), (0, 2), (1, 2)):
            assert not torch.allclose(found[a], found[b])


@pytest.mark.parametrize("architecture", [MLP((16,)), Conv((4,), 8)])
def test_with_its_weights_at_zero_the_class_changes_nothing(architecture):
    model = told(architecture)
    model.conditioning.plane.zero_()
    first = next(layer for layer in model.decoder if isinstance(layer, torch.nn.Linear))
    first.weight[:, 2 : 2 + CLASSES] = 0
    x, z = torch.full((CLASSES, *SHAPE), 0.5), torch.zeros(CLASSES, 2)
    y = torch.arange(CLASSES)
    for found in (model.encode(x, y).mean, model.decode_mean(z, y)):
        # a matrix product may sum the rows of a batch in different orders
        torch.testing.assert_close(found, found[:1].expand_as(found))


def test_the_fourier_features_are_those_of_z_and_not_of_the_class():
    layer, z, code = Fourier(2, 2), torch.randn(4, 2), torch.eye(4)
    found = layer(torch.cat([z, code], 1))
    expected = [z, code, (0.5 * z).sin(), (0.5 * z).cos(), z.sin(), z.cos()]
    assert torch.equal(found, torch.cat(expected, 1))


def test_labels_that_are_not_the_images_own_explain_them_worse():
    data = dataset()
    model = build(VAEConfig(SHAPE, 1, MLP((32,)), conditioning=Labels(CLASSES)))
    list(fit(model, data, TrainConfig(epochs=60, batch_size=32)))
    right = bound_terms(model, data.test.images, labels=data.test.labels)
    wrong = bound_terms(model, data.test.images, labels=(data.test.labels + 1) % CLASSES)
    elbo, other = ((found.log_px - found.kl).mean() for found in (right, wrong))
    # the row of a bar is told by its class: without it some 16 pixels are wrong
    assert elbo > other + 5


def test_the_number_of_classes_comes_from_the_data_set_and_is_kept_in_the_config():
    found = Labels().for_classes(10)
    assert found == Labels(classes=10)
    config = VAEConfig(conditioning=found)
    assert VAEConfig.from_json(config.to_json()) == config
    with pytest.raises(UserError, match="set to 3 classes and this data set has 10"):
        Labels(3).for_classes(10)


@pytest.mark.parametrize("cls", [c for c in CONDITIONINGS.values() if c.needs_labels])
def test_a_data_set_without_classes_is_refused(cls):
    with pytest.raises(UserError, match="has no classes; choose another data set"):
        cls().for_classes(0)


def test_a_class_that_the_model_does_not_know_and_a_missing_one_are_refused():
    model, z = told(), torch.zeros(2, 2)
    with pytest.raises(UserError, match="knows the classes 0 to 2, and an image has the label 3"):
        model.decode(z, torch.tensor([0, 3]))
    with pytest.raises(UserError, match="an image has no label"):
        model.decode(z, torch.tensor([0, -1]))
    with pytest.raises(UserError, match="no class is given; give one from 0 to 2"):
        model.decode(z)


def test_the_class_of_a_path_changes_half_way_from_one_end_to_the_other():
    assert classes_on(3, 8, 5).tolist() == [3, 3, 8, 8, 8]
    # t from −0.5 to 1.5
    assert classes_on(3, 8, 5, 0.5).tolist() == [3, 3, 8, 8, 8]
    assert classes_on(4, 4, 3).tolist() == [4, 4, 4]


def test_a_strip_is_decoded_as_the_classes_of_its_ends():
    model, z = told(), path(np.zeros(2), np.ones(2), 4)
    found = decode(model, z, classes_on(0, 2, 4))
    for row, label in enumerate((0, 0, 2, 2)):
        alone = torch.from_numpy(z[row : row + 1]).float()
        expected = to_bytes(model.decode_mean(alone, torch.tensor([label])))
        # one step of 8 bits, where a batch is summed in another order
        assert np.abs(found[row, ..., 0].astype(int) - expected[0, 0].int().numpy()).max() <= 1


def test_a_prior_of_encoded_images_is_refused_where_the_encoder_is_told_a_class():
    config = VAEConfig(SHAPE, 1, MLP((8,)), prior="vamp", conditioning=Labels(2))
    with pytest.raises(UserError, match="the prior vamp is made of encoded images without a class"):
        build(config)


def test_training_on_labels_outside_the_models_classes_is_refused_before_it_begins():
    model = build(VAEConfig(SHAPE, 1, MLP((8,)), conditioning=Labels(2)))
    with pytest.raises(UserError, match="knows the classes 0 to 1, and an image has the label 2"):
        Trainer(model, dataset(), TrainConfig(epochs=1))
