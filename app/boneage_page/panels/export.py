"""What can be taken along: the paragraph to paste, and the film in every format that `boneage report` writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import streamlit as st

from boneage.radiograph.source import sniff
from boneage.report.formats import DICOM_MEDIA_TYPE, FORMATS, Format
from boneage.report.identifiers import film_name
from boneage.report.input import source_of_bytes
from boneage.report.labels import film_labels, labels_png
from boneage.report.material import Material, material_of
from boneage.report.overlay import overlay_png
from boneage.report.speech import Speech
from boneage.result import Reading
from boneage_page.language import say, table
from boneage_page.panels.panel import Shown
from boneage_page.speech import speech

FIRST: Final = ("pdf", "json", "csv")
"""The formats that have a button of their own; the others, for systems, stand together."""


@dataclass(frozen=True)
class Download:
    """A file to take along: its label, name, media type, and how it is made once asked for."""

    label: str
    name: str
    kind: str
    make: Callable[[], bytes]


def show(shown: Shown) -> None:
    """Show the paragraph to paste and the downloads."""
    st.caption(say("export.paste"))
    st.code(speech().paragraph(shown.result), language=None, wrap_lines=True)
    named = st.checkbox(
        say("export.identifiers"),
        key=f"identifiers_{shown.entry.film.digest}",
        help=say("export.identifiers_help"),
    )
    first, others = downloads(shown, with_identifiers=named)
    with st.container(horizontal=True):
        for file in first:
            _button(file)
    if others:
        st.caption(say("export.systems"))
        if any(file.kind == DICOM_MEDIA_TYPE for file in others):
            st.caption(say("export.dicom"))
        with st.container(horizontal=True):
            for file in others:
                _button(file)


def downloads(shown: Shown, *, with_identifiers: bool = False) -> tuple[tuple[Download, ...], tuple[Download, ...]]:
    """Return the files of a film: those for people, and those for systems."""
    reading = shown.reading or Reading(shown.result)
    data = shown.entry.film.data
    is_dicom = data is not None and sniff(data) == "DICOM"
    stem = shown.entry.film.stem if with_identifiers else film_name(shown.result)
    material = partial(_material, reading, data if is_dicom else None, with_identifiers, speech())
    names = table("export.formats")
    files = {
        entry.name: Download(
            names.get(entry.name, entry.name),
            f"{stem}{entry.ending}",
            entry.media_type,
            partial(_write, entry, material),
        )
        for entry in FORMATS
        if _fits(entry, reading, is_dicom=is_dicom)
    }
    first = [files.pop(name) for name in FIRST if name in files]
    return (*first, *_pictures(reading, stem, material)), tuple(files.values())


def _fits(entry: Format, reading: Reading, *, is_dicom: bool) -> bool:
    """Tell whether a format has something to say of this film."""
    if entry.says_nothing_of(reading):
        return False
    return (is_dicom or not entry.needs_dicom) and (reading.radiograph is not None or not entry.needs_film)


def _pictures(reading: Reading, stem: str, material: Callable[[], Material]) -> list[Download]:
    radiograph, bone_map = reading.radiograph, reading.bone_map
    files = []
    if radiograph is not None:
        files.append(
            Download(
                say("export.overlay"), f"{stem}_overlay.png", "image/png",
                lambda: overlay_png(material().reading) or b"",
            )
        )  # fmt: skip
    if radiograph is not None and bone_map is not None:
        shape = (radiograph.rows, radiograph.columns)
        files.append(
            Download(
                say("export.labels"), f"{stem}_labels.png", "image/png",
                lambda: labels_png(film_labels(bone_map, shape)),
            )
        )  # fmt: skip
    return files


def _material(reading: Reading, dicom: bytes | None, with_identifiers: bool, language: Speech) -> Material:
    source = None if dicom is None else source_of_bytes(dicom)
    return material_of(reading, source=source, with_identifiers=with_identifiers, speech=language)


def _write(entry: Format, material: Callable[[], Material]) -> bytes:
    return entry.write(material())


def _button(file: Download) -> None:
    st.download_button(
        file.label,
        file.make,
        file_name=file.name,
        mime=file.kind,
        on_click="ignore",
        icon=":material/download:",
        key=f"download_{file.name}",
    )
