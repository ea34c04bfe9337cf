"""The training loop: a generator of progress records that knows no files, threads or screen.

Fast on a CPU by what was measured to pay: the images stay in memory as uint8, Adam is fused, and
matrix products run in bfloat16 where the processor has instructions for it.
"""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from vae.data import ImageDataset
from vae.data.batch import Batch, Held
from vae.models.noise import coins
from vae.models.vae import VAE, seeded
from vae.training import compiler, labels, memory, steering
from vae.training.budget import Leg, TimeBudget
from vae.training.config import TrainConfig
from vae.training.device import in_bfloat16, usable_device
from vae.training.distributed import ALONE, Team, noticing
from vae.training.diverged import check_finite
from vae.training.objectives import Terms, check_fit, planned
from vae.training.optimizer import laid_out, optimizer_of
from vae.training.order import Order
from vae.training.pace import Pace
from vae.training.report import Report
from vae.training.schedule import budget_of, learning_rate
from vae.training.start import start_at_mean, starts_at_mean
from vae.training.step import Step, detached, total
from vae.training.stopwatch import Stopwatch
from vae.training.threads import Company
from vae.training.validation import own_bound, score_of, validate

REPORT_SECONDS = 1.0
REPORT_REST = 3.0
"""How many times as long as a report took, whoever takes it included, training goes on at least."""
VALIDATION_IMAGES = 2000


class Trainer:
    """One training run in memory: steps forward, reports, and gives and takes its whole state."""

    def __init__(
        self,
        model: VAE,
        dataset: ImageDataset,
        config: TrainConfig,
        watch: Stopwatch | None = None,
    ):
        self.model, self.config = laid_out(model.to(usable_device(config.device))), config
        self.images = Held.of(dataset.train)
        self.held_out = Held.of(dataset.validation, VALIDATION_IMAGES)
        size = len(dataset.train)
        self.batch_size = size if config.objective.at_once else min(config.batch_size, size)
        self.steps_per_epoch = size // self.batch_size
        self._report_steps = len(self.held_out.images) / self.batch_size
        self.step, self.stopping = 0, False
        # whether a step is under way, in which the state is none to go on from
        self.in_step = False
        # where it pauses after a step, for whoever looks at one epoch at a time
        self.pause_at = math.inf
        # what to do between two steps once `asked` is set, from whichever thread
        self.asked = False
        self.heed: Callable[[], object] = lambda: None
        self.steered, self.leg = steering.Steered(), Leg()
        self.watch = watch or Stopwatch()
        self.budget = budget_of(config, self.steps_per_epoch, self.elapsed, self.leg)
        self.noise = torch.Generator(device=config.device).manual_seed(config.seed)
        check_fit(config.objective, model.config)
        objective = planned(config.objective, self.batch_size, self.budget.steps, config.compile)
        labels.check(model, dataset)
        self.labelled = labels.of(config.objective, self.images, config.seed)
        if self.labelled is not None:
            self.images = self.images.knowing(self.labelled.rows)
            self.held_out = self.held_out.knowing(self.labelled.rows[:0])
        if starts_at_mean(model, config):
            start_at_mean(model, self.images.images)
        model.prior.begin(self.images.images, torch.Generator().manual_seed(config.seed))
        with seeded(config.seed):
            self.objective = objective.module(model.config).to(config.device)
        first = torch.Generator().manual_seed(config.seed)
        self.objective.begin(model, self.images.images, self.batch_size, first)
        self.step_module = Step(model, self.objective, size, self.noise, in_bfloat16(config))
        self.optimizer = optimizer_of(model, config)
        self.own_optimizers = self.objective.optimizers(config.learning_rate)
        if config.compile:
            compiler.choose()
        binary = model.likelihood.is_binary
        self.binarize = config.binarize or ("stochastic" if binary else "none")
        step = self.step_module
        self._terms = torch.compile(step) if config.compile else step
        self.team, self._told = ALONE, 0
        self._order = Order(size, self.batch_size, config.seed)
        timed = config.epochs is None and config.device == "cpu" and not config.compile
        self.company = Company(torch.get_num_threads()) if timed else None
        # seconds that one network takes for one image without learning, at the last report
        self.pass_seconds = 0.0
        self._pace = Pace()

    def join(self, team: Team) -> None:
        """Train as one of several processes, after `restore` if there is something to go on from.

        Raises
        ------
        UserError
            Where this training cannot be spread, see `Team.wrap`.
        """
        self._terms = team.wrap(self._terms, self.step_module, self.config, self.batch_size)
        self.team, self._told = team, len(self.steered.changes)
        noise = team.noise(self.noise, self.config, self.batch_size, self.step)
        self.noise = self.step_module.generator = noise

    def follow(self) -> None:
        """Take this process's part of each step for as long as the leader goes on."""
        for share, news in self.team.heard():
            if news is not None:
                steering.recall(self, news)
            self._learn(self._batch(), share)

    def _news(self) -> dict[str, Any] | None:
        """Give followers what was steered since the step before."""
        told, self._told = self._told, len(self.steered.changes)
        return None if told == self._told else steering.summary(self)

    def run(self) -> Iterator[Report]:
        """Train to the end of the budget, yielding a `Report` about once a second and at the end.

        Ends early after the step in which ``stopping`` was set, so that the state is always one
        between two steps.

        Raises
        ------
        Diverged
            When the loss or a score is not finite.
        """
        seen: list[Terms] = []
        with self.watch.running():
            yield from self._run(seen)
        if seen:
            yield self._report(seen)

    def _run(self, seen: list[Terms]) -> Iterator[Report]:
        reported, rest, pause = self.watch.read(), REPORT_SECONDS, None
        while not (self.stopping or self.done or self.step >= self.pause_at):
            if self.asked:
                self.asked = False
                self.heed()
                continue
            self._share_cores()
            with compiler.in_words():
                seen.append(self._advance())
            past = self.watch.read() - reported
            # the first report has about as many images to look at as steps of the same number
            cost = past / len(seen) * self._report_steps if pause is None else pause
            if past < rest or self.done or not self.budget.has_room(self.elapsed, cost):
                continue
            yield self._report(seen)
            seen.clear()
            pause = self.watch.read() - reported - past
            rest = REPORT_SECONDS and max(REPORT_SECONDS - pause, REPORT_REST * pause)
            reported = self.elapsed

    def _share_cores(self) -> None:
        """Use fewer threads in company; not for epochs, whose results depend on their number."""
        if self.company and self.company.look() != torch.get_num_threads():
            torch.set_num_threads(self.company.count)

    @property
    def elapsed(self) -> float:
        """Seconds of training so far."""
        return self.watch.seconds

    @property
    def steps(self) -> int | None:
        """Steps in all; None where the time decides and is not over yet."""
        return self.budget.steps or (self.step if self.done else None)

    @property
    def done(self) -> bool:
        """Tell whether the budget is spent."""
        return self.step > 0 and self.budget.is_spent(self.step, self.elapsed)

    @property
    def share(self) -> float:
        """How much of the budget is spent, from 0 to 1."""
        return 1.0 if self.done else self.budget.done(self.step, self.elapsed)

    @property
    def bfloat16(self) -> bool:
        """Whether the step's matrix products run in bfloat16."""
        return self.step_module.in_bfloat16

    @bfloat16.setter
    def bfloat16(self, on: bool) -> None:
        self.step_module.in_bfloat16 = on

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """Give all that `restore` needs to go on exactly here: tensors, and plain values."""
        return memory.state_of(self)

    def restore(self, tensors: dict[str, Tensor], values: dict[str, Any]) -> None:
        """Go back to what `state` gave."""
        memory.put_back(self, tensors, values)
        self._pace = Pace(self.step, self.elapsed)

    def is_finite(self) -> bool:
        """Tell whether every parameter is a finite number."""
        return all(bool(p.isfinite().all()) for p in self.step_module.parameters())

    def _rows(self) -> Tensor:
        most = VALIDATION_IMAGES if self.config.objective.at_once else None
        rows = self.team.part(self._order.rows(self.step)[:most])
        if self.labelled is None:
            return rows
        return torch.cat([rows, self.team.part(self.labelled.at(self.step))])

    def _advance(self) -> Terms:
        self.in_step = True
        batch = self._batch()
        began = self.watch.read()
        share = self.budget.begin(self.step, began)
        self.team.lead(share, self._news())
        terms = self._learn(batch, share)
        self.in_step = False
        self.budget.took(self.watch.read() - began)
        return detached(terms)

    def _batch(self) -> Batch:
        batch = self.images.take(self._rows(), self.config.device)
        if self.binarize == "stochastic":
            batch = batch._replace(x=coins(batch.x, self.noise))
        return batch

    def _learn(self, batch: Batch, share: float) -> Terms:
        terms = (self._fit if self.config.objective.fits else self._descend)(batch, share)
        self.step += 1
        return terms

    def _descend(self, batch: Batch, share: float) -> Terms:
        for group in self.optimizer.param_groups:
            group["lr"] = self._learning_rate(share)
        with noticing():
            terms: Terms = self._terms(batch, self._schedule(share))
            loss = total(terms)
            if self.team.leads:
                check_finite("loss", loss.item(), self.step, self.config)
            self.step_module.zero_grad(set_to_none=True)
            loss.backward()
        self.optimizer.step()
        for optimizer in self.own_optimizers:
            optimizer.step()
        self.model.likelihood.settle(batch.x[0].numel())
        return terms

    @torch.no_grad()
    def _fit(self, batch: Batch, share: float) -> Terms:
        """Let the objective improve the model by itself, and score the first images of a batch."""
        self.objective.fit(self.model, batch, share, self.noise)
        x, y, index = batch
        few = slice(VALIDATION_IMAGES)
        shown = Batch(x[few], None if y is None else y[few], index[few])
        size = self.step_module.dataset_size
        terms = self.objective.terms(self.model, shown, share, size, self.noise)
        check_finite("loss", terms.loss.item(), self.step, self.config)
        return terms

    def _schedule(self, share: float) -> float:
        """Return the share that all schedules but the step size's read."""
        return 1.0 if self.leg.cosine else share

    def _learning_rate(self, share: float) -> float:
        if self.config.objective.fits:
            return self.objective.rate_at(share)
        return learning_rate(self.config, self.step, self.leg, share, self.budget)

    def remaining(self) -> float | None:
        """Seconds that are left, of steps at the speed of late; None before it can be told."""
        if self.done:
            return 0.0
        if isinstance(self.budget, TimeBudget):
            return max(0.0, self.budget.seconds - self.elapsed)
        seconds = self._pace.step_seconds(self.step, self.elapsed)
        if seconds is None:
            return None
        return (self.budget.steps - self.step) * seconds * self.objective.ahead(self.share)

    def _report(self, seen: list[Terms]) -> Report:
        began = time.perf_counter()
        validation, kl_per_dim = validate(self.step_module, self.held_out, self.config.device)
        self.pass_seconds = (time.perf_counter() - began) / (2 * len(self.held_out.images))
        drawn = self.binarize == "stochastic"
        own = own_bound(self.step_module, self.held_out, self.config.device, drawn)
        train, validation = score_of(seen), replace(validation, bound=own)
        for value in (train.reconstruction, train.kl, validation.reconstruction, validation.kl):
            check_finite("score", value, self.step, self.config)
        self._pace.mark(self.step, self.elapsed)
        reached = self.budget.reached(self.step)
        return Report(
            step=self.step,
            steps=self.steps,
            share=self.share,
            epoch=self.step / self.steps_per_epoch,
            seconds=self.elapsed,
            remaining=self.remaining() or 0.0,
            lr=self._learning_rate(reached),
            beta=self.objective.options.beta_at(self._schedule(reached)),
            train=train,
            validation=validation,
            kl_per_dim=kl_per_dim,
            pixel_scale=self.model.likelihood.pixel_scale(),
        )


def fit(model: VAE, dataset: ImageDataset, config: TrainConfig) -> Iterator[Report]:
    """Train a model in place, yielding a `Report` about once a second and one at the end."""
    return Trainer(model, dataset, config).run()
