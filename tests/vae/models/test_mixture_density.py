"""A mixture's density in pieces."""

import pytest
import torch
from torch.distributions import Categorical, MixtureSameFamily

from vae.models.posteriors.posterior import Factorised
from vae.models.priors.mixture_density import AT_ONCE, MixtureDensity


@pytest.mark.parametrize("shape", [(3,), (7, 3), (3000, 1, 3), (40, 100, 3)])
def test_the_density_in_pieces_is_the_density_to_the_bit(shape: tuple[int, ...]):
    generator = torch.Generator().manual_seed(0)
    loc = torch.randn(120, 3, generator=generator)
    parts = (Categorical(logits=torch.randn(120, generator=generator)), Factorised(loc, loc.exp()))
    z = torch.randn(shape, generator=generator)
    whole = MixtureSameFamily(*parts).log_prob(z)
    with torch.inference_mode():
        found = MixtureDensity(*parts).log_prob(z)
    assert found.shape == shape[:-1]
    assert torch.equal(found, whole)


def test_no_more_numbers_are_worked_on_at_once_than_fit_the_caches():
    most = 0

    class Counting(Factorised):
        def log_prob(self, value: torch.Tensor) -> torch.Tensor:
            nonlocal most
            found = super().log_prob(value)
            most = max(most, found.numel() * value.shape[-1])
            return found

    parts = Counting(torch.zeros(100, 20), torch.ones(100, 20))
    with torch.inference_mode():
        MixtureDensity(Categorical(logits=torch.zeros(100)), parts).log_prob(torch.zeros(2000, 20))
    assert 0 < most <= AT_ONCE
