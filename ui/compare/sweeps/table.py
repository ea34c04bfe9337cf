"""The numbers of several runs as a table: mean ± standard deviation over them."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from ui import words


def numbers(metrics: Sequence[Mapping[str, Any]]) -> None:
    """List the spread of each number that the models' files hold."""
    from vae.measures.retraining import findings
    from vae.measures.retraining.sentences import value

    found = findings.numbers(metrics)
    if not found:
        st.caption("No file of these runs holds numbers.")
        return
    rows = ["| | mean ± sd | least to greatest | n |", "|:--|--:|--:|--:|"]
    for one, over in found:
        deviation = "" if over.std is None else f" ± {value(over.std, one.digits)}"
        ends = f"{value(over.least, one.digits)} to {value(over.greatest, one.digits)}"
        mean = f"{value(over.mean, one.digits)}{deviation}"
        rows.append(f"| {one.title} | {mean} | {ends} | {over.count} |")
    st.markdown("**Numbers**")
    st.markdown("\n".join(rows))
    st.caption(words.plain(measured_on(metrics)))


def measured_on(metrics: Sequence[Mapping[str, Any]]) -> str:
    """Say which images the numbers are of, and what ± is."""
    splits = {(one.get("split"), one.get("n_images")) for one in metrics if one.get("n_images")}
    if len(splits) != 1:
        return "nats per image · ± is the standard deviation over the runs"
    ((split, count),) = splits
    measured = words.CAPTION_OF_SPLIT.format(split=split, count=count)
    return f"nats per image · {measured} · ± is the standard deviation over the runs"
