"""The map's numbers as tables, narrow enough to be seen whole where that can be."""

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from ui import resources, words
from ui.map import clusters, data
from ui.map.data import Opened

if TYPE_CHECKING:
    from vae.latent.classes import ClassSummary
    from vae.latent.clusters import Clusters

MOST_DIMENSIONS = 12
MOST_WHOLE = 25
"""Rows of a table that is shown in its full height."""
WIDE, NARROW = 84, 50
"""Widths of columns in CSS pixels: of a class's name, of anything else at least."""
MEAN, SPREAD, WIDTH = "mean of μ", "spread of μ", "σ"


def crosstab(model: Opened, found: "Clusters") -> None:
    """List how many images of each class every cluster holds."""
    rows = clusters.crosstab(model, found)
    _table(rows, "images of each class in each cluster", first="cluster", digits=0)


def classes(model: Opened) -> None:
    """List mean, spread or width of every class; covariances of one that is chosen."""
    found = resources.of_model(model.name, data.summaries)
    dims = sorted(data.dimension_order(model)[:MOST_DIMENSIONS])
    kinds = [MEAN, SPREAD, WIDTH] if model.has_density else [MEAN, SPREAD]
    kind = st.selectbox("Numbers", kinds, key=f"map_numbers_{len(kinds)}", width=200)
    rows = [
        {"class": model.class_name(one.label), "images": one.count}
        | {f"z{k + 1}": value for k, value in zip(dims, _of_class(one, kind, dims), strict=True)}
        | {"distance": float(one.distance)}
        for one in found
    ]
    _table(rows, f"{kind} of each class", first="class", digits=2)
    st.caption(
        "spread: standard deviation of the posterior means μ of a class; σ: root mean square of "
        "its posteriors' own; distance: mean distance of μ to the class's mean; all in units of z "
        f"· {words.plain(model.measured_on)}"
        + (f" · the {len(dims)} dimensions of highest KL" if len(dims) < model.z_dim else "")
    )
    _covariance(model, found, dims)


def _of_class(one: "ClassSummary", kind: str, dims: list[int]) -> list[float]:
    if kind == MEAN:
        return [float(one.mean[k]) for k in dims]
    if kind == SPREAD:
        return [float(np.sqrt(one.covariance[k, k])) for k in dims]
    return [float(one.scale[k]) for k in dims]


def _covariance(model: Opened, found: "tuple[ClassSummary, ...]", dims: list[int]) -> None:
    names = {one.label: model.class_name(one.label) for one in found}
    label = st.selectbox(
        "Covariance of class",
        list(names),
        format_func=lambda label: names[label],
        key=f"map_covariance_{model.id}",
        width=200,
    )
    one = next(summary for summary in found if summary.label == label)
    rows = [
        {"": f"z{i + 1}", **{f"z{k + 1}": float(one.covariance[i, k]) for k in dims}} for i in dims
    ]
    _table(rows, "covariance of the class", first="", digits=2)


def dimensions(model: Opened) -> None:
    """List what every dimension holds."""
    kl = resources.of_model(model.name, data.kl_per_dimension)
    found = resources.of_model(model.name, data.marginals)
    rows = [
        {
            "z": f"z{k + 1}",
            **({} if kl is None else {"KL": float(kl[k])}),
            "KL(q‖p)": found[k].kl,
            "mean": found[k].mean,
            "variance": found[k].variance,
        }
        for k in data.dimension_order(model)
    ]
    _table(rows, "each dimension's aggregate posterior against the prior", first="z", digits=3)
    st.caption(
        ("" if kl is None else "KL: mean over images of KL(q(z|x) ‖ p(z)), nats; ")
        + "KL(q‖p): KL(q(z) ‖ p(z)) of the "
        f"aggregate posterior, nats; mean and variance of q(z){_under_the_prior(model)} · "
        + words.plain(model.measured_on)
    )


def _under_the_prior(model: Opened) -> str:
    # of an autoencoder the standard normal is shown, for comparison
    if model.has_rings or not model.has_prior:
        return ", 0 and 1 under the prior"
    if model.prior_by_class:
        return "; the prior: the mixture of the classes' normals"
    if model.prior is None or model.prior.draws is None:
        return ""
    return f"; the prior by {model.prior.draws:,} draws"


def _table(rows: list[dict[str, Any]], alt: str, *, first: str, digits: int) -> None:
    """Draw rows whose first column stays in sight where the others have to scroll."""
    columns: dict[str, Any] = {
        first: st.column_config.Column(width=WIDE if first == "class" else NARROW + 10, pinned=True)
    }
    for name in list(rows[0])[1:]:
        whole = isinstance(rows[0][name], int)
        width = max(NARROW, 8 * len(name) + 14)
        shape = "%d" if whole else f"%.{digits}f"
        columns[name] = st.column_config.NumberColumn(format=shape, width=width)
    # no minus before what is rounded to 0
    shown = [
        {key: round(v, digits) + 0.0 if isinstance(v, float) else v for key, v in row.items()}
        for row in rows
    ]
    st.dataframe(
        shown,
        hide_index=True,
        column_config=columns,
        width="content",
        height="content" if len(rows) <= MOST_WHOLE else "auto",
        alt=alt,
    )
