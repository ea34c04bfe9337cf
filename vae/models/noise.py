"""Random numbers of a batch, a row for each image, also where a process has some of its images."""

import torch
from torch import Tensor


class Shared(torch.Generator):
    """A generator for all images of a batch, of which this process has those of one part.

    Every process draws for all of them and keeps the rows of its own, so that together they draw
    what one process draws, and end in the same state.
    """

    images: int
    """Of the whole batch."""
    part: range
    """Rows of this process."""

    @classmethod
    def of(cls, one: torch.Generator, images: int, part: range) -> "Shared":
        """Go on from where another generator stands."""
        made = cls(device=one.device)
        made.images, made.part = images, part
        made.set_state(one.get_state())
        return made

    def whole(self, shape: tuple[int, ...], axis: int) -> tuple[int, ...]:
        """Return the shape for all images of the batch."""
        if shape[axis] != len(self.part):
            raise ValueError(f"{shape[axis]} rows are not those of the {len(self.part)} images")
        return (*shape[:axis], self.images, *shape[axis + 1 :])

    def own(self, drawn: Tensor, axis: int) -> Tensor:
        """Return what belongs to the images of this process."""
        return drawn.narrow(axis, self.part.start, len(self.part))


def normal(
    shape: tuple[int, ...],
    generator: torch.Generator | None,
    dtype: torch.dtype,
    device: torch.device,
    axis: int = 0,
) -> Tensor:
    """Draw standard normal numbers; ``axis`` of the shape counts the images."""
    if not isinstance(generator, Shared):
        return torch.randn(shape, generator=generator, dtype=dtype, device=device)
    whole = generator.whole(shape, axis)
    drawn = torch.randn(whole, generator=generator, dtype=dtype, device=device)
    return generator.own(drawn, axis)


def uniform(x: Tensor, generator: torch.Generator) -> Tensor:
    """Draw numbers in [0, 1) for each number of the images ``x``, (batch, …)."""
    if not isinstance(generator, Shared):
        return torch.rand(x.shape, generator=generator, dtype=x.dtype, device=x.device)
    whole = generator.whole(tuple(x.shape), 0)
    drawn = torch.rand(whole, generator=generator, dtype=x.dtype, device=x.device)
    return generator.own(drawn, 0)


def coins(x: Tensor, generator: torch.Generator) -> Tensor:
    """Draw 1 or 0 for each pixel in [0, 1] of the images ``x``, float32; a pixel is its chance.

    The same as ``torch.bernoulli`` to the bit. On a CPU that takes three times as long as the
    comparison which it stands for.
    """
    if x.device.type == "cpu":
        return (uniform(x, generator) < x).to(x.dtype)
    if not isinstance(generator, Shared):
        return torch.bernoulli(x, generator=generator)
    # how many numbers are drawn does not depend on the chances
    chances = x.new_zeros(generator.whole(tuple(x.shape), 0))
    generator.own(chances, 0).copy_(x)
    return generator.own(torch.bernoulli(chances, generator=generator), 0)
