"""The rows of the table: what was measured so far, compared."""

from collections.abc import Mapping, Sequence

from ui import resources, words
from ui.resources import measured
from vae.measures.comparison import Entry, Row, compared
from vae.measures.registry import MEASURES, Estimate, Measured, Quantity
from vae.measures.registry.needs import DENSITY
from vae.measures.registry.reading import PIXELS

Known = Mapping[tuple[str, str], measured.Found | str]
"""What was found, or why nothing was, by measure and model."""

FROM_FILES = {
    "rate": ("kl", 1.0),
    "distortion": ("reconstruction", -1.0),
    "elbo": ("elbo", 1.0),
    "active_units": ("active_units", 1),
    "nll": ("nll", 1.0),
    "knn": ("knn_accuracy", 1.0),
}
"""What a model's file tells of itself without an error: the key there, and a factor."""


def rows(models: Sequence[str], known: Known) -> list[Row]:
    """Compare all that is known; one row for each quantity, in the order of the registry."""
    return [
        compared(quantity, [_entry(name, quantity, model, known) for model in models])
        for name, cls in MEASURES.items()
        for quantity in cls.quantities
    ]


def from_files(models: Sequence[str]) -> list[Row]:
    """Compare what the models' files tell, where the images are not on this machine."""
    return [
        compared(quantity, [_told(quantity, model) for model in models])
        for cls in MEASURES.values()
        for quantity in cls.quantities
        if quantity.name in FROM_FILES
    ]


def leading(found: Sequence[Row]) -> list[Row]:
    """Choose the rows that are shown first; not those in which no model can have a number."""
    return [
        row
        for row in found
        if row.quantity.reading.leads and not all(cell.reason for cell in row.cells)
    ]


def _entry(measure: str, quantity: Quantity, model: str, known: Known) -> Entry:
    found = known.get((measure, model))
    if isinstance(found, str):
        return Entry(model, reason=found)
    if found is None:
        return Entry(model)
    return Entry(model, found.measured, found.grounds[quantity.name])


def _told(quantity: Quantity, model: str) -> Entry:
    header = resources.header(model)
    metrics = header["metrics"]
    key, factor = FROM_FILES[quantity.name]
    if metrics.get(key) is None:
        known = words.capabilities(header)["has_density"] or key == "reconstruction"
        return Entry(
            model, reason="its file does not tell this number" if known else DENSITY.otherwise
        )
    told = Measured(
        {quantity.name: Estimate(factor * metrics[key])}, int(metrics.get("n_images") or 0)
    )
    grounds = ground_in_file(model)
    return Entry(model, told, grounds if PIXELS in quantity.reading.grounds else grounds[1:])


def ground_in_file(model: str) -> tuple[str, ...]:
    """Say on what the numbers of a model's file stand."""
    header = resources.header(model)
    likelihood = header["model"].get("likelihood", "bernoulli")
    name = likelihood.get("name") if isinstance(likelihood, dict) else likelihood
    told = "given each image's class" if words.is_told_classes(header) else "told no class"
    pixels = header["metrics"].get("binarize", "none")
    return f"of a likelihood {name}, binarization {pixels}", told
