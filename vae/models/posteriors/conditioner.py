"""The network of one step of a flow: it gives the splines that bend each dimension."""

import torch
from torch import Tensor, nn
from torch.distributions import Transform
from torch.nn import functional as F

from vae.models.cost import Cost, spline_step

BOUND = 5.0
"""Half the width of a spline, in standard deviations of the normal distribution."""


class Conditioner(nn.Module):
    """Gives the splines of one step, those of a dimension from h and the dimensions before it.

    Masks on its weights see to that: Germain et al. 2015, "MADE: masked autoencoder for
    distribution estimation". Its last layer starts at 0, where a spline is the identity.
    """

    def __init__(self, z_dim: int, context: int, units: int, bins: int, backwards: bool):
        super().__init__()
        self.z_dim, self.bins = z_dim, bins
        self.told, self.first = nn.Linear(context, units), nn.Linear(z_dim, units, bias=False)
        self.second, self.last = nn.Linear(units, units), nn.Linear(units, z_dim * self.numbers)
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)
        order = torch.arange(1, z_dim + 1)
        order = order.flip(0) if backwards else order
        # a unit of degree d sees the first d dimensions of the order; all of them see h
        degree = torch.arange(units) % z_dim
        after = order.repeat_interleave(self.numbers)
        self.masks = ("first_mask", "second_mask", "last_mask")
        found = (degree[:, None] >= order, degree[:, None] >= degree, after[:, None] > degree)
        for name, mask in zip(self.masks, found, strict=True):
            self.register_buffer(name, mask, persistent=False)

    @property
    def numbers(self) -> int:
        """How many numbers make one spline: widths, heights, and slopes between the bins."""
        return 3 * self.bins - 1

    def cost(self) -> Cost:
        """Count what bending one draw costs."""
        layers = (self.told, self.first, self.second, self.last)
        shapes = [(layer.in_features, layer.out_features) for layer in layers]
        return spline_step(shapes, self.last.out_features)

    def weights(self) -> list[Tensor]:
        """Return the weights of its three layers behind their masks."""
        layers = (self.first, self.second, self.last)
        masks = (getattr(self, name) for name in self.masks)
        return [layer.weight * mask for layer, mask in zip(layers, masks, strict=True)]

    @torch.no_grad()
    def plain(self) -> nn.Sequential:
        """Return the same network as layers without masks, which take noise and context joined."""
        first, second, last = self.weights()
        joined = torch.cat([first, self.told.weight], dim=1)
        layers = []
        for weight, bias in (
            (joined, self.told.bias),
            (second, self.second.bias),
            (last, self.last.bias),
        ):
            layer = nn.utils.skip_init(nn.Linear, weight.shape[1], weight.shape[0])
            layer.weight.copy_(weight)
            layer.bias.copy_(bias)
            layers += [layer, nn.SiLU()]
        return nn.Sequential(*layers[:-1])

    def forward(self, context: Tensor, noise: Tensor) -> Transform:
        """Return one spline per dimension for noise (…, batch, z_dim), given h (batch, context)."""
        from zuko.transforms import DependentTransform, MonotonicRQSTransform

        first, second, last = self.weights()
        hidden = F.silu(self.told(context) + F.linear(noise, first))
        hidden = F.silu(F.linear(hidden, second, self.second.bias))
        numbers = F.linear(hidden, last, self.last.bias).unflatten(-1, (self.z_dim, self.numbers))
        widths, heights, slopes = numbers.tensor_split([self.bins, 2 * self.bins], dim=-1)
        splines = MonotonicRQSTransform(widths, heights, slopes, bound=BOUND)
        bent: Transform = DependentTransform(splines, 1)
        return bent
