"""One image: its densities over z, and their integrals."""

import math

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Distribution

from vae.errors import UserError
from vae.measures.bound import BLOCK
from vae.measures.quadrature.cells import TOLERANCE, Cells, Integrated, integrate
from vae.models.vae import VAE

REACH = 6.5
"""The grid of noise reaches so far: beyond lies 1e-10 of a normal."""
FIRST_STEP = 1.0
"""Step of the noise in the ELBO; it is halved as often as is needed."""
MOST_DRAWS = 50_000
"""So many places of the noise at most."""


LEAST_WEIGHT = 1e-9
"""Of a class that hardly counts: its integrals need not be known better than to 1e6 nats."""


class ImageIntegrals:
    """One image, its densities over z, and its integrals."""

    def __init__(
        self,
        model: VAE,
        x: Tensor,
        pixels: Tensor,
        label: int | None,
        volume: float,
        weight: float = 1.0,
    ):
        # what is to be known of q is multiplied by the weight in the end
        self.tolerance = TOLERANCE / max(weight, LEAST_WEIGHT)
        self.model, self.pixels, self.label, self.volume = model, pixels, label, volume
        self.y = None if label is None else torch.tensor([label], device=x.device)
        with torch.inference_mode():
            self.qz: Distribution = model.encode(x, self.y)
            self.pz: Distribution = model.pz(self.y)
        self.joint: Integrated
        self.q: Integrated

    def integrate(self, z: np.ndarray, size: float, log_px: np.ndarray) -> None:
        """Integrate p(x, z) and q, from first cells of one size and log p(x|z) at their middles."""
        sizes, log_joint = np.full(len(z), size), log_px + self.log_prior(z)
        self.joint = integrate(
            lambda places: self.log_joint(places)[:, None],
            lambda cells: (cells.log_integral(),),
            Cells(z, sizes, log_joint[:, None]),
        )
        self.q = integrate(
            lambda places: np.stack([self.log_q(places), self.log_joint(places)], axis=1),
            lambda cells: (cells.log_integral(), _mean_log_ratio(cells)),
            Cells(z, sizes, np.stack([self.log_q(z), log_joint], axis=1)),
            float(self.qz.stddev.min()),
            self.tolerance,
        )

    @property
    def log_px(self) -> float:
        """log ∫ p(x, z) dz."""
        return self.joint.figures[0]

    @property
    def gap(self) -> float:
        """KL(q(z|x) ‖ p(z|x)), over the cells of q."""
        return self.q.figures[1] + self.log_px

    @torch.inference_mode()
    def log_prior(self, z: np.ndarray) -> np.ndarray:
        """log p(z)."""
        places = self._tensor(z)
        # one distribution that serves all places, or one of a single label
        return array(
            self.pz.log_prob(places if not self.pz.batch_shape else places[:, None])
        ).ravel()

    @torch.inference_mode()
    def log_q(self, z: np.ndarray) -> np.ndarray:
        """log q(z|x)."""
        return array(self.qz.log_prob(self._tensor(z)[:, None])).ravel()

    def log_joint(self, z: np.ndarray) -> np.ndarray:
        """log p(x|z) + log p(z)."""
        return self._log_px(self._tensor(z)) + self.log_prior(z)

    @torch.inference_mode()
    def _log_px(self, z: Tensor) -> np.ndarray:
        rows = max(1, BLOCK // self.pixels.numel())
        found = []
        for part in z.split(rows):
            y = None if self.y is None else self.y.expand(len(part))
            x = self.pixels.expand(len(part), *self.pixels.shape[1:])
            found.append(array(self.model.log_px(x, part, y)))
        return np.concatenate(found)

    @torch.inference_mode()
    def elbo(self, qz: Distribution | None = None, tolerance: float | None = None) -> float:
        """E_q (log p(x, z) − log q(z|x)) over a grid of the noise that draws are made of.

        ``qz`` is the encoder's q(z|x), or another one of its family.
        """
        qz = self.qz if qz is None else qz
        tolerance = self.tolerance if tolerance is None else tolerance
        before, step, z_dim = math.nan, FIRST_STEP, self.model.config.z_dim
        while (2 * REACH / step + 1) ** z_dim < MOST_DRAWS:
            axis = np.arange(-REACH, REACH + step / 2, step)
            noise = np.stack([a.ravel() for a in np.meshgrid(*[axis] * z_dim)], axis=1)
            weight = np.exp(-0.5 * np.square(noise).sum(axis=1))
            now = float(weight @ self._log_ratio(qz, noise) / weight.sum())
            if abs(now - before) < tolerance:
                return now
            before, step = now, step / 2
        raise UserError(
            f"the bound still changes at steps of {2 * step:.2g} of the noise; use importance "
            "sampling"
        )

    def _log_ratio(self, qz: Distribution, noise: np.ndarray) -> np.ndarray:
        """log p(x, z) − log q(z|x) of the draws that q makes of noise (M, z_dim)."""
        eps = self._tensor(noise)[:, None]
        z = self.model.posterior.draw(qz, eps)[:, 0]
        log_q = array(self.model.posterior.log_prob(qz, eps)).ravel()
        return self._log_px(z) + self.log_prior(z.double().cpu().numpy()) - log_q

    def _tensor(self, z: np.ndarray) -> Tensor:
        return torch.from_numpy(z).to(self.pixels)


def _mean_log_ratio(cells: Cells) -> float:
    """E_q (log q − log p(x, z)) over cells whose functions these two are."""
    return float(cells.mean(cells.values[:, 0] - cells.values[:, 1]))


def array(values: Tensor) -> np.ndarray:
    """Return NumPy float64."""
    return values.double().cpu().numpy()
