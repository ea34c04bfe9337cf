"""The map's numbers as tables."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from ui import map_clusters, map_data, resources, words
from ui.map_data import Opened

if TYPE_CHECKING:
    from vae.clusters import Clusters

MOST_DIMENSIONS = 16


def crosstab(model: Opened, found: "Clusters") -> None:
    """List how many images of each class every cluster holds."""
    st.dataframe(
        map_clusters.crosstab(model, found),
        hide_index=True,
        alt="images of each class in each cluster",
    )


def classes(model: Opened) -> None:
    """List mean, spread and width of every class; covariances of one that is chosen."""
    found = resources.of_model(model.name, map_data.summaries)
    dims = sorted(map_data.dimension_order(model)[:MOST_DIMENSIONS])
    rows = []
    for one in found:
        row = {"class": model.class_name(one.label), "images": one.count}
        row |= {f"mean z{k + 1}": float(one.mean[k]) for k in dims}
        row |= {f"spread z{k + 1}": float(np.sqrt(one.covariance[k, k])) for k in dims}
        row |= {"distance to the mean": one.distance}
        if not model.is_point:
            row |= {f"σ z{k + 1}": float(one.scale[k]) for k in dims}
        rows.append(row)
    number = st.column_config.NumberColumn(format="%.2f")
    numbers = {name: number for name in rows[0] if name not in ("class", "images")}
    st.dataframe(rows, hide_index=True, column_config=numbers, alt="means and spreads of classes")
    st.caption(
        "mean: of the posterior means μ; spread: their standard deviation; σ: root mean square of "
        f"the posteriors' own, all in units of z · {words.plain(model.measured_on)}"
        + (f" · the {len(dims)} dimensions of highest KL" if len(dims) < model.z_dim else "")
    )
    names = {one.label: model.class_name(one.label) for one in found}
    label = st.selectbox(
        "Covariance of class",
        list(names),
        format_func=names.get,
        key=f"map_covariance_{model.id}",
        width=200,
    )
    one = next(summary for summary in found if summary.label == label)
    matrix = [
        {"": f"z{i + 1}", **{f"z{k + 1}": float(one.covariance[i, k]) for k in dims}} for i in dims
    ]
    numbers = {f"z{k + 1}": number for k in dims}
    st.dataframe(matrix, hide_index=True, column_config=numbers, alt="covariance of the class")
