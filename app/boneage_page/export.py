"""What can be taken along: text to paste, JSON, CSV, overlay and label map; and the fine print of a result."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from boneage.report.csv_row import csv_row, csv_text
from boneage.report.labels import film_labels, labels_png
from boneage.report.overlay import overlay_png
from boneage.report.wording import paragraph
from boneage.result import Reading, Result
from boneage_page import words
from boneage_page.films import Film


def show_export(film: Film, reading: Reading) -> None:
    """Show the paragraph to paste and the downloads."""
    st.subheader(words.EXPORT)
    result = reading.result
    st.caption(words.PASTE)
    st.code(paragraph(result), language=None, wrap_lines=True)
    with st.container(horizontal=True):
        _download(words.DOWNLOAD_JSON, result.to_json(), f"{film.stem}.json", "application/json")
        _download(words.DOWNLOAD_CSV, csv_text([csv_row(result)]), f"{film.stem}.csv", "text/csv")
        if (picture := overlay_png(reading)) is not None:
            _download(words.DOWNLOAD_OVERLAY, picture, f"{film.stem}_overlay.png", "image/png")
        if reading.bone_map is not None and reading.radiograph is not None:
            shape = (reading.radiograph.rows, reading.radiograph.columns)
            labels = labels_png(film_labels(reading.bone_map, shape))
            _download(words.DOWNLOAD_LABELS, labels, f"{film.stem}_labels.png", "image/png")


def show_details(result: Result) -> None:
    """Show checks, file, networks, tables and times."""
    with st.expander(words.DETAILS):
        data = result.to_dict()
        if result.quality.checks:
            checks = [
                {**check, "value": str(check["value"]), "limit": str(check["limit"])}
                for check in data["quality"]["checks"]
            ]
            st.dataframe(pd.DataFrame(checks), hide_index=True)
        st.json({key: data[key] for key in ("input", "software", "seconds")}, expanded=2)


def _download(label: str, data: str | bytes, name: str, kind: str) -> None:
    st.download_button(label, data, file_name=name, mime=kind, on_click="ignore", icon=":material/download:")
