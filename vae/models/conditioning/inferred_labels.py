"""The class of each image is told, or inferred by a classifier where nobody knows it."""

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vae.errors import UserError
from vae.models.conditioning.labels import LabelConditioning, Labels
from vae.options import option


class InferredLabelConditioning(LabelConditioning):
    """As class labels, with q(y|x): an image without a label is told its most likely one."""

    needs_labels = False
    infers = True

    def __init__(self, classes: int, image_shape: tuple[int, int, int], hidden: tuple[int, ...]):
        super().__init__(classes, image_shape)
        inputs = torch.Size(image_shape).numel()
        layers: list[nn.Module] = [nn.Flatten()]
        for width in hidden:
            layers += [nn.Linear(inputs, width), nn.LayerNorm(width), nn.ReLU()]
            inputs = width
        self.classifier = nn.Sequential(*layers, nn.Linear(inputs, classes))

    def log_qy(self, x: Tensor) -> Tensor:
        return F.log_softmax(self.classifier(x).float(), dim=-1)

    def qy_network(self) -> nn.Sequential:
        return self.classifier

    def filled(self, x: Tensor, y: Tensor | None) -> Tensor | None:
        if y is None or y.is_meta or not bool((y < 0).any()):
            return y
        return torch.where(y < 0, self.log_qy(x).argmax(-1), y)

    def to_encoder(self, x: Tensor, y: Tensor | None) -> Tensor:
        y = self.log_qy(x).argmax(-1) if y is None else self.filled(x, y)
        return super().to_encoder(x, y)


@dataclass(frozen=True)
class InferredLabels(Labels):
    """As class labels, with a classifier q(y|x) for images whose label is not known.

    The objective M2 trains it. Source: Kingma et al. 2014, "Semi-supervised learning with deep
    generative models", section 2.1, model M2.
    """

    name: ClassVar[str] = "inferred-labels"
    title: ClassVar[str] = "inferred class labels"
    needs_labels: ClassVar[bool] = False
    infers: ClassVar[bool] = True
    hidden: tuple[int, ...] = option(
        (500,),
        "widths of the classifier's hidden layers",
        minimum=1,
        maximum=4096,
        title="Widths of the classifier's hidden layers",
    )

    def module(self, z_dim: int, image_shape: tuple[int, int, int]) -> InferredLabelConditioning:
        """Build what tells both networks the class, and infers it."""
        if not self.classes:
            raise UserError(
                f"the conditioning {self.name} does not say how many classes there are; "
                "set conditioning.classes"
            )
        return InferredLabelConditioning(self.classes, image_shape, self.hidden)
