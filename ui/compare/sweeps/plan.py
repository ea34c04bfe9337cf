"""What a new sweep will be: its runs, and the time that is told before any of them starts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ui import resources, words
from ui.train.form import waiting_runs
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.models.config import VAEConfig
    from vae.runs.watch import RunView
    from vae.sweep import Value
    from vae.training.config import TrainConfig

MOST_DIMENSIONS = 512
MOST_RUNS = 24
"""Of one press; the command line takes more."""


@dataclass(frozen=True)
class Plan:
    """A sweep that can be launched."""

    dataset: str
    model: "VAEConfig"
    training: "TrainConfig"
    varied: "dict[str, tuple[Value, ...]]"

    @property
    def runs(self) -> int:
        """How many runs it has."""
        count = 1
        for values in self.varied.values():
            count *= len(values)
        return count


def of_model(name: str) -> tuple[str, "VAEConfig", "TrainConfig"]:
    """Return data set and configuration of a model of the library."""
    from vae.models.config import VAEConfig
    from vae.training.config import TrainConfig

    header = resources.header(name)
    dataset = header["dataset"].get("name")
    if not dataset:
        raise UserError(f"the file of {name} does not name its data set; choose another model")
    model = VAEConfig.from_json(header["model"])
    return str(dataset), model, TrainConfig.from_json(header["training"])


def usual() -> tuple[str, "VAEConfig", "TrainConfig"]:
    """Return the Train page's defaults."""
    from ui.train.form import default_dataset
    from vae import data
    from vae.models.config import VAEConfig
    from vae.training.config import TrainConfig

    dataset = default_dataset()
    return dataset, VAEConfig(image_shape=data.find(dataset).image_shape), TrainConfig()


def plan(
    configuration: tuple[str, "VAEConfig", "TrainConfig"],
    seconds: float | None,
    varied: "dict[str, tuple[Value, ...]]",
) -> Plan:
    """Put together what the form asks for; `UserError` where it is too much or not a time."""
    dataset, model, training = configuration
    if seconds is None:
        raise UserError("say how long each run trains: a number of seconds")
    training = replace(training, epochs=None, seconds=float(seconds))
    return checked(Plan(dataset, model, training, varied))


def checked(made: Plan) -> Plan:
    """Return a plan as it is; `UserError` where it has too many runs."""
    if made.runs > MOST_RUNS:
        raise UserError(f"{made.runs} runs are more than the {MOST_RUNS} of one press; choose less")
    return made


def read_list(text: str) -> tuple[str, ...]:
    """Read values with commas between them, or semicolons where values hold commas."""
    parts = text.split(";" if ";" in text else ",")
    return tuple(part.strip() for part in parts if part.strip())


def read_dimensions(text: str) -> tuple[int, ...]:
    """Read numbers of dimensions with commas between them, in ascending order.

    Raises
    ------
    UserError
        Where there are fewer than two, or one is none.
    """
    parts = read_list(text)
    if not all(part.isdecimal() and 1 <= int(part[:9]) <= MOST_DIMENSIONS for part in parts):
        raise UserError(
            f"numbers of dimensions must be whole numbers from 1 to {MOST_DIMENSIONS} with commas "
            f"between them, such as 2, 4, 8, not {text[:40]!r}"
        )
    found = tuple(sorted({int(part) for part in parts}))
    if len(found) < 2:
        raise UserError("give two numbers of dimensions at least, such as 2, 4, 8")
    return found


def seconds_of(asked: Plan, runs: "Sequence[RunView]") -> float:
    """Predict how long all runs take one after another, starting and measuring included."""
    from vae import data
    from vae.runs import estimate, variation
    from vae.sweep import combinations

    source = data.find(asked.dataset)
    slowness = estimate.slowness_of(runs, source, asked.model, asked.training)
    total = 0.0
    for values in combinations(asked.varied):
        model, training = asked.model, asked.training
        for option, value in values.items():
            model, training = variation.vary(
                model, training, option, value, len(source.class_names)
            )
        total += estimate.estimate(source.counts, model, training, slowness).seconds
    return total


def told(asked: Plan, seconds: float, runs: "Sequence[RunView]") -> str:
    """Say before the press what it starts and how long that takes; ``runs`` are those there are."""
    each = words.duration(asked.training.seconds or 0)
    return (
        f"{asked.runs} runs of {each} on {asked.dataset}, one after another: about "
        f"{words.duration(seconds)} with starting and measuring.{waiting_line(runs)}"
    )


def waiting_line(runs: "Sequence[RunView]") -> str:
    """Say behind how many runs new ones wait; nothing where they begin at once."""
    waiting = waiting_runs(runs)
    if not waiting:
        return ""
    return f" They wait for {waiting} other run{'s' * (waiting > 1)} to end."
