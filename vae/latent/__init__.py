"""The latent space: encoded images, paths between places, clusters and projections."""
