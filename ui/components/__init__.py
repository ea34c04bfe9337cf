"""Components of our own, each a typed wrapper around a script of the browser."""
