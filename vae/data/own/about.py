"""What a prepared set says of itself: its about.json."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from vae.data.own.limits import MOST_CLASSES, SIDES
from vae.data.own.shards import STEP
from vae.data.sources import Framing
from vae.errors import UserError
from vae.files import plain_json, regular
from vae.files.writing import explain

FORMAT_VERSION = 1
ABOUT, IMAGES, LABELS = "about.json", "images.npy", "labels.npy"
LARGEST = 4 << 20
MOST_IMAGES = 1 << 32


@dataclass(frozen=True)
class About:
    """What stands in about.json.

    Attributes
    ----------
    title : str
        What the pictures came from.
    image_shape : (int, int, int)
        Channels, height, width.
    counts : (int, int, int)
        Training, validation and test images, which follow one another in the file.
    content : str
        Hex digest of all pictures and labels that were read.
    choices : dict
        The `Choices`, as plain values.
    origin : tuple of str
        The paths that the pictures came from; none for what a browser sent.
    stamp : str
        What the files of these paths looked like (sizes and times), hashed.
    by_default : bool
        Whether the choices are those that were suggested.
    sha256 : tuple of str
        Of the pixels of each split, in that order.
    shard_bytes : int
        Bytes of the images that each file holds, the last fewer; 0 where there is one file alone.
    """

    title: str
    image_shape: tuple[int, int, int]
    counts: tuple[int, int, int]
    class_names: tuple[str, ...]
    content: str
    choices: dict[str, Any]
    created: str
    origin: tuple[str, ...] = ()
    stamp: str = ""
    by_default: bool = False
    sha256: tuple[str, ...] = ()
    framing: Framing | None = None
    notes: tuple[str, ...] = ()
    skipped: int = 0
    shard_bytes: int = 0

    def to_bytes(self) -> bytes:
        """Write it as JSON."""
        text = json.dumps({"format_version": FORMAT_VERSION, **asdict(self)}, indent=1)
        return text.encode()


def read(folder: Path) -> About:
    """Read a prepared set's about.json; `UserError` where it is missing or damaged."""
    path = folder / ABOUT
    try:
        values = plain_json.strict(regular.read(path, LARGEST))
    except OSError as error:
        raise UserError(f"cannot read {path}: {explain(error)}") from None
    except ValueError as error:
        raise _damaged(path, str(error)) from None
    if not isinstance(values, dict) or values.pop("format_version", None) != FORMAT_VERSION:
        raise _damaged(path, "it is of another version")
    try:
        return _checked(About(**_plain(values)))
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise _damaged(path, str(error)) from None


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    made = {key: tuple(one) if isinstance(one, list) else one for key, one in values.items()}
    framing = made.get("framing")
    return made | {"framing": Framing(**framing) if isinstance(framing, dict) else None}


def _checked(about: About) -> About:
    low, high = SIDES
    channels, *sides = about.image_shape
    whole = all(type(one) is int for one in (*about.image_shape, *about.counts))
    if not whole or channels not in (1, 3) or len(sides) != 2:
        raise ValueError("its image shape is none")
    if not all(low <= side <= high for side in sides) or len(about.counts) != 3:
        raise ValueError("its sizes are none")
    if min(about.counts) < 1 or sum(about.counts) > MOST_IMAGES:
        raise ValueError("its counts are none")
    texts = (*about.class_names, *about.origin, *about.sha256, *about.notes)
    texts += (about.title, about.content, about.created, about.stamp)
    if not all(isinstance(one, str) for one in texts) or len(about.class_names) > MOST_CLASSES:
        raise ValueError("its texts are none")
    if type(about.shard_bytes) is not int or about.shard_bytes < 0 or about.shard_bytes % STEP:
        raise ValueError("its shards are none")
    if not isinstance(about.choices, dict) or len(about.sha256) not in (0, 3):
        raise ValueError("its choices are none")
    if about.framing is not None:
        numbers = (about.framing.box, about.framing.centre)
        if not all(type(one) is float for one in numbers) or about.framing.middle not in (
            "mass",
            "box",
        ):
            raise ValueError("its framing is none")
    return about


def _damaged(path: Path, why: str) -> UserError:
    return UserError(f"{path} is damaged ({why}); prepare the images again")
