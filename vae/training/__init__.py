"""From a model and images to a trained model: config, budget, loop and objectives."""
