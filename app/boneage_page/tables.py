"""The tables: every bone, and what each measurement says about the age."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from boneage.report.text import top_contributions
from boneage.report.wording import SEX_WORDS, UNUSUAL_Z, bone_words, measurement_words
from boneage.result import AgeByMeasurement, Result
from boneage_page import words

MOST_ROWS: Final = 10
MOST_ROWS_PX: Final = 390
"""Longer tables are scrolled within this height."""


def show_bones(result: Result) -> None:
    """Show every bone's measures."""
    if not result.bones:
        return
    st.subheader(words.BONES, anchor=False)
    frame = bones_frame(result)
    st.dataframe(
        frame, hide_index=True, width="stretch", height="content", column_config=_formats(frame), placeholder=""
    )
    st.caption(words.BONES_NOTE.format(scale=result.input.pixel_spacing.message.rstrip(".").capitalize()))


def bones_frame(result: Result) -> pd.DataFrame:
    """Return the bones as a table; columns that are empty throughout are left out."""
    rows = [
        {
            "Bone": bone_words(bone.bone),
            "Length (px)": None if bone.partial else bone.length_px,
            "Length (mm)": None if bone.partial else bone.length_mm,
            "Width (px)": bone.width_px,
            "Epiphysis width (px)": bone.epiphysis_width_px,
            "Metaphysis width (px)": bone.metaphysis_width_px,
            "Plate gap (px)": bone.gap_px,
            "Plate contrast": bone.plate_contrast,
            "Length z": bone.z,
            "Remark": "unusual length" if bone.z is not None and abs(bone.z) >= UNUSUAL_Z else None,
        }
        for bone in result.bones
    ]
    return pd.DataFrame(rows).dropna(axis="columns", how="all")


def show_contributions(result: Result) -> None:
    """Show what each measurement says, heaviest first, for every answer."""
    shown = {sex: answer.estimates.measurement for sex, answer in result.answers().items()}
    lookups = {sex: lookup for sex, lookup in shown.items() if lookup is not None and lookup.contributions}
    if not lookups:
        return
    st.subheader(words.CONTRIBUTIONS, anchor=False)
    for sex, lookup in lookups.items():
        if result.by_sex:
            st.markdown(f"**{SEX_WORDS[sex].capitalize()}**")
        st.dataframe(
            contributions_frame(lookup),
            hide_index=True,
            width="stretch",
            height=MOST_ROWS_PX if len(lookup.contributions) > MOST_ROWS else "content",
            column_config={
                "Measured": st.column_config.NumberColumn(format="%.3f"),
                "Expected": st.column_config.NumberColumn(format="%.3f"),
                "z": st.column_config.NumberColumn(format="%+.1f"),
                "Weight": st.column_config.ProgressColumn(format="percent", min_value=0.0, max_value=1.0),
            },
        )
        st.caption(words.CONTRIBUTIONS_NOTE.format(reference=lookup.reference))


def contributions_frame(lookup: AgeByMeasurement) -> pd.DataFrame:
    """Return what each measurement says as a table, heaviest first."""
    return pd.DataFrame(
        [
            {
                "Measurement": measurement_words(part.measurement),
                "Measured": part.value,
                "Expected": part.expected,
                "z": part.z,
                "Weight": part.weight,
            }
            for part in top_contributions(lookup, count=len(lookup.contributions))
        ]
    )


def _formats(frame: pd.DataFrame) -> dict[str, Any]:
    formats = {"Length z": "%+.1f", "Plate contrast": "%.2f"}
    return {
        name: st.column_config.NumberColumn(format=formats.get(name, "%.1f"))
        for name in frame.columns
        if name not in {"Bone", "Remark"}
    }
