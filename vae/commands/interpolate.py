"""Walk from one image to another through the latent space and write the images."""

import argparse
import math
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from vae.commands import classes
from vae.commands.opening import open_checkpoint
from vae.commands.parsing import add_beta, add_checkpoint, number, seed
from vae.commands.writing import check_writable, suffix, write
from vae.errors import UserError
from vae.files.writing import explain
from vae.models.place import is_place

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

    from vae.checkpoint import Atlas, Checkpoint
    from vae.data.pictures import Picture

    End = tuple[np.ndarray, int | None]
    """A latent (z_dim,), and its class where it has one."""

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff")
FORMS = "z:0.5,-1, index:123, prior:SEED or a picture file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's flags."""
    from vae.export.film import MILLISECONDS, methods

    add_checkpoint(parser)
    add_beta(parser)
    for flag, what in (("--from", "start"), ("--to", "end")):
        parser.add_argument(
            flag,
            required=True,
            dest=what,
            metavar="PLACE",
            help=f"where to {what}: a class by number or name (its encoded image nearest its "
            "mean), z:0.5,-1 (a latent), index:123 (an image of the model's atlas, by its row in "
            "its split), prior:SEED (a draw from the prior), or a picture file, which is encoded; "
            "PLACE@CLASS decodes it as another class, for a model that is told classes",
        )
    parser.add_argument(
        "--method",
        choices=methods(),
        default="slerp",
        help="kind of path (default slerp); both shows one beside the other",
    )
    parser.add_argument(
        "--steps", type=number(2, 1000), default=32, help="images on the path (default 32)"
    )
    parser.add_argument(
        classes.FLAG,
        metavar="CLASS",
        help="class that the whole path is told, for a model that is told classes (default: each "
        "end's own, which changes half-way; a picture file's is the one that explains it best)",
    )
    parser.add_argument(
        "--overshoot",
        type=_overshoot,
        default=0.0,
        metavar="T",
        help="go on beyond both ends by this share of the way, at most 0.5 (default 0)",
    )
    parser.add_argument(
        "--out", required=True, metavar="FILE", help="an animation (.gif) or one strip (.png)"
    )
    parser.add_argument(
        "--zoom", type=number(1, 16), default=4, help="screen pixels per pixel (default 4)"
    )
    parser.add_argument(
        "--milliseconds",
        type=number(20, 1000),
        default=MILLISECONDS,
        help=f"time of an animation's frame, a multiple of 10 (default {MILLISECONDS})",
    )


def run(args: argparse.Namespace) -> None:
    """Find both ends, walk, decode and write."""
    from vae.export import film

    kind = suffix(args.out, (".gif", ".png"))
    film.check_frame_time(args.steps, args.milliseconds)
    check_writable(args.out)
    checkpoint = open_checkpoint(args.checkpoint, args.beta)
    held = classes.told(checkpoint, args.label)
    ends = [place(checkpoint, text, held) for text in (args.start, args.end)]
    (a, _), (b, _) = ends
    both = classes_of(checkpoint, [label for _, label in ends], held)
    way = film.Way(checkpoint, a, b, args.method, args.overshoot, both)
    content = (
        film.strip_png(way, args.steps, args.zoom)
        if kind == ".png"
        else film.film_gif(way, args.steps, args.zoom, args.milliseconds)
    )
    write(args.out, content)
    beyond = f", {args.overshoot:g} beyond both ends" if args.overshoot else ""
    print(f"{args.out}: {args.steps} images from {args.start} to {args.end}, {args.method}{beyond}")
    if both is not None:
        print(f"note: {_told_words(checkpoint, both)}")
    drawn = any(text.startswith("prior:") for text in (args.start, args.end))
    model = checkpoint.model
    if drawn and not model.config.posterior.has_density and model.prior.drawn_by is None:
        print("note: this model has no prior; this z is a standard normal draw")


def place(checkpoint: "Checkpoint", text: str, held: int | None = None) -> "End":
    """Find the latent (z_dim,) that an end of the path names, and its class where it has one.

    A class goes before all else. ``held`` is the class that the whole path is told, if one is.
    """
    from vae.latent import paths as latent

    before, at, told = text.rpartition("@")
    if at and checkpoint.model.conditioning.classes:
        label = classes.told(checkpoint, told)
        return place(checkpoint, before, label)[0], label
    label = classes.class_label(checkpoint, text)
    if label is not None:
        atlas = _atlas(checkpoint)
        return atlas.loc[latent.class_representative(atlas, label)], label
    kind, colon, value = text.partition(":")
    if colon and kind in PLACES:
        return PLACES[kind](checkpoint, value, held)
    if os.path.isfile(text) or text.lower().endswith(PICTURES):
        return _encoded_file(checkpoint, text, held)
    raise UserError(_unknown(checkpoint, text))


def classes_of(
    checkpoint: "Checkpoint", found: list[int | None], held: int | None
) -> tuple[int, int] | None:
    """Return the classes that a model is told at both ends; None where it is told none.

    An end that has no class of its own, such as z:0.5,-1, takes the other's.
    """
    if not checkpoint.model.conditioning.classes:
        return None
    if held is not None:
        return held, held
    a, b = found
    first, last = (b if a is None else a), (a if b is None else b)
    if first is None or last is None:
        raise UserError(
            f"the model {checkpoint.name} is told each image's class, and neither end has one; "
            f"give {classes.FLAG} one of {classes.listed(checkpoint)}"
        )
    return first, last


def _told_words(checkpoint: "Checkpoint", both: tuple[int, int]) -> str:
    a, b = (classes.name_of(checkpoint, label) for label in both)
    if both[0] == both[1]:
        return f"the model is told the class {a} on the whole path"
    return f"the model is told the class {a} up to half-way, and {b} from there on"


def _unknown(checkpoint: "Checkpoint", text: str) -> str:
    known = classes.listed(checkpoint) or "none: its images have no labels"
    return (
        f"unknown class '{text[:60]}' of the model {checkpoint.name}; choose from {known}, "
        f"or give {FORMS}"
    )


def _atlas(checkpoint: "Checkpoint") -> "Atlas":
    if checkpoint.atlas is None or not len(checkpoint.atlas.label):
        raise UserError(
            f"{checkpoint.name} holds no encoded images; train the model again, or give "
            "z:0.5,-1, prior:SEED or a picture file"
        )
    return checkpoint.atlas


def _latent(checkpoint: "Checkpoint", text: str, held: int | None) -> "End":
    import numpy as np

    z_dim = checkpoint.model.config.z_dim
    try:
        z = [float(part) for part in text.split(",")]
    except ValueError:
        z = []
    if not is_place(z, z_dim):
        raise UserError(
            f"z:{text[:60]} is no place in this latent space; give {z_dim} finite "
            f"number{'s' * (z_dim > 1)} with commas between"
        )
    return np.array(z), None


def _encoded_row(checkpoint: "Checkpoint", text: str, held: int | None) -> "End":
    import numpy as np

    atlas, split = _atlas(checkpoint), checkpoint.dataset.get("split", "test")
    # 18 digits fit into the index's type
    whole = text.isascii() and text.isdigit() and len(text) <= 18
    rows = np.flatnonzero(atlas.index == int(text)) if whole else np.empty(0, np.int64)
    if not len(rows):
        raise UserError(
            f"index:{text[:60]} is none of the {len(atlas.index):,} encoded images of the "
            f"{split} split; choose from {atlas.index.min()} to {atlas.index.max()}"
        )
    label = int(atlas.label[rows[0]])
    return atlas.loc[rows[0]], None if label < 0 else label


def _prior_draw(checkpoint: "Checkpoint", text: str, held: int | None) -> "End":
    """Draw of the prior; where each class has its own, of the held class or one drawn before."""
    import torch

    try:
        generator = torch.Generator().manual_seed(seed(text))
    except argparse.ArgumentTypeError as error:
        raise UserError(f"the seed of prior:{text[:60]} {error}") from None
    prior = checkpoint.model.prior
    if not prior.classes:
        return prior.sample(1, generator)[0].numpy(), None
    y = torch.randint(prior.classes, (1,), generator=generator)
    y = y if held is None else torch.tensor([held])
    return prior.sample(1, generator, y)[0].numpy(), int(y)


def _encoded_file(checkpoint: "Checkpoint", path: str, held: int | None) -> "End":
    import torch

    from vae.data import pictures
    from vae.files import regular

    model = checkpoint.model
    try:
        with regular.opened(path) as file:
            # one byte more than may be: enough to know, and no more of an endless file
            content = file.read(pictures.LARGEST_BYTES + 1)
        picture = pictures.open_picture(content, model.config.image_shape[0])
    except OSError as error:
        raise UserError(f"cannot read {path}: {explain(error)}") from None
    except UserError as error:
        raise UserError(f"{path}: {error}") from None
    if picture.is_empty:
        raise UserError(f"{path} is empty: all its pixels have the same level; choose another")
    x = torch.from_numpy(_read_as_images(checkpoint, picture, path, held))[None]
    y = _class_of(checkpoint, x, held)
    if y is not None and held is None:
        name = classes.name_of(checkpoint, int(y))
        print(f"note: {path} was taken for the class {name}, which explains it best by the bound")
    with torch.inference_mode():
        return model.encode(x, y).mean[0].numpy(), None if y is None else int(y)


def _class_of(checkpoint: "Checkpoint", x: "Tensor", held: int | None) -> "Tensor | None":
    """Return the class that a picture is told as, (1,): the held one, else the most likely."""
    import torch

    from vae.measures.recognition import most_likely_class

    if not checkpoint.model.conditioning.classes:
        return None
    label = most_likely_class(checkpoint.model, x) if held is None else held
    return torch.tensor([label])


def _read_as_images(
    checkpoint: "Checkpoint", picture: "Picture", path: str, held: int | None
) -> "np.ndarray":
    """Make a picture like the data set's images, and say on standard output what was done."""
    import numpy as np
    import torch

    from vae.data import framing_of, name_of, picture_fit
    from vae.measures import likeness

    model = checkpoint.model
    shape, framing = model.config.image_shape, framing_of(name_of(checkpoint.dataset))
    known = likeness.stored(checkpoint)

    def log_px(x: "np.ndarray") -> float:
        with torch.inference_mode():
            image = torch.from_numpy(x.astype(np.float32))[None]
            y = _class_of(checkpoint, image, held)
            return float(model.log_px(image, model.encode(image, y).mean, y))

    usual = None if known is None else (known[1], known[3])
    treatment = picture_fit.propose(picture.pixels, shape, framing, picture.wide, usual, log_px)
    x = picture_fit.fitted(picture.pixels, shape, framing, treatment).astype(np.float32)
    done = picture_fit.in_words(treatment, picture.pixels, framing)
    if done:
        print(f"note: {path} was {done}")
    if known is not None and not known[0] <= (value := log_px(x)) <= known[-1]:
        print(
            f"note: {path} is unlike what the model was trained on: log p(x|z) is {value:.0f} nats,"
            f" and 98 of 100 held-out images lie from {known[0]:.0f} to {known[-1]:.0f}"
        )
    return x


PLACES: dict[str, Callable[["Checkpoint", str, int | None], "End"]] = {
    "z": _latent,
    "index": _encoded_row,
    "prior": _prior_draw,
}


def _overshoot(text: str) -> float:
    from vae.latent.paths import LARGEST_OVERSHOOT

    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= LARGEST_OVERSHOOT:
        raise argparse.ArgumentTypeError(f"must be from 0 to {LARGEST_OVERSHOOT}, not '{text}'")
    return value
