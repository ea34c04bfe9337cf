"""What is done to pictures when they are prepared."""

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar

from vae.data.own.limits import SIDES
from vae.options import build, option, to_json

TURNS = ("none", "left", "right", "half")
DRAWN, GIVEN = SPLITS = ("drawn", "given")


@dataclass(frozen=True)
class Choices:
    """How pictures become images of one size.

    The defaults leave pictures of 28×28 grey pixels as they are; `Found.suggested` has those that
    suit what was found. They are applied in the order turn, mirror, fit, invert.
    """

    name: ClassVar[str] = "own-images"
    height: int = option(
        28, "height of the images", minimum=SIDES[0], maximum=SIDES[1], unit="pixels"
    )
    width: int = option(
        28, "width of the images", minimum=SIDES[0], maximum=SIDES[1], unit="pixels"
    )
    fit: str = option(
        "crop",
        "how a picture of other proportions becomes an image: its middle is cut out, it is padded "
        "with the level of its edge, or it is stretched",
        choices=("crop", "pad", "stretch"),
    )
    colours: str = option(
        "grey", "whether images have grey levels or three colours", choices=("grey", "colour")
    )
    invert: bool = option(
        False, "swap black and white, as for dark ink on paper", title="Swap black and white"
    )
    turn: str = option("none", "turn the pictures by a quarter or half a turn", choices=TURNS)
    mirror: bool = option(False, "swap left and right, after turning", title="Swap left and right")
    split: str = option(
        "drawn",
        "which pictures are held out to validate and to test: a fixed draw, or those that the "
        "files themselves give, as by folders train and test",
        choices=SPLITS,
        title="Held-out pictures",
    )
    without_copies: bool = option(
        False,
        "leave out each picture that has the same pixels as one before it",
        title="Leave out duplicates",
    )
    without_empty: bool = option(
        False,
        "leave out pictures in which hardly anything can be seen",
        title="Leave out nearly empty pictures",
    )

    @property
    def channels(self) -> int:
        """Return 1 for grey images and 3 for colours."""
        return 1 if self.colours == "grey" else 3

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Channels, height, width."""
        return self.channels, self.height, self.width

    def to_json(self) -> dict[str, Any]:
        """Give the choices as plain values, as `from_json` takes them."""
        return {key: value for key, value in to_json(self).items() if key != "name"}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Choices":
        """Read the choices; `UserError` for one that is unknown or out of range."""
        return build(cls, values, "images")

    def replace(self, **changes: Any) -> "Choices":
        """Give a copy with other values."""
        return dataclasses.replace(self, **changes)
