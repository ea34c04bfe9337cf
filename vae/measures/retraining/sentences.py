"""What was found, in sentences: the page and the command line say the same."""

from collections.abc import Sequence

from vae.measures.retraining.borders import Borders
from vae.measures.retraining.findings import Number, Survival
from vae.measures.retraining.spread import Spread

LISTED = 8
"""So many pairs of classes are named at most."""


def sentences(found: Survival, names: Sequence[str] = ()) -> list[str]:
    """Say what stays from map to map, each number with what chance alone gives."""
    said = [collapse(found)] if found.collapsed else []
    said += [neighbourhoods(found), alignment(found)]
    said += [of_classes(found, names), touching(found.borders, names)] if found.borders else []
    return said


def collapse(found: Survival) -> str:
    """Say in how many maps there is nothing to see."""
    of = len(found.aligned)
    which = "every map" if found.collapsed == of else f"{found.collapsed} of {of} maps"
    return (
        f"In {which} all codes are nearly equal: the latent space has collapsed, and neighbours "
        "mean little there; train longer or with a smaller β."
    )


def neighbourhoods(found: Survival) -> str:
    """Say how many neighbours stay."""
    over, each = found.overlap, found.overlap.per_pair
    pairs = "" if len(each) == 1 else f" ({percent(each.min())} to {percent(each.max())})"
    return (
        f"Of the {over.neighbours} images nearest to an image, {percent(over.mean)}{pairs} are "
        f"among its {over.neighbours} nearest in another map; by chance it would be "
        f"{percent(over.chance)}."
    )


def alignment(found: Survival) -> str:
    """Say how much of the variance aligning leaves."""
    left = found.residual
    pairs = "" if left.count == 1 else f" ({percent(left.least)} to {percent(left.greatest)})"
    return (
        f"After the best rotation, reflection, scale and shift two maps still differ in "
        f"{percent(left.mean)} of their variance{pairs}; with shuffled images it would be "
        f"{percent(found.chance)}."
    )


def of_classes(found: Survival, names: Sequence[str] = ()) -> str:
    """Say images of which class keep most of their neighbours, and of which they keep fewest."""
    kept = found.overlap.per_class(found.labels)
    most, fewest = max(kept, key=kept.__getitem__), min(kept, key=kept.__getitem__)
    return (
        f"Images of class {class_name(most, names)} keep most of their neighbours "
        f"({percent(kept[most])}), those of class {class_name(fewest, names)} fewest "
        f"({percent(kept[fewest])})."
    )


def touching(found: Borders, names: Sequence[str] = ()) -> str:
    """Say which classes touch in every map, and in how many pairs that changes."""
    always, chance = found.always(), found.expected_always()
    every = "both maps" if found.maps == 2 else f"all {found.maps} maps"
    if always:
        listed = ", ".join(pair(one, names) for one in always[:LISTED])
        more = f" and {len(always) - LISTED} more pairs" if len(always) > LISTED else ""
        said = f"In {every} these classes touch: {listed}{more}"
    else:
        said = f"No two classes touch in {every}"
    return (
        f"{said}. By chance {chance:.1f} pairs would touch in {every}; {len(found.sometimes())} "
        f"pairs touch in some maps, {len(found.never())} in none."
    )


def pair(labels: tuple[int, int], names: Sequence[str] = ()) -> str:
    """Name two classes."""
    return " and ".join(class_name(label, names) for label in labels)


def class_name(label: int, names: Sequence[str] = ()) -> str:
    """Name a class, by its number where it has no name."""
    return names[label] if label < len(names) else str(label)


def number(one: Number, over: Spread) -> str:
    """Write a number's spread: "−ELBO 152.31 ± 0.42 (151.80 to 152.90, n = 3) nats per image"."""
    digits = one.digits
    std = "" if over.std is None else f" ± {over.std:.{digits}f}"
    ends = f"{value(over.least, digits)} to {value(over.greatest, digits)}"
    return f"{one.title} {value(over.mean, digits)}{std} ({ends}, n = {over.count}) {one.unit}"


def value(number: float, digits: int) -> str:
    """Write a number with a true minus sign."""
    return f"{number:,.{digits}f}".replace("-", "−")


def percent(share: float) -> str:
    """Write a share: with a decimal below 10 %, and never as 100 % where it is less."""
    shown = 100 * share
    digits = 0 if 10 <= shown < 99.5 or shown == 100 else 1
    return f"{shown:.{digits}f} %"
