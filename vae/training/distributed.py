"""One training by several processes: each takes its part of every batch, gradients are averaged.

``torchrun --nproc-per-node N -m vae train …`` starts them. The first process is the leader: it
keeps the budget, takes orders, reports and writes files. The others follow: before each step they
hear from it at which share of the training that step stands, or that it was the last.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from vae.data.batch import Batch
from vae.errors import UserError
from vae.models.noise import Shared
from vae.options import title_of
from vae.training.config import TrainConfig
from vae.training.objectives import Terms
from vae.training.step import detached

PATIENCE = timedelta(days=30)
"""A follower waits while the leader stands in the queue or closes a run; a process that dies is
noticed at once, by its connection."""
LAST, NEWS = -1.0, -2.0
"""What followers hear in place of a share: there is no further step, or something has changed."""


class ProcessLost(UserError):
    """Another process of this training is gone; what was saved before is what counts."""


class Team:
    """The processes of one training; this one is number ``rank`` of ``size``.

    A team of one does nothing: rows, gradients and shares stay as they are.
    """

    def __init__(self, rank: int = 0, size: int = 1):
        self.rank, self.size = rank, size
        # whether the leader has told what there is to do
        self.met = size == 1

    @property
    def leads(self) -> bool:
        """Whether this process keeps the files and decides when training ends."""
        return self.rank == 0

    def part(self, rows: Tensor) -> Tensor:
        """Take this process's part of the rows of a batch; the parts differ by at most one row."""
        return rows if self.size == 1 else rows.tensor_split(self.size)[self.rank]

    def noise(
        self, one: torch.Generator, config: TrainConfig, batch: int, step: int
    ) -> torch.Generator:
        """Return what this process draws from, given where a single process stands.

        Where each image is scored by itself, its draws are those of one process. Elsewhere the
        leader goes on as if it were alone, and each follower has draws of its own.
        """
        if self.size == 1:
            return one
        if config.objective.by_image:
            part = self.part(torch.arange(batch))
            return Shared.of(one, batch, range(int(part[0]), int(part[-1]) + 1))
        if not self.leads:
            one.manual_seed((config.seed * 1_000_003 + step) * self.size + self.rank)
        return one

    def wrap(
        self,
        step: Callable[[Batch, float], Terms],
        module: nn.Module,
        config: TrainConfig,
        batch: int,
    ) -> Any:
        """Let gradients be averaged over all processes, weighted by their parts of a batch.

        ``step`` is what computes and ``module`` what holds its parameters. Gradients travel by nccl
        between CUDA devices and by gloo between CPUs.

        Raises
        ------
        UserError
            Where the objective learns without gradients, a batch has fewer images than there are
            processes, or the devices are too few or of a kind that cannot be joined.
        """
        if self.size == 1:
            return step
        self._check(config, batch)
        weight = len(self.part(torch.arange(batch))) * self.size / batch
        with noticing():
            group = dist.new_group(backend="nccl") if config.device == "cuda" else None
            part = _Part(step, module, weight)
            # no buffer of a step ever changes, so none has to travel
            return DistributedDataParallel(part, process_group=group, forward_sync_buffers=False)

    def _check(self, config: TrainConfig, batch: int) -> None:
        if config.objective.fits:
            raise UserError(
                f"{title_of(config.objective)} does not learn by gradients; "
                "start it without torchrun"
            )
        if batch < self.size:
            raise UserError(
                f"a batch of {batch} images is too small for {self.size} processes; "
                "start fewer, or take a larger --batch-size"
            )
        if config.device not in ("cpu", "cuda"):
            raise UserError(f"{config.device} devices cannot be joined; start it without torchrun")
        here = int(os.environ["LOCAL_WORLD_SIZE"])
        if config.device == "cuda" and torch.cuda.device_count() < here:
            raise UserError(
                f"{here} processes need as many CUDA devices, and this machine has "
                f"{torch.cuda.device_count()}; start one for each"
            )

    def lead(self, share: float | None, news: dict[str, Any] | None = None) -> None:
        """Tell the followers the share at which the next step stands; None ends their part.

        ``news`` is what has changed since the step before, plain values.
        """
        if self.size == 1:
            return
        if news is not None:
            self._broadcast(torch.tensor(NEWS, dtype=torch.float64))
            self.give(news)
        self._broadcast(torch.tensor(LAST if share is None else share, dtype=torch.float64))

    def heard(self) -> Iterator[tuple[float, dict[str, Any] | None]]:
        """Hear what `lead` tells, until there is no further step: its share, and what changed."""
        while (told := self._hear()) != LAST:
            news = self.give() if told == NEWS else None
            yield (told if news is None else self._hear()), news

    def _hear(self) -> float:
        return float(self._broadcast(torch.zeros((), dtype=torch.float64)))

    def give(self, value: Any = None) -> Any:
        """Give followers a value of the leader's, any that can be pickled; they call it with none.

        It travels between processes of one training alone, never from a file or a visitor.
        """
        box, self.met = [value], True
        if self.size > 1:
            with noticing():
                dist.broadcast_object_list(box, src=0)
        return box[0]

    def agree(self, trouble: str | None) -> None:
        """Raise what went wrong in any of the processes in all of them, as a `UserError`."""
        if self.size == 1:
            found = [trouble]
        else:
            found = [None] * self.size
            with noticing():
                dist.all_gather_object(found, trouble)
        for rank, words in enumerate(found):
            if words is not None:
                where = "" if self.size == 1 else f"process {rank} of {self.size}: "
                raise UserError(where + words)

    def _broadcast(self, value: Tensor) -> Tensor:
        with noticing():
            dist.broadcast(value, src=0)
        return value


class _Part(nn.Module):
    """A step of which only the loss is differentiated, weighted by this process's part."""

    def __init__(self, step: Callable[[Batch, float], Terms], module: nn.Module, weight: float):
        super().__init__()
        self.step, self.module, self.weight = step, module, weight

    def forward(self, batch: Batch, share: float) -> Terms:
        terms = self.step(batch, share)
        own = None if terms.own is None else self.weight * terms.own
        return detached(terms)._replace(loss=self.weight * terms.loss, own=own)


ALONE = Team()


@contextmanager
def gathered() -> Iterator[Team]:
    """Meet the other processes that torchrun started, for as long as the block lasts.

    Without torchrun it is a team of one. On a machine with CUDA devices each process gets one.
    """
    if not (dist.is_available() and dist.is_torchelastic_launched()):
        yield ALONE
        return
    place = int(os.environ["LOCAL_RANK"])
    if place < torch.cuda.device_count():
        torch.cuda.set_device(place)
    # torchrun sends it to all as soon as one is gone; until a run listens to it, and again while
    # the run's last words are written, it would end this process in the middle of them
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    dist.init_process_group("gloo", timeout=PATIENCE)
    team = Team(dist.get_rank(), dist.get_world_size())
    try:
        yield team
    finally:
        if team.leads and not team.met:
            with suppress(ProcessLost):
                team.give(None)
        dist.destroy_process_group()


@contextmanager
def noticing() -> Iterator[None]:
    """Raise `ProcessLost` where another process does not answer any more."""
    try:
        yield
    except RuntimeError as error:
        if not _is_lost(error):
            raise
        raise ProcessLost("another process of this training is gone") from error


def _is_lost(error: RuntimeError) -> bool:
    # gloo's own words come as plain RuntimeErrors
    return isinstance(error, dist.DistError) or "gloo" in str(error) or "NCCL" in str(error)
