"""Numbers about a model on images, each with its unit and what it was measured on."""
