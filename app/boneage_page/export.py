"""What can be taken along: text to paste, JSON, CSV, overlay and label map; and the fine print of a result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from boneage.report.csv_row import csv_row, csv_text
from boneage.report.labels import film_labels, labels_png
from boneage.report.overlay import overlay_png
from boneage.report.wording import paragraph
from boneage.result import Reading, Result
from boneage.segmentation.bone_map import BoneMap
from boneage_page import words
from boneage_page.films import Film


@dataclass(frozen=True)
class Download:
    """A file to take along: its label, name, media type, and how it is made once asked for."""

    label: str
    name: str
    kind: str
    make: Callable[[], bytes]


def show_export(film: Film, reading: Reading) -> None:
    """Show the paragraph to paste and the downloads."""
    st.subheader(words.EXPORT, anchor=False)
    st.caption(words.PASTE)
    st.code(paragraph(reading.result), language=None, wrap_lines=True)
    with st.container(horizontal=True):
        for file in downloads(film, reading):
            st.download_button(
                file.label,
                file.make,
                file_name=file.name,
                mime=file.kind,
                on_click="ignore",
                icon=":material/download:",
                key=f"download_{file.label}",
            )


def downloads(film: Film, reading: Reading) -> tuple[Download, ...]:
    """Return the files of a reading: JSON and CSV always, the pictures where there is a film and a segmented hand."""
    result, radiograph, bone_map = reading.result, reading.radiograph, reading.bone_map
    files = [
        Download(words.DOWNLOAD_JSON, f"{film.stem}.json", "application/json", lambda: result.to_json().encode()),
        Download(words.DOWNLOAD_CSV, f"{film.stem}.csv", "text/csv", lambda: csv_text([csv_row(result)]).encode()),
    ]
    if radiograph is not None:
        name = f"{film.stem}_overlay.png"
        files.append(Download(words.DOWNLOAD_OVERLAY, name, "image/png", lambda: overlay_png(reading) or b""))
    if radiograph is not None and bone_map is not None:
        shape = (radiograph.rows, radiograph.columns)
        name = f"{film.stem}_labels.png"
        make = partial(_labels, bone_map, shape)
        files.append(Download(words.DOWNLOAD_LABELS, name, "image/png", make))
    return tuple(files)


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


def _labels(bone_map: BoneMap, shape: tuple[int, int]) -> bytes:
    return labels_png(film_labels(bone_map, shape))
