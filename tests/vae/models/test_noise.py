"""Random numbers of a batch: the same whoever draws them, alone or part by part."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from vae.models import noise
from vae.training.config import TrainConfig
from vae.training.distributed import Team
from vae.training.objectives import OBJECTIVES

IMAGES, SIZE = 65, 3
CPU = torch.device("cpu")
DRAWS: dict[str, tuple[int, Callable[[Tensor, torch.Generator], Tensor]]] = {
    "coins": (0, noise.coins),
    "uniform": (0, noise.uniform),
    "normal": (0, lambda x, one: noise.normal((len(x), 2), one, torch.float32, CPU)),
    "draws": (1, lambda x, one: noise.normal((4, len(x), 2), one, torch.float32, CPU, axis=1)),
}


def _pixels() -> Tensor:
    x = torch.rand(IMAGES, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    x[0], x[1] = 0, 1
    return x


def _shared(rank: int, objective: str) -> torch.Generator:
    config = TrainConfig(OBJECTIVES[objective](), epochs=1)
    return Team(rank, SIZE).noise(torch.Generator().manual_seed(5), config, IMAGES, 0)


def test_coins_are_those_of_torch_to_the_bit() -> None:
    x, ours, theirs = _pixels(), *(torch.Generator().manual_seed(5) for _ in range(2))
    assert torch.equal(noise.coins(x, ours), torch.bernoulli(x, generator=theirs))
    assert torch.equal(ours.get_state(), theirs.get_state())


@pytest.mark.parametrize("kind", DRAWS)
def test_processes_draw_together_what_one_draws(kind: str) -> None:
    axis, draw = DRAWS[kind]
    x, one = _pixels(), torch.Generator().manual_seed(5)
    whole, parts = draw(x, one), []
    for rank in range(SIZE):
        own = _shared(rank, "elbo")
        parts.append(draw(Team(rank, SIZE).part(x), own))
        assert torch.equal(own.get_state(), one.get_state())
    assert torch.equal(torch.cat(parts, axis), whole)


def test_draws_for_other_rows_than_a_process_has_are_refused() -> None:
    with pytest.raises(ValueError, match="65 rows are not those of the 22 images"):
        noise.coins(_pixels(), _shared(0, "elbo"))


def test_processes_draw_apart_where_images_are_scored_together() -> None:
    drawn = {float(torch.rand((), generator=_shared(rank, "beta-tcvae"))) for rank in range(SIZE)}
    assert len(drawn) == SIZE
    alone = torch.rand((), generator=torch.Generator().manual_seed(5))
    assert float(alone) in drawn
