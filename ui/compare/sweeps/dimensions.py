"""How many dimensions: what each number of them reaches, and one sentence of advice."""


def dimensions(model: str) -> None:
    """Draw the view."""
