"""From drawings to a run: prepared in a thread, then trained on with one press."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui import resources
from ui.state import put, store
from ui.train import shown
from ui.train.drawn import state
from ui.train.own import state as own_state
from ui.train.own.job import Job
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.data.own.drawn import Warping
    from vae.models.config import VAEConfig
    from vae.training.config import TrainConfig

_KEY = "train_drawn_work"
Z_DIM = 2


@dataclass
class Asked:
    """What is to be done once a set is prepared."""

    name: str
    start_from: str | None
    seconds: float | None
    """None where it is only chosen in the form."""
    job: Job


def begin(name: str, warping: "Warping", start_from: str | None, seconds: float | None) -> None:
    """Begin to prepare a set; a second press while that runs does nothing."""
    from vae.data.own import drawn

    if under_way() is None:
        job = Job(lambda tell: drawn.prepare(name, warping, tell))
        store()[_KEY] = Asked(name, start_from, seconds, job)


def under_way() -> Job | None:
    """Return the work of this visitor that is not settled."""
    asked: Asked | None = store().get(_KEY)
    return None if asked is None else asked.job


def settle() -> bool:
    """Go on with a set that is prepared: train on it, or choose it; true where the page changes."""
    asked: Asked | None = store().get(_KEY)
    if asked is None or asked.job.running:
        return False
    del store()[_KEY]
    if asked.job.result is None:
        if asked.job.error:
            state.say(asked.job.error)
        return True
    try:
        if asked.seconds is None:
            _choose(asked)
        else:
            _launch(asked, asked.seconds)
    except UserError as error:
        state.say(str(error))
        return True
    state.close()
    return True


def _launch(asked: Asked, seconds: float) -> None:
    from vae.runs import control

    model, training = configs(asked.start_from, seconds)
    run = control.launch(asked.name, model, training, asked.start_from)
    own_state.choose(asked.name)
    shown.remember(run)


def _choose(asked: Asked) -> None:
    from ui.train.prefill import fields

    model, training = configs(asked.start_from, 60.0)
    config = {"dataset": asked.name, "model": model.to_json(), "training": training.to_json()}
    if asked.start_from is not None:
        config["start_from"] = {"model": asked.start_from}
    for key, value in fields(config).items():
        put(key, value)
    shown.new_form()


def configs(start_from: str | None, seconds: float) -> "tuple[VAEConfig, TrainConfig]":
    """Give the two configs of a run: those of the model that it starts from, or the defaults."""
    from vae.data.own.drawn import SIDE
    from vae.models.config import VAEConfig
    from vae.training.config import TrainConfig

    if start_from is None:
        return VAEConfig((1, SIDE, SIDE), Z_DIM), TrainConfig(seconds=seconds)
    header = resources.header(start_from)
    theirs = TrainConfig.from_json(header["training"])
    return VAEConfig.from_json(header["model"]), TrainConfig(
        seconds=seconds, objective=theirs.objective
    )


def origins() -> list[str]:
    """List the models of the library that a training on drawings can start from."""
    return [name for name in resources.library() if _fits(name)]


def _fits(name: str) -> bool:
    from vae.data.own.drawn import SIDE
    from vae.training.inherit import check_inherits

    try:
        model, training = configs(name, 1.0)
        check_inherits(name, model, model, training.objective)
    except UserError:
        return False
    # what is told or learns the classes of other images knows none of these
    return tuple(model.image_shape) == (1, SIDE, SIDE) and not model.classes
