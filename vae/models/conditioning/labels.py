"""The class of each image is told to encoder and decoder: a class-conditional VAE."""

import dataclasses
from dataclasses import dataclass
from typing import ClassVar, Self

import torch
from torch import Tensor, nn

from vae.errors import UserError
from vae.models.conditioning.conditioning import Conditioning, ConditioningOptions
from vae.options import option

MOST_CLASSES = 1000


class LabelConditioning(Conditioning):
    """Adds a learned plane per class to the pixels, and joins the class as a one-hot code to z.

    Before a network's first layer, which is linear, a plane added to the pixels is as good as
    one-hot inputs of the layer: what the layer makes of the plane is its shift for the class. It
    costs no wider layer.
    """

    needs_labels = True

    def __init__(self, classes: int, image_shape: tuple[int, int, int]):
        super().__init__()
        self.classes = self.width = classes
        self.plane = nn.Parameter(torch.zeros(classes, *image_shape))
        self.one_hot: Tensor
        self.register_buffer("one_hot", torch.eye(classes), persistent=False)

    def added(self) -> Tensor:
        return self.plane

    def codes(self) -> Tensor:
        return self.one_hot


@dataclass(frozen=True)
class Labels(ConditioningOptions):
    """Encoder and decoder are told the image's class, so that z holds only what the class does not.

    Source: Sohn et al. 2015, "Learning structured output representation using deep conditional
    generative models"; most priors are the same for all classes, as in Kingma et al. 2014,
    "Semi-supervised learning with deep generative models", eq. 2.
    """

    name: ClassVar[str] = "labels"
    title: ClassVar[str] = "class labels"
    needs_labels: ClassVar[bool] = True
    classes: int = option(
        0,
        "number of classes; 0 takes the number that the data set has",
        minimum=0,
        maximum=MOST_CLASSES,
        title="Number of classes",
        given=True,
    )

    def for_classes(self, count: int) -> Self:
        """Return the options for a data set of so many classes."""
        if not 1 <= count <= MOST_CLASSES:
            has = f"{count:,} classes, more than {MOST_CLASSES:,}" if count else "no classes"
            raise UserError(
                f"the conditioning {self.name} tells the model each image's class, and this data "
                f"set has {has}; choose another data set, or the conditioning none"
            )
        if self.classes not in (0, count):
            raise UserError(
                f"the conditioning is set to {self.classes} classes and this data set has "
                f"{count}; leave conditioning.classes out"
            )
        return dataclasses.replace(self, classes=count)

    def module(self, z_dim: int, image_shape: tuple[int, int, int]) -> Conditioning:
        """Build what tells both networks the class."""
        if not self.classes:
            raise UserError(
                f"the conditioning {self.name} does not say how many classes there are; "
                "set conditioning.classes"
            )
        return LabelConditioning(self.classes, image_shape)
