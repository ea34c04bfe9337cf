"""One training step: which images it takes, in what arithmetic it runs, and its compiled form."""

import dataclasses
import math
import os
import shutil
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from vae.data import ImageDataset, Split
from vae.models.config import VAEConfig
from vae.models.likelihoods import Gaussian
from vae.models.networks import MLP, Conv
from vae.models.vae import build
from vae.training.config import TrainConfig
from vae.training.device import has_fast_bfloat16
from vae.training.loop import Trainer

TINY = VAEConfig(image_shape=(1, 8, 8), architecture=MLP(hidden=(32,)))
GREY = dataclasses.replace(TINY, likelihood=Gaussian())
PRODUCTS = {"mm", "addmm", "bmm", "convolution", "convolution_backward"}
COMPILER = shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")


@pytest.fixture(scope="module")
def dataset() -> ImageDataset:
    """64 images to learn from and 12 others held out, no two alike, in all shades of grey."""
    pixels = np.random.default_rng(0).integers(0, 256, (76, 1, 8, 8), dtype=np.uint8)
    train, held_out = (
        Split(images, np.arange(len(images)) % 5) for images in np.split(pixels, [64])
    )
    return ImageDataset("noise", "Noise", train, held_out, held_out, tuple("abcde"))


class Fed:
    """What a trainer's encoder was given: batches to learn from, and images only looked at."""

    def __init__(self, trainer: Trainer):
        self.learned: list[torch.Tensor] = []
        self.looked_at: list[torch.Tensor] = []
        trainer.model.encoder.register_forward_pre_hook(self._note)

    def _note(self, encoder: torch.nn.Module, inputs: tuple[torch.Tensor]) -> None:
        kept = self.learned if torch.is_grad_enabled() else self.looked_at
        kept.append(inputs[0].detach().clone())


def fed(dataset: ImageDataset, model: VAEConfig = GREY, **config) -> Fed:
    """Train for a few epochs of four steps and return what the model was given."""
    trainer = Trainer(build(model), dataset, TrainConfig(**{"batch_size": 16} | config))
    seen = Fed(trainer)
    list(trainer.run())
    return seen


def rows_of(batch: torch.Tensor, images: np.ndarray) -> list[int]:
    """Find the rows of which a batch's images are exactly the 255ths."""
    levels = (batch * 255).round()
    torch.testing.assert_close(levels / 255, batch, rtol=0, atol=1e-6)
    same = levels.to(torch.uint8)[:, None] == torch.from_numpy(images)[None]
    rows = same.flatten(2).all(2).nonzero()
    assert rows[:, 0].tolist() == list(range(len(batch)))
    return rows[:, 1].tolist()


def test_an_epoch_feeds_every_training_image_once_as_pixels_from_0_to_1(dataset):
    batches = fed(dataset, epochs=1).learned
    assert [(len(batch), batch.dtype) for batch in batches] == [(16, torch.float32)] * 4
    rows = [row for batch in batches for row in rows_of(batch, dataset.train.images)]
    assert sorted(rows) == list(range(64))


def test_a_batch_carries_the_rows_and_the_labels_of_its_own_images(dataset):
    trainer = Trainer(build(GREY), dataset, TrainConfig(epochs=2, batch_size=16))
    batches, shares = [], []

    def note(step, arguments):
        batches.append(arguments[0])
        shares.append(arguments[1])

    trainer.step_module.register_forward_pre_hook(note)
    list(trainer.run())
    for batch in batches:
        rows = rows_of(batch.x, dataset.train.images)
        assert batch.index.tolist() == rows
        assert batch.y.tolist() == dataset.train.labels[rows].tolist()
    assert shares == [step / 8 for step in range(8)]


def test_each_epoch_and_each_seed_has_an_order_of_its_own(dataset):
    batches = fed(dataset, epochs=2).learned + fed(dataset, epochs=1, seed=1).learned
    rows = [row for batch in batches for row in rows_of(batch, dataset.train.images)]
    orders = {tuple(rows[start : start + 64]) for start in (0, 64, 128)}
    assert len(orders) == 3
    assert tuple(range(64)) not in orders


def test_stochastic_pixels_are_black_or_white_with_their_greys_probability(dataset):
    seen = fed(dataset, TINY, epochs=100, binarize="stochastic", precision="float32")
    batches = torch.cat(seen.learned)
    assert set(batches.unique().tolist()) == {0.0, 1.0}
    # 6,400 images, every training image in 100 of them: five standard errors of the mean ink
    grey = torch.from_numpy(dataset.train.images).float().mean(0) / 255
    spread = (grey * (1 - grey) / len(batches)).sqrt()
    assert bool(((batches.mean(0) - grey).abs() < 5 * spread).all())


def test_stochastic_pixels_are_drawn_anew_in_every_epoch(dataset):
    batches = fed(dataset, TINY, batch_size=64, epochs=2, binarize="stochastic").learned
    first, second = ({tuple(x.flatten().tolist()) for x in batch} for batch in batches)
    assert len(first) == len(second) == 64
    assert first.isdisjoint(second)


@pytest.mark.parametrize(("model", "binarize"), [(GREY, None), (TINY, "none"), (GREY, "none")])
def test_greys_stay_grey_where_nothing_is_drawn(dataset, model, binarize):
    batches = fed(dataset, model, epochs=1, binarize=binarize).learned
    assert len(torch.cat(batches).unique()) > 200


def test_automatic_draws_pixels_for_a_bernoulli(dataset):
    batches = fed(dataset, TINY, epochs=1).learned
    assert set(torch.cat(batches).unique().tolist()) == {0.0, 1.0}


def test_a_report_looks_at_the_validation_images_as_they_are(dataset):
    looked_at = torch.cat(fed(dataset, TINY, epochs=1).looked_at)
    assert rows_of(looked_at, dataset.validation.images) == list(range(12))


def test_a_report_is_the_mean_over_all_images_since_the_one_before(dataset):
    trainer = Trainer(build(TINY), dataset, TrainConfig(epochs=2, batch_size=16))
    seen, advance = [], trainer._advance

    def noting():
        seen.append(advance())
        return seen[-1]

    trainer._advance = noting
    for report in trainer.run():
        log_px, kl = (
            torch.cat([getattr(terms, key) for terms in seen]) for key in ("log_px", "kl")
        )
        assert report.train.reconstruction == pytest.approx(log_px.mean().item())
        assert report.train.kl == pytest.approx(kl.mean().item())
        seen.clear()
    assert trainer.step == 8


def test_weights_move_by_adamw_with_the_memory_and_decay_that_were_asked_for(dataset):
    asked = {"learning_rate": 0.01, "adam_beta2": 0.7, "weight_decay": 0.5, "rise": 0.0}
    config = TrainConfig(epochs=2, batch_size=16, precision="float32", **asked)
    trainer = Trainer(build(TINY), dataset, config)
    weight = trainer.model.decoder[-2].weight
    expected, first, second = weight.detach().double(), 0.0, 0.0
    for step in range(8):
        trainer._advance()
        # along half a cosine from 0.01 to 0, with no rise before it
        rate = 0.01 * 0.5 * (1 + math.cos(math.pi * step / 8))
        gradient = weight.grad.double()
        first = 0.9 * first + 0.1 * gradient
        second = 0.7 * second + 0.3 * gradient**2
        mean, square = first / (1 - 0.9 ** (step + 1)), second / (1 - 0.7 ** (step + 1))
        # Loshchilov and Hutter 2019, algorithm 2
        expected = expected * (1 - rate * 0.5) - rate * mean / (square.sqrt() + 1e-8)
    # eight steps in float32
    torch.testing.assert_close(weight.detach().double(), expected, atol=1e-5, rtol=0)


class Products(TorchDispatchMode):
    """Notes the types of the operands of all matrix products and convolutions, both ways."""

    def __init__(self):
        super().__init__()
        self.types: set[torch.dtype] = set()
        self.kinds: set[str] = set()

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        kind = function.overloadpacket.__name__
        if kind in PRODUCTS:
            self.kinds.add(kind)
            self.types |= {arg.dtype for arg in args if isinstance(arg, torch.Tensor)}
        return function(*args, **(kwargs or {}))


def products(dataset: ImageDataset, model: VAEConfig, precision: str) -> Products:
    """Make one step and return its matrix products; what is stored and summed stays float32."""
    trainer = Trainer(build(model), dataset, TrainConfig(epochs=1, precision=precision))
    with Products() as seen:
        terms = trainer._advance()
    stored = [*trainer.model.parameters(), *filter(torch.is_tensor, terms)]
    stored += [slot["exp_avg"] for slot in trainer.optimizer.state.values()]
    assert {values.dtype for values in stored} == {torch.float32}
    return seen


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_matrix_products_of_a_dense_model_run_in_the_arithmetic_that_was_asked_for(
    dataset, precision
):
    seen = products(dataset, TINY, precision)
    assert seen.types == {getattr(torch, precision)}
    assert {"addmm", "mm"} <= seen.kinds


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_convolutions_run_in_the_arithmetic_that_was_asked_for(dataset, precision):
    model = dataclasses.replace(TINY, architecture=Conv((4,), width=8))
    seen = products(dataset, model, precision)
    assert seen.types == {getattr(torch, precision)}
    assert {"convolution", "convolution_backward"} <= seen.kinds


def test_automatic_arithmetic_is_bfloat16_just_where_the_processor_has_it(dataset):
    wanted = torch.bfloat16 if has_fast_bfloat16() else torch.float32
    assert products(dataset, TINY, "auto").types == {wanted}


@pytest.fixture
def compiling(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Count what is compiled, and leave torch and the environment as they were."""
    import torch._dynamo
    from torch._inductor import config

    monkeypatch.setenv("CXX", os.environ.get("CXX", ""))
    torch._dynamo.reset()
    torch._dynamo.utils.counters.clear()
    # in this process: starting others that compile takes longer than these few lines of code
    with config.patch({"cpp.cxx": config.cpp.cxx, "compile_threads": 1}):
        yield
    torch._dynamo.reset()


# what torch says of its own code as it is imported and as it follows ours
@pytest.mark.filterwarnings("ignore:.torch.jit.script_method. is deprecated:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor:UserWarning")
@pytest.mark.skipif(COMPILER is None, reason="there is no C++ compiler on this machine")
def test_a_compiled_step_gives_the_losses_of_the_plain_one(dataset, compiling):
    def losses(compile: bool) -> list[float]:
        config = TrainConfig(epochs=1, batch_size=16, precision="float32", compile=compile)
        trainer = Trainer(build(TINY), dataset, config)
        return [trainer._advance().loss.item() for _ in range(4)]

    plain = losses(compile=False)
    assert not torch._dynamo.utils.counters["stats"]
    # float32 sums of 16 × 64 terms in another order
    assert losses(compile=True) == pytest.approx(plain, rel=1e-5)
    assert torch._dynamo.utils.counters["stats"]["unique_graphs"] > 0
