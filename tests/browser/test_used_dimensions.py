"""What the pad says of a dimension: its KL, and whether the codes use it at all."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import scripts


def in_module(page: Page, code: str, latent: dict[str, Any]) -> Any:
    """Run code with the sliders' module as ``it`` and a model's header as ``header``."""
    scripts.load(page, "it", "pad/sliders.js", "core/latent.js")
    return page.evaluate(f"(header) => {{ {code} }}", {"z_dim": 3, "latent": latent})


LATENT = {
    "kl_per_dim": [6.5, 0.001, 1.25],
    "used": [False, False, True],
    "loc_std": [1e-4, 1e-4, 0.9],
    "scale_mean": [1e-3, 1.0, 0.3],
}


def test_a_large_kl_of_a_mean_that_does_not_vary_is_no_information(page: Page) -> None:
    told = in_module(page, "return [0, 1, 2].map((i) => it.informationText(header, i));", LATENT)
    assert told == [
        "KL 6.50 nats, but its mean does not vary: carries no information",
        "carries no information (KL 0.00 nats)",
        "KL 1.25 nats",
    ]


@pytest.mark.parametrize(
    ("kl", "said"),
    [([2.0, 0, 0], "KL 2.00 nats, but its mean hardly varies: hardly used"), (None, "its mean ")],
    ids=["a VAE", "an autoencoder"],
)
def test_means_that_a_narrow_posterior_still_tells_apart_are_not_called_empty(
    page: Page, kl: list[float] | None, said: str
) -> None:
    narrow = {**LATENT, "kl_per_dim": kl, "loc_std": [0.09] * 3, "scale_mean": [0.1] * 3}
    assert in_module(page, "return it.informationText(header, 0);", narrow).startswith(said)


def test_unused_dimensions_stand_last_whatever_their_kl(page: Page) -> None:
    order = in_module(page, "return it.dimensionOrder(header);", LATENT)
    assert order == [2, 0, 1]
