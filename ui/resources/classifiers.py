"""The classifier of a model's data set, trained beside the server when it is first asked for."""

import contextlib
import os
import threading
from dataclasses import dataclass

from ui import answers, navigation
from ui.resources import datasets
from vae.data import ImageDataset
from vae.errors import UserError
from vae.files import owner


@dataclass
class Reading:
    """A classifier on its way, or there: how far it is, or what went wrong."""

    done: int = 0
    total: int = 0
    packed: answers.Packed | None = None
    error: str | None = None
    worker: threading.Thread | None = None


_readings: dict[str, Reading] = {}
_guard = threading.Lock()
# one learns at a time: it keeps a core busy
_turn = threading.Lock()


def ask(model: str) -> Reading | None:
    """Tell how far the classifier of a model's images is; None where they are not here.

    The first to ask has it opened, or trained, by a thread of its own.

    Raises
    ------
    UserError
        Where there is no such model, its images have no labels, or visitors only look and it is
        not there yet.
    """
    dataset = datasets.of_model(model)
    if dataset is None:
        return None
    if dataset.train.labels is None:
        raise UserError("these images have no labels, so no classifier can name what is drawn")
    key = dataset.train.sha256()
    with _guard:
        found = _readings.get(key)
        if found is None or found.error is not None:
            if navigation.read_only() and not _is_kept(dataset):
                raise UserError("this server starts no work for its visitors; ask who runs it")
            found = _readings[key] = Reading()
            learn = owner.carried(_learn)
            found.worker = threading.Thread(target=learn, args=(found, dataset), daemon=True)
            found.worker.start()
    return found


def wait(model: str) -> None:
    """Return once the classifier that somebody asked for is there, or cannot be."""
    reading = ask(model)
    if reading is not None and reading.worker is not None:
        reading.worker.join()


def _is_kept(dataset: ImageDataset) -> bool:
    from vae.measures.classifier import is_kept

    return is_kept(dataset.train, dataset.validation)


def _learn(reading: Reading, dataset: ImageDataset) -> None:
    from vae.export.classifiers import classifier_payload
    from vae.measures.classifier import classifier_of

    def progress(done: int, total: int) -> None:
        reading.done, reading.total = done, total

    # pages come first; elsewhere than on Linux a thread has no priority of its own
    with contextlib.suppress(AttributeError, OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
    try:
        with _turn:
            found = classifier_of(dataset.train, dataset.validation, progress)
            reading.packed = answers.pack(classifier_payload(found, dataset.image_shape))
    except UserError as error:
        reading.error = str(error)
    except Exception as error:
        reading.error = f"the classifier could not be trained ({type(error).__name__}); try again"
        raise
