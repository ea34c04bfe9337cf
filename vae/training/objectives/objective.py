"""What every objective says of itself and does: the terms of a batch, and networks of its own.

An objective keeps its terms one value per image, in nats, and weights them once, on the last line:
the optimizer sees ``loss = -elbo``. Randomness comes in as an argument.
"""

from collections.abc import Mapping
from dataclasses import Field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

import numpy as np
import torch
from torch import Tensor, nn

from vae.data.batch import Batch
from vae.models.conditioning import ConditioningOptions, Unconditional
from vae.models.cost import Cost
from vae.models.posteriors import Gaussian, PosteriorOptions
from vae.options import Part

if TYPE_CHECKING:
    from vae.models.config import VAEConfig
    from vae.models.vae import VAE


class Terms(NamedTuple):
    """The parts of an objective for a batch, in nats."""

    loss: Tensor
    """Scalar that the model's optimizer sees, mean over the batch."""
    log_px: Tensor
    """log p(x|z) at one sampled z, shape (batch,)."""
    kl: Tensor | None = None
    """KL(q(z|x) ‖ p(z)) of each image, shape (batch,); none for an autoencoder."""
    kl_per_dim: Tensor | None = None
    """The same for each dimension, (batch, z_dim); none unless posterior and prior factorise."""
    own: Tensor | None = None
    """Scalar loss of the objective's own networks; no gradient of it reaches the model."""
    bound: Tensor | None = None
    """The objective's own bound on log p(x), (batch,), where it is tighter than the ELBO."""


class Objective(nn.Module):
    """Scores a batch; its parameters, if it has any, are its own and no part of the model."""

    def __init__(self, options: Any):
        super().__init__()
        self.options = options

    def terms(
        self,
        model: "VAE",
        batch: Batch,
        share: float,
        dataset_size: int,
        generator: torch.Generator,
    ) -> Terms:
        """Score a batch.

        Parameters
        ----------
        share
            How much of the training is done, from 0 to 1.
        dataset_size
            Number of images that are learnt from.
        """
        raise NotImplementedError

    def score(
        self, model: "VAE", batch: Batch, dataset_size: int, generator: torch.Generator
    ) -> Terms:
        """Score images that are only looked at, at the end of the schedules."""
        return self.terms(model, batch, 1.0, dataset_size, generator)

    def bound(self, model: "VAE", batch: Batch, generator: torch.Generator) -> Tensor | None:
        """Return the objective's own bound on log p(x), (batch,); None where the ELBO is all.

        Asked for just where the options have `bound_draws`.
        """
        return None

    def begin(
        self, model: "VAE", images: Tensor, batch_size: int, generator: torch.Generator
    ) -> None:
        """Hear, before the first step, of the training images, uint8 (N, C, H, W)."""

    def fit(self, model: "VAE", batch: Batch, share: float, generator: torch.Generator) -> None:
        """Improve the model on a batch, in place of an optimizer's step on ``Terms.loss``.

        Called just where the options say ``fits``.
        """
        raise NotImplementedError

    def rate_at(self, share: float) -> float:
        """Return the step size of `fit` after a share of the training in [0, 1]."""
        return 0.0

    def ahead(self, share: float) -> float:
        """Return how long a step takes from here on, in the mean, relative to one of late."""
        return 1.0

    def optimizers(self, learning_rate: float) -> list[torch.optim.Optimizer]:
        """Make the optimizers of the objective's own networks; they keep their step size.

        They step after the model's, on the gradients of ``Terms.own``. In ``Terms.loss`` an
        objective uses its networks through `frozen`, so that it moves the model alone.
        """
        own = list(self.parameters())
        return [torch.optim.AdamW(own, lr=learning_rate)] if own else []


class ObjectiveOptions:
    """What the options of every objective say beside their fields; each may say otherwise."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    name: ClassVar[str]
    posterior: ClassVar[PosteriorOptions] = Gaussian()
    """The posterior that a model gets where none is chosen."""
    main: ClassVar[str | None] = None
    """The option that the form asks for among the first choices; its title is short."""
    infers: ClassVar[bool] = False
    """Whether it trains the classifier of a conditioning that infers labels."""
    smallest_batch: ClassVar[int] = 1
    """How many images it must see at once."""
    is_reported: ClassVar[bool] = True
    """Whether reports tell all that it minimises: −log p(x|z), and the KL times `beta_at`."""
    conditioning: ClassVar[ConditioningOptions] = Unconditional()
    """What a model is told beside the image where nothing is chosen."""
    draws_beta: ClassVar[bool] = False
    """Whether it trains models that are told β, and no others."""
    fits: ClassVar[bool] = False
    """Whether it improves the model itself, by `Objective.fit`, instead of giving gradients."""
    at_once: ClassVar[bool] = False
    """Whether one step over all images is the whole training, so that there is no budget.

    The batch of that step is some of them, to be scored; all were told by `Objective.begin`.
    """
    in_turn: ClassVar[bool] = False
    """Whether parts of the model learn one after the other, so that its score falls in steps."""
    is_ordered: ClassVar[bool] = False
    """Whether the first k numbers of a code, with zeros after them, are a code of width k."""
    fixed: ClassVar[Mapping[str, Part | type[Part]]] = {}
    """The parts of a model, by kind, that nobody chooses: a class where its options are open."""
    unused: ClassVar[frozenset[str]] = frozenset()
    """The settings of a training, by field, that have no meaning for it."""
    formerly: ClassVar[Mapping[str, Any]] = {}
    """Values of options that files lack because they are older, where not the defaults."""

    @property
    def decodes(self) -> int:
        """How many times a step decodes each image, which is most of what it costs."""
        return 1

    @property
    def bound_draws(self) -> int:
        """How many draws its own bound on log p(x) takes; 0 where that is the ELBO."""
        return 0

    @property
    def joins(self) -> int:
        """How many images with a label join those of each step, beside what chance brings."""
        return 0

    @property
    def by_image(self) -> bool:
        """Tell whether the loss is a mean over images, each scored by itself and its own draws.

        Several processes that share out a batch then learn what one learns from all of it.
        """
        return False

    @property
    def compiles(self) -> bool:
        """Tell whether `torch.compile` takes its step."""
        return True

    @property
    def trains(self) -> str:
        """Name what a model trained like this is called."""
        return "VAE"

    @property
    def has_schedule(self) -> bool:
        """Tell whether the weight of the KL term changes on the way."""
        return False

    def beta_at(self, share: float) -> float:
        """Return the weight of the KL term after a share of the training in [0, 1]."""
        return 1.0

    def over(self, steps: int | None) -> Self:
        """Return the options of a training of so many steps, None where a time decides.

        What is counted in steps becomes a share of them. Raises `UserError` where that cannot be.
        """
        return self

    def contradiction(self) -> str | None:
        """Say which of the options exclude one another; None where they agree."""
        return None

    @classmethod
    def refusal_of(cls, posterior: PosteriorOptions | type[PosteriorOptions]) -> str | None:
        """Say why a posterior cannot be trained like this; None where it can.

        What weighs a KL, as most objectives do, takes the posteriors that have a density.
        """
        return None if posterior.has_density else "it has no density, so that there is no KL"

    def refusal(self, model: "VAEConfig") -> str | None:
        """Say why a model cannot be trained with these options; None where it can."""
        return None

    def multiply_adds(self, model: "VAEConfig", images: int) -> float | None:
        """Count what a step on so many images costs, where it `fits`; None where it does not."""
        return None

    def cost(self, model: "VAEConfig", batch: int) -> Cost:
        """Count what a step on a batch costs beside encoding, drawing and decoding its images."""
        return Cost()

    def labelled_rows(self, labels: np.ndarray) -> np.ndarray | None:
        """Return the training images whose labels may be used, int64 (K,); None for all of them.

        The trainer hides all others, and those of the validation images.
        """
        return None

    def module(self, model: "VAEConfig") -> Objective:
        """Build what scores batches of such a model."""
        raise NotImplementedError


def frozen(network: nn.Module, *inputs: Tensor) -> Tensor:
    """Call a network so that gradients reach its inputs and not its parameters."""
    fixed = {name: value.detach() for name, value in network.named_parameters()}
    outputs: Tensor = torch.func.functional_call(network, fixed, inputs)
    return outputs
