"""Clusters on the map: k-means or a mixture, how well they meet the classes."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from ui import collapse, option_form, waiting, words
from ui.map import options as map_options
from ui.map.address import MapAddress, menu
from ui.map.colouring import Colouring, by_group, by_label
from ui.map.data import Opened
from ui.map.places import Places
from ui.map.state import MapState
from ui.work import start
from vae.colours import GROUP_COLOURS
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.latent.clusters import Clusters

TITLES = {"kmeans": "k-means", "mixture": "Gaussian mixture"}
MOST_CLUSTERS = 50


def choose_method(model: Opened) -> tuple[str, int]:
    """Draw the menus of the method and of the number of clusters."""
    from vae.latent import clusters

    method = menu(
        "method",
        "Method",
        clusters.CLUSTERINGS,
        "map_method",
        format_func=lambda name: TITLES.get(name, name),
    )
    key, address = f"map_k_{model.id}", MapAddress()
    address.choose("k", key, {str(k): k for k in range(1, MOST_CLUSTERS + 1)})
    k = st.number_input(
        "Clusters k",
        min_value=1,
        max_value=MOST_CLUSTERS,
        value=default_k(model),
        key=key,
        persist_state="session",
    )
    address.keep("k", str(k), str(default_k(model)))
    return method, int(k)


def choose_options(model: Opened, method: str, k: int) -> tuple[Any, str]:
    """Draw the method's settings; return its options, or None and what is wrong with them."""
    from vae.latent import clusters

    cls = clusters.CLUSTERINGS[method]
    asked = option_form.widgets(cls, leave_out=("k",))
    raw = map_options.draw(asked, f"map_{method}", "options")
    try:
        given = option_form.values(asked, raw)
        options = option_form.build(cls, {"k": k, **given}, TITLES.get(method, method))
    except UserError as error:
        return None, str(error)
    MapState().keep_clustering(model.id, options)
    return options, ""


def chosen_options(model: Opened) -> Any:
    """The options that were chosen last for a model, else k-means."""
    from vae.latent import clusters

    kept = MapState().clustering(model.id)
    return clusters.KMeans(k=default_k(model)) if kept is None else kept


def default_k(model: Opened) -> int:
    """As many clusters as classes, where there are classes."""
    count = len(np.unique(model.atlas.label[model.atlas.label >= 0]))
    return min(max(count, 2) if count else 10, 50, len(model.atlas.label))


def clusters(model: Opened, options: Any, wrong: str = "") -> "Clusters | None":
    """Clusters of the posterior means; None, and why, while there are none."""
    if collapse.line(model.name) is not None:
        st.warning("No clusters: nearly equal codes have no groups.")
        return None
    if options is None:
        st.error(words.plain(wrong))
        return None
    work = start(
        ("clusters", model.version, options), lambda _: _fitted(model.atlas.loc, options), 1
    )
    if work.wait():
        return work.found[0]
    waiting.unfinished(work, "Looking for clusters")
    return None


def _fitted(loc: np.ndarray, options: Any) -> Iterator["Clusters"]:
    yield options.fit(loc)


def title(options: Any) -> str:
    """Name a clustering by its method and k."""
    return f"{TITLES.get(options.name, options.name)}, k = {options.k}"


def colouring(model: Opened, found: "Clusters | None", places: Places, options: Any) -> Colouring:
    """Colour by cluster, or by class while there are none."""
    if found is None:
        return by_label(model, places.rows)
    return by_cluster(found, places.rows, options)


def by_cluster(found: "Clusters", rows: np.ndarray, options: Any) -> Colouring:
    """Colour by cluster."""
    names = [letters(i) for i in range(len(found.centres))]
    colours = cluster_colours(found)
    told = by_group(names, colours, found.label[rows])
    hover = [f"cluster {name}" for name in told.hover]
    return replace(told, hover=hover, note=f"clusters of {title(options)}")


def cluster_colours(found: "Clusters") -> list[str]:
    """A colour for each cluster, none of a class; where two share one, they lie far apart."""
    given: list[int] = []
    for i, centre in enumerate(found.centres):
        away = np.linalg.norm(found.centres[:i] - centre, axis=1)
        nearest = np.full(len(GROUP_COLOURS), np.inf)
        for other, colour in enumerate(given):
            nearest[colour] = min(nearest[colour], away[other])
        given.append(int(nearest.argmax()))
    return [GROUP_COLOURS[colour] for colour in given]


def letters(i: int) -> str:
    """Name the i-th cluster: A, B, … Z, AA, AB, …; classes have numbers or names."""
    first, last = divmod(i, 26)
    return (letters(first - 1) if first else "") + chr(ord("A") + last)


def agreement_line(model: Opened, found: "Clusters") -> str:
    """Say how well clusters meet the classes."""
    from vae.latent import clusters

    met = clusters.agreement(model.atlas.label, found.label)
    parts = [f"{len(found.centres)} clusters"]
    if met is None:
        parts.append("there are no classes to compare them with")
    else:
        parts.append(f"ARI {met.ari:.2f} · NMI {met.nmi:.2f} against the classes (1 is perfect)")
    if found.bic is not None:
        parts.append(f"BIC {found.bic:,.0f}".replace("-", "−"))
    if found.note:
        parts.append(found.note)
    if len(found.centres) > len(GROUP_COLOURS):
        parts.append(
            f"{len(GROUP_COLOURS)} colours for {len(found.centres)} clusters: their letters tell "
            "those of one colour apart"
        )
    return " · ".join(parts)


def crosstab(model: Opened, found: "Clusters") -> list[dict[str, Any]]:
    """Images of each class in each cluster, one row a cluster."""
    labels = [int(label) for label in np.unique(model.atlas.label)]
    names = column_names([model.class_name(label) for label in labels], labels)
    rows = []
    for i in range(len(found.centres)):
        inside = model.atlas.label[found.label == i]
        counts = {
            name: int((inside == label).sum()) for name, label in zip(names, labels, strict=True)
        }
        rows.append({"cluster": letters(i), "images": len(inside), **counts})
    return rows


def column_names(names: list[str], labels: list[int]) -> list[str]:
    """Names of classes as those of columns, each once: a data set may name two alike."""
    taken = ["cluster", "images"]
    for name, label in zip(names, labels, strict=True):
        while name in taken:
            name = f"{name} (class {label})"
        taken.append(name)
    return taken[2:]
