"""The drop field: files, a zip archive, or a whole folder."""

import streamlit as st

from ui import words
from ui.components.packer import packer
from ui.train.own import brought, state
from vae.errors import UserError

FILES, FOLDER = "Files or a zip", "A whole folder"
ACCEPTS = (
    "Pictures in folders that name their class, a zip of them, or a table: NumPy, CSV, Parquet "
    "or IDX. Nothing is trained yet: first you see what was understood."
)
MOST_MB = 400
"""Size of one file that the browser sends."""


def drop_field() -> None:
    """Draw the field and begin to look at what is dropped there."""
    kind = st.segmented_control(
        "What you bring", (FILES, FOLDER), default=FILES, key="own.kind", required=True
    )
    with st.container(key="own-drop"):
        sent = st.file_uploader(
            "Drop them here, or choose them",
            accept_multiple_files="directory" if kind == FOLDER else True,
            key=f"own.files.{kind}",
            max_upload_size=MOST_MB,
        )
    packer()
    st.caption(ACCEPTS)
    if not sent:
        return
    try:
        state.go_to(brought.bring(sent))
    except UserError as error:
        sentence = str(error)
        st.error(words.plain(sentence[:1].upper() + sentence[1:]))
        return
    st.rerun()
