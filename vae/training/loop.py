"""The training loop: a generator of progress records that knows no files, threads or screen.

Fast on a CPU by what was measured to pay: the images stay in memory as uint8, Adam is fused, and
matrix products run in bfloat16 where the processor has instructions for it.
"""

import math
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from vae.data import ImageDataset
from vae.errors import UserError
from vae.models.likelihoods import Bernoulli
from vae.models.vae import VAE
from vae.options import build as build_options
from vae.options import from_json, option, to_json, validate
from vae.training import compiler
from vae.training.budget import StepBudget, TimeBudget
from vae.training.objectives import OBJECTIVES, Elbo, Terms
from vae.training.report import Report, Score
from vae.training.stopwatch import Stopwatch
from vae.training.threads import Company

REPORT_SECONDS = 1.0
REPORT_REST = 3.0
"""How many times as long as a report took, whoever takes it included, training goes on at least."""
VALIDATION_IMAGES = 2000
ADAM_BETA1 = 0.9
DEFAULT_SECONDS = 60.0
PACE_REPORTS = 10
"""So many reports back, the speed of late is measured from."""


@dataclass(frozen=True)
class TrainConfig:
    """How a model is trained; the budget is a number of epochs, or else of seconds."""

    objective: Any = Elbo()
    epochs: int | None = option(
        None, "passes over the training images", minimum=1, maximum=100_000, unit="epochs"
    )
    seconds: float | None = option(
        None, "time to train for, instead of epochs", above=0.0, maximum=1e6, unit="s"
    )
    batch_size: int = option(
        256, "images of which each step takes the mean", minimum=1, maximum=65_536, unit="images"
    )
    learning_rate: float = option(
        3e-3,
        "largest step size of AdamW; it falls to 0 along a cosine",
        above=0.0,
        maximum=1.0,
        title="Step size (learning rate)",
    )
    adam_beta2: float = option(
        0.95,
        "how much of the mean of the squared gradients is kept at each step; lower values follow "
        "the gradients sooner, which pays in short runs",
        minimum=0.0,
        maximum=0.9999,
        title="Memory of squared gradients (Adam's β₂)",
    )
    weight_decay: float = option(
        0.0,
        "share of every weight that is taken away at each step, times the step size",
        minimum=0.0,
        maximum=10.0,
    )
    rise: float = option(
        0.15,
        "share of the training over which the step size rises to its largest value",
        minimum=0.0,
        maximum=1.0,
        title="Warm-up of the step size",
    )
    rising_steps: int | None = option(
        None,
        "number of steps over which the step size rises, in place of a share of the training",
        minimum=1,
        maximum=100_000,
        title="Warm-up as a number of steps",
    )
    binarize: str | None = option(
        None,
        "whether each training pixel is drawn as black or white anew at each step, its grey value "
        "being the probability of white, which regularises; automatic does so where the "
        "likelihood is Bernoulli",
        choices=("none", "stochastic"),
        title="Draw pixels as black or white",
    )
    seed: int = option(
        0, "start of the random numbers for weights, order and noise", minimum=0, maximum=2**31 - 1
    )
    device: str = option(
        "cpu",
        "where to train: the processor, a GPU of NVIDIA, or one of Apple",
        choices=("cpu", "cuda", "mps"),
    )
    precision: str = option(
        "auto",
        "arithmetic of the matrix products; auto is bfloat16 where the processor has it",
        choices=("auto", "float32", "bfloat16"),
        title="Arithmetic",
    )
    compile: bool = option(
        False,
        "compile the step with torch.compile, which takes a minute and pays in long runs",
        title="Compile the step",
    )

    def __post_init__(self):
        validate(self)
        if self.epochs is not None and self.seconds is not None:
            raise UserError("give a budget in epochs or in seconds, not both")

    def to_json(self) -> dict[str, Any]:
        """Give the config as plain JSON values."""
        return to_json(self)

    @classmethod
    def from_json(cls, mapping: Any) -> "TrainConfig":
        """Rebuild a config from `to_json`'s form; raise `UserError` on anything unknown."""
        # what runs used before it was an option
        values = {"adam_beta2": 0.999} | dict(mapping)
        if "objective" in values:
            values["objective"] = from_json(OBJECTIVES, values["objective"], "objective")
        return build_options(cls, values, "training")


class Diverged(UserError):
    """Training left the finite numbers; the parameters before the last report are still good."""


def has_fast_bfloat16() -> bool:
    """Tell whether this processor multiplies bfloat16 matrices faster than float32."""
    probe = getattr(torch.cpu, "_is_avx512_bf16_supported", None)
    return bool(probe and probe())


def batch_of(images: Tensor, rows: Tensor | slice, device: str | torch.device = "cpu") -> Tensor:
    """Take rows of uint8 images (N, C, H, W) as float32 pixels in [0, 1]."""
    return images[rows].to(device).float().div_(255)


class Trainer:
    """One training run in memory: steps forward, reports, and gives and takes its whole state."""

    def __init__(
        self,
        model: VAE,
        dataset: ImageDataset,
        config: TrainConfig,
        watch: Stopwatch | None = None,
    ):
        self.model, self.config = model.to(_usable_device(config.device)), config
        # the layout in which processors convolve fastest, by 1.6 times here; no matter to others
        self.model.to(memory_format=torch.channels_last)
        self.images = torch.from_numpy(dataset.train.images)
        held_out = dataset.validation.images[:VALIDATION_IMAGES]
        self.held_out = torch.from_numpy(np.ascontiguousarray(held_out))
        self.batch_size = min(config.batch_size, len(self.images))
        self.steps_per_epoch = len(self.images) // self.batch_size
        self._report_steps = len(self.held_out) / self.batch_size
        self.step, self.stopping = 0, False
        # whether a step is under way, in which the state is none to go on from
        self.in_step = False
        self.watch = watch or Stopwatch()
        self.budget = self._budget()
        self.noise = torch.Generator(device=config.device).manual_seed(config.seed)
        # what a likelihood learns it settles itself
        weights = [p for n, p in model.named_parameters() if not n.startswith("likelihood.")]
        self.optimizer = torch.optim.AdamW(
            weights,
            lr=config.learning_rate,
            betas=(ADAM_BETA1, config.adam_beta2),
            weight_decay=config.weight_decay,
            fused=config.device != "mps",
        )
        self.bfloat16 = config.precision == "bfloat16" or (
            config.precision == "auto" and (config.device != "cpu" or has_fast_bfloat16())
        )
        if config.compile:
            compiler.choose()
        binary = isinstance(model.config.likelihood, Bernoulli)
        self.binarize = config.binarize or ("stochastic" if binary else "none")
        self._terms = torch.compile(self._forward) if config.compile else self._forward
        self._order: tuple[int, Tensor] | None = None
        timed = config.epochs is None and config.device == "cpu" and not config.compile
        self.company = Company(torch.get_num_threads()) if timed else None
        # seconds that one network takes for one image without learning, at the last report
        self.pass_seconds = 0.0
        # steps and seconds at the last reports
        self._marks: deque[tuple[int, float]] = deque([(0, 0.0)], maxlen=PACE_REPORTS)

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
        while not self.stopping and not self.done:
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

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """Give all that `restore` needs to go on exactly here: tensors, and plain values."""
        tensors = {
            f"model.{k}": v.detach().cpu().contiguous() for k, v in self.model.state_dict().items()
        }
        for index, values in self.optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer.{index}.{k}": v.contiguous() for k, v in values.items()}
        tensors["noise"] = self.noise.get_state()
        values = {"step": self.step, "steps": self.steps, "elapsed": self.elapsed}
        return tensors, values | {"share": self.budget.reached(self.step)}

    def restore(self, tensors: dict[str, Tensor], values: dict[str, Any]) -> None:
        """Go back to what `state` gave."""
        self._load(tensors, "model.", self.model)
        slots: dict[int, dict[str, Tensor]] = {}
        for key, value in tensors.items():
            if key.startswith("optimizer."):
                _, index, name = key.split(".", 2)
                slots.setdefault(int(index), {})[name] = value
        groups = self.optimizer.state_dict()["param_groups"]
        # an older run's optimizer moved a learned σ too, as the last of its numbers
        slots = {index: slot for index, slot in slots.items() if index in groups[0]["params"]}
        self.optimizer.load_state_dict({"state": slots, "param_groups": groups})
        for parameter, slot in self.optimizer.state.items():
            for key in ("exp_avg", "exp_avg_sq"):
                # the fused step pairs numbers by their place in memory, so layouts must agree
                slot[key] = torch.empty_like(parameter).copy_(slot[key])
        self.noise.set_state(tensors["noise"])
        self.step, self.watch.seconds = values["step"], values["elapsed"]
        self.budget = self._budget(values.get("share"))
        self._marks = deque([(self.step, self.elapsed)], maxlen=PACE_REPORTS)

    def is_finite(self) -> bool:
        """Tell whether every parameter is a finite number."""
        return all(bool(p.isfinite().all()) for p in self.model.parameters())

    @staticmethod
    def _load(tensors: dict[str, Tensor], prefix: str, model: VAE) -> None:
        own = {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
        model.load_state_dict(own)

    def _rows(self) -> Tensor:
        epoch, place = divmod(self.step, self.steps_per_epoch)
        if self._order is None or self._order[0] != epoch:
            # the order follows from seed and epoch alone, so that resuming needs no stored order
            order = torch.Generator().manual_seed(self.config.seed * 1_000_003 + epoch)
            self._order = epoch, torch.randperm(len(self.images), generator=order)
        return self._order[1][place * self.batch_size : (place + 1) * self.batch_size]

    def _advance(self) -> Terms:
        self.in_step = True
        x = batch_of(self.images, self._rows(), self.config.device)
        if self.binarize == "stochastic":
            x = torch.bernoulli(x, generator=self.noise)
        began = self.watch.read()
        share = self.budget.begin(self.step, began)
        for group in self.optimizer.param_groups:
            group["lr"] = self._learning_rate(share)
        terms = self._terms(x, share)
        self._check_finite("loss", terms.loss.item())
        self.model.zero_grad(set_to_none=True)
        terms.loss.backward()
        self.optimizer.step()
        self.model.likelihood.settle(x[0].numel())
        self.step += 1
        self.in_step = False
        self.budget.took(self.watch.read() - began)
        return Terms(*(None if term is None else term.detach() for term in terms))

    def _check_finite(self, what: str, value: float | None) -> None:
        if value is not None and not math.isfinite(value):
            raise Diverged(
                f"training diverged at step {self.step} (the {what} is {value}); "
                f"try a learning rate below {self.config.learning_rate:g}"
            )

    def _forward(self, x: Tensor, share: float) -> Terms:
        kind = torch.device(self.config.device).type
        with torch.autocast(kind, torch.bfloat16, enabled=self.bfloat16, cache_enabled=False):
            return self.config.objective.terms(self.model, x, share, self.noise)

    def _budget(self, share: float | None = None) -> StepBudget | TimeBudget:
        if self.config.epochs is not None:
            return StepBudget(self.config.epochs * self.steps_per_epoch)
        seconds = self.config.seconds or DEFAULT_SECONDS
        return TimeBudget(seconds, min(1.0, self.elapsed / seconds) if share is None else share)

    def _learning_rate(self, share: float) -> float:
        rise = self.config.rise
        if self.config.rising_steps is not None:
            rising = min(1.0, (self.step + 1) / self.config.rising_steps)
        else:
            rising = min(1.0, (share + self.budget.tick) / rise) if rise else 1.0
        fall = 0.5 * (1 + math.cos(math.pi * share))
        return self.config.learning_rate * rising * fall

    def remaining(self) -> float | None:
        """Seconds that are left, of steps at the speed of late; None before it can be told."""
        if self.done:
            return 0.0
        if isinstance(self.budget, TimeBudget):
            return max(0.0, self.budget.seconds - self.elapsed)
        step, seconds = self._marks[0]
        if self.step == step:
            return None
        return (self.budget.steps - self.step) * (self.elapsed - seconds) / (self.step - step)

    def _report(self, seen: list[Terms]) -> Report:
        began = time.perf_counter()
        validation, kl_per_dim = self._validate()
        self.pass_seconds = (time.perf_counter() - began) / (2 * len(self.held_out))
        log_px = torch.cat([terms.log_px for terms in seen]).mean().item()
        kls = [terms.kl for terms in seen if terms.kl is not None]
        kl = torch.cat(kls).sum(1).mean().item() if kls else None
        for value in (log_px, kl, validation.reconstruction, validation.kl):
            self._check_finite("score", value)
        self._marks.append((self.step, self.elapsed))
        reached = self.budget.reached(self.step)
        return Report(
            step=self.step,
            steps=self.steps,
            share=self.share,
            epoch=self.step / self.steps_per_epoch,
            seconds=self.elapsed,
            remaining=self.remaining() or 0.0,
            lr=self._learning_rate(reached),
            beta=self.config.objective.beta_at(reached),
            train=Score.of(log_px, kl),
            validation=validation,
            kl_per_dim=kl_per_dim,
            pixel_scale=self.model.likelihood.pixel_scale(),
        )

    @torch.inference_mode()
    def _validate(self) -> tuple[Score, list[float] | None]:
        generator = torch.Generator(device=self.config.device).manual_seed(0)
        log_px, kl = [], []
        for start in range(0, len(self.held_out), 500):
            x = batch_of(self.held_out, slice(start, start + 500), self.config.device)
            terms = self.config.objective.terms(self.model, x, 1.0, generator)
            log_px.append(terms.log_px)
            kl += [] if terms.kl is None else [terms.kl]
        mean = torch.cat(log_px).mean().item()
        if not kl:
            return Score.of(mean, None), None
        per_dim = torch.cat(kl).mean(0)
        return Score.of(mean, per_dim.sum().item()), per_dim.tolist()


def fit(model: VAE, dataset: ImageDataset, config: TrainConfig) -> Iterator[Report]:
    """Train a model in place, yielding a `Report` about once a second and one at the end."""
    return Trainer(model, dataset, config).run()


def _usable_device(name: str) -> str:
    there = {
        "cpu": True,
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
    }
    if not there[name]:
        raise UserError(f"there is no {name} device on this machine; choose cpu")
    return name
