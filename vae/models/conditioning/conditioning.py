"""What every conditioning says of itself and does: tables of what a class adds to the inputs.

A conditioning joins labels to what enters the networks by tables with one entry per class, so that
the browser, which gets the same tables, joins exactly what PyTorch joins.
"""

from dataclasses import Field
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vae.errors import UserError


class Conditioning(nn.Module):
    """Joins nothing: a model without labels. Others override what they change."""

    needs_labels = False
    """Whether the model is refused on images without labels."""
    infers = False
    """Whether it has a classifier, q(y|x), for images whose label is not known."""
    classes = 0
    """How many classes there are; 0 where the model is told none."""
    channels = 0
    """How many channels join the image before the encoder."""
    width = 0
    """How many numbers join z before the decoder."""
    betas: tuple[float, float] | None = None
    """Least and largest β that the networks can be told; None where they know but one."""

    def network(self, stack: nn.Sequential) -> nn.Sequential:
        """Put into a network, encoder or decoder, what tells it more."""
        return stack

    def added(self) -> Tensor | None:
        """Return what a class adds to the pixels of its images, (classes, C, H, W)."""
        return None

    def joined(self) -> Tensor | None:
        """Return the channels that join the images of a class, (classes, channels, H, W)."""
        return None

    def codes(self) -> Tensor | None:
        """Return the numbers that join the latents of a class, (classes, width)."""
        return None

    def log_qy(self, x: Tensor) -> Tensor:
        """Return log q(y|x) of images (batch, C, H, W), (batch, classes); only if it `infers`."""
        raise NotImplementedError

    def qy_network(self) -> nn.Sequential | None:
        """Return the network of images (batch, C, H, W) to a logit per class, if it `infers`."""
        return None

    def filled(self, x: Tensor, y: Tensor | None) -> Tensor | None:
        """Give the labels of images with those that are missing, −1, as far as it `infers` them."""
        return y

    def to_encoder(self, x: Tensor, y: Tensor | None) -> Tensor:
        """Join labels to images: (batch, C, H, W) to (batch, C + channels, H, W)."""
        added, joined = self.added(), self.joined()
        if added is not None:
            x = x + self._entries(added, y).to(x.dtype)
        if joined is not None:
            x = torch.cat([x, self._entries(joined, y).to(x.dtype)], dim=1)
        return x

    def to_decoder(self, z: Tensor, y: Tensor | None) -> Tensor:
        """Join labels to latents: (batch, z_dim) to (batch, z_dim + width)."""
        codes = self.codes()
        return z if codes is None else torch.cat([z, self._entries(codes, y).to(z.dtype)], dim=-1)

    def to_prior(self, y: Tensor | None) -> Tensor | None:
        """Return what the prior is told of the labels: all of them where every image has one."""
        return y if self.needs_labels else None

    def _entries(self, table: Tensor, y: Tensor | None) -> Tensor:
        """Look each label up in a table (classes, …); (batch, …)."""
        found = F.embedding(known_labels(y, self.classes), table.flatten(1))
        return found.reshape(len(found), *table.shape[1:])


def known_labels(y: Tensor | None, classes: int) -> Tensor:
    """Return labels that are there and name one of so many classes each.

    Raises
    ------
    UserError
        Where there are none, or one of them is no class of the model.
    """
    if y is None:
        raise UserError(
            "this model is told each image's class, and no class is given; "
            f"give one from 0 to {classes - 1}"
        )
    # compiled and weightless code looks at no value
    if not (y.is_meta or torch.compiler.is_compiling()):
        outside = y[(y < 0) | (y >= classes)]
        if len(outside):
            found = "no label" if outside[0] == -1 else f"the label {int(outside[0])}"
            raise UserError(
                f"this model knows the classes 0 to {classes - 1}, and an image has {found}; "
                "choose images of these classes"
            )
    return y


class ConditioningOptions:
    """Options that build the module of a conditioning, and what others may ask of it."""

    __dataclass_fields__: ClassVar[dict[str, Field[object]]]
    name: ClassVar[str]
    needs_labels: ClassVar[bool] = False
    """Whether a data set without classes is refused."""
    told_beta: ClassVar[bool] = False
    """Whether the networks are told β, so that the model holds for a range of them."""
    infers: ClassVar[bool] = False
    """Whether the module has a classifier, which an objective has to train."""

    def for_classes(self, count: int) -> "ConditioningOptions":
        """Return the options for a data set of so many classes; 0 where it has none.

        Raises
        ------
        UserError
            Where these options cannot be used with it.
        """
        return self

    def fits(self, other: "ConditioningOptions") -> bool:
        """Tell whether networks that were trained with ``other`` can go on with these options."""
        return self == other

    def module(self, z_dim: int, image_shape: tuple[int, int, int]) -> Conditioning:
        """Build what joins labels to what enters the networks."""
        raise NotImplementedError
