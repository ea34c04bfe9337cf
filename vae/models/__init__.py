"""What a model is made of: networks, likelihood, prior, and the numbers that tell what it uses."""
