"""Integrals over z on a grid, for models of one or two latent dimensions."""

from vae.measures.quadrature.exact import Exact as Exact
from vae.measures.quadrature.exact import TruePosterior as TruePosterior
from vae.measures.quadrature.exact import exact_log_px as exact_log_px
from vae.measures.quadrature.exact import true_posterior as true_posterior
