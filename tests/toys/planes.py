"""A conditioning: one plane of ones per class beside the image, and the class's number beside z."""

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from torch import Tensor

from vae.models.conditioning import Conditioning, ConditioningOptions
from vae.options import option


class PlanesConditioning(Conditioning):
    """Joins one-hot planes to the image, and to z a number that runs from −1 to 1."""

    needs_labels = True
    width = 1
    planes: Tensor
    numbers: Tensor

    def __init__(self, classes: int, image_shape: tuple[int, int, int]):
        super().__init__()
        self.classes = self.channels = classes
        planes = torch.eye(classes)[:, :, None, None].expand(-1, -1, *image_shape[1:])
        self.register_buffer("planes", planes.clone(), persistent=False)
        self.register_buffer("numbers", torch.linspace(-1, 1, classes)[:, None], persistent=False)

    def joined(self) -> Tensor:
        return self.planes

    def codes(self) -> Tensor:
        return self.numbers


@dataclass(frozen=True)
class Planes(ConditioningOptions):
    """One plane per class beside the image, and the class's number beside z."""

    name: ClassVar[str] = "toy-planes"
    title: ClassVar[str] = "Toy planes"
    needs_labels: ClassVar[bool] = True
    classes: int = option(0, "number of classes", minimum=0, maximum=50, given=True)

    def for_classes(self, count: int) -> "Planes":
        """Take the number of classes of the data set."""
        return replace(self, classes=count)

    def module(self, z_dim: int, image_shape: tuple[int, int, int]) -> PlanesConditioning:
        return PlanesConditioning(self.classes, image_shape)
