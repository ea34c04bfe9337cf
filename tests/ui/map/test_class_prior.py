"""The Map's numbers of a model in which each class has a prior of its own."""

import numpy as np
import pytest
import torch
from torch.distributions import Normal, kl_divergence

from tests.tiny_models import CLASSES, tiny_checkpoint
from ui.map import data
from vae.checkpoint import Checkpoint
from vae.models.conditioning import Labels
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.priors import ClassNormal


@pytest.fixture
def made() -> Checkpoint:
    """A model whose classes' normals differ."""
    told = Labels(classes=len(CLASSES))
    config = VAEConfig((1, 8, 8), 2, MLP(hidden=(8,)), prior=ClassNormal(), conditioning=told)
    found = tiny_checkpoint("own", config)
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in found.model.prior.parameters():
            parameter += torch.randn(parameter.shape, generator=generator)
    return found


def kl(made: Checkpoint) -> np.ndarray:
    """KL of each image and dimension to the normal of its own class, (N, 2)."""
    atlas, parts = made.atlas, made.model.prior.components()
    own = (torch.from_numpy(parts.loc[atlas.label]), torch.from_numpy(parts.scale[atlas.label]))
    qz = Normal(torch.from_numpy(atlas.loc).double(), torch.from_numpy(atlas.scale).double())
    return kl_divergence(qz, Normal(*own)).numpy()


def test_the_kl_of_images_and_of_dimensions_is_to_the_prior_of_each_images_class(made):
    # the prior's own numbers are float32
    np.testing.assert_allclose(data.kl_per_dimension(made), kl(made).mean(0), rtol=1e-5)
    np.testing.assert_allclose(data.kl_per_image(made), kl(made).sum(1), rtol=1e-5)


def test_the_prior_drawn_is_the_mixture_of_all_classes(made):
    shown = data.prior_shown(made)
    assert shown.draws is None
    z = torch.randn(20, 2, generator=torch.Generator().manual_seed(2))
    y = torch.arange(len(CLASSES)).repeat_interleave(20)
    each = made.model.pz(y).log_prob(z.repeat(len(CLASSES), 1)).reshape(len(CLASSES), 20)
    parts = shown.components
    normals = Normal(torch.from_numpy(parts.loc), torch.from_numpy(parts.scale))
    found = normals.log_prob(z.double()[:, None]).sum(-1).exp() @ torch.from_numpy(parts.weight)
    # float32
    torch.testing.assert_close(found.float(), each.exp().mean(0), rtol=1e-4, atol=1e-7)
