"""In which order a training sees its images: each once in an epoch, shuffled anew every time."""

import torch
from torch import Tensor


class Order:
    """The rows of each step. They follow from the seed alone, so that resuming stores no order."""

    def __init__(self, size: int, batch_size: int, seed: int):
        self.size, self.batch_size, self.seed = size, batch_size, seed
        self._epoch, self._shuffled = -1, torch.empty(0, dtype=torch.int64)

    def rows(self, step: int) -> Tensor:
        """Return which of the ``size`` images a step takes, int64 (batch_size,)."""
        epoch, place = divmod(step, self.size // self.batch_size)
        if epoch != self._epoch:
            generator = torch.Generator().manual_seed(self.seed * 1_000_003 + epoch)
            self._epoch, self._shuffled = epoch, torch.randperm(self.size, generator=generator)
        return self._shuffled[place * self.batch_size : (place + 1) * self.batch_size]
