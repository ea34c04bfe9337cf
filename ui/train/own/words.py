"""Sentences about what a person brought."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vae.data.own import Choices, Found, Prepared
    from vae.data.own.drawn import Drawn


def counted(count: int, one: str, many: str = "") -> str:
    """Write a number of things: "1 image", "4,812 images"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def facts_line(found: "Found") -> str:
    """Say in one line what was understood."""
    parts = [counted(found.count, "picture")]
    if found.class_names:
        parts.append(counted(len(found.class_names), "class", "classes"))
    parts.append(sizes_line(found.sizes))
    parts.append("grey" if found.channels == 1 else "colour")
    return " · ".join(parts)


def sizes_line(sizes: dict[tuple[int, int], int]) -> str:
    """Say how large pictures are: their one size, or the smallest and the largest."""
    if len(sizes) == 1:
        height, width = next(iter(sizes))
        return f"{height}×{width} pixels"
    ordered = sorted(sizes, key=lambda size: size[0] * size[1])
    (low, left), (high, right) = ordered[0], ordered[-1]
    return f"{low}×{left} to {high}×{right} pixels"


def button(found: "Found", choices: "Choices | None") -> str:
    """Say what the button will do: "Use 4,812 images of 12 classes"."""
    line = f"Use {counted(len(found.kept(choices)), 'image')}"
    if found.class_names:
        line += f" of {counted(len(found.class_names), 'class', 'classes')}"
    return line


def drawn_line(found: "Drawn") -> str:
    """Say what was drawn."""
    drawings = counted(len(found.drawings), "drawing")
    return f"{drawings} · {counted(len(found.classes), 'class', 'classes')}"


def set_line(one: "Prepared") -> str:
    """Say what a prepared set holds."""
    channels, height, width = one.image_shape
    parts = [counted(sum(one.counts.values()), "image")]
    if one.class_names:
        parts.append(counted(len(one.class_names), "class", "classes"))
    return " · ".join([*parts, f"{height}×{width} {'grey' if channels == 1 else 'colour'}"])
