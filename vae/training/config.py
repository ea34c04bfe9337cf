"""How a model is trained: what is minimised, for how long, and how the steps are made."""

from dataclasses import Field, dataclass
from typing import Any

from vae.errors import UserError
from vae.models.config import VAEConfig
from vae.options import build as build_options
from vae.options import named_parts, option, part, part_fields, to_json, validate
from vae.training.objectives import OBJECTIVES, Elbo, ObjectiveOptions

DEFAULT_SECONDS = 60.0


@dataclass(frozen=True)
class TrainConfig:
    """How a model is trained; the budget is a number of epochs, or else of seconds."""

    objective: ObjectiveOptions = part(Elbo(), OBJECTIVES, "what training minimises")
    epochs: int | None = option(
        None,
        "passes over the training images",
        minimum=1,
        maximum=100_000,
        unit="epochs",
        steer="epochs",
    )
    seconds: float | None = option(
        None,
        "time to train for, instead of epochs",
        above=0.0,
        maximum=1e6,
        unit="s",
        steer="seconds",
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
        steer="step size",
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
    mean_start: bool | None = option(
        None,
        "whether the decoder starts at the mean of the training images, which saves a run of a few "
        "epochs the steps that find it; automatic does so under a VampPrior, whose codes may "
        "collapse in those steps",
        title="Start at the mean image",
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

    def __post_init__(self) -> None:
        named_parts(self)
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
        return build_options(cls, {"adam_beta2": 0.999} | dict(mapping), "training")


def kinds() -> dict[str, Field[Any]]:
    """Give the fields of both configs that hold a part of a run, by the kind of part."""
    return part_fields(VAEConfig) | part_fields(TrainConfig)
