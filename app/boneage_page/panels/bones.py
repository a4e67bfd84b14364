"""Every bone: lengths, scores, the age that it gives alone; the pattern profile; what stands out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from boneage.report.figures.pattern import pattern_figure
from boneage.report.wording import UNUSUAL_Z, signed
from boneage.result import BoneResult, LengthScore, Result, SexAnswer, out_of_step
from boneage.result.ages import PatternBone
from boneage_page.cells import tenths
from boneage_page.figure_words import figure_words, show_chart
from boneage_page.language import say, table
from boneage_page.panels.panel import Shown
from boneage_page.speech import speech

_WORDS: Final = ("bone", "own_age", "own_interval", "remark")
_FORMATS: Final = {"z": "%+.1f", "sds_bone_age": "%+.1f", "sds_own_age": "%+.1f", "contrast": "%.2f", "fusion": "%.2f"}
_PLACES: Final = {"contrast": 2, "fusion": 2}
"""Decimals of what is shown; a screen reader says all that a cell holds. Other numbers have one."""


def applies(result: Result) -> bool:
    """Tell whether bones were found."""
    return bool(result.bones)


def show(shown: Shown) -> None:
    """Show the table of the bones, what the lengths say, and the pattern profile of every answer."""
    result = shown.result
    frame = bones_frame(result)
    frame = frame.round({key: _PLACES.get(key, 1) for key in frame.columns})
    names = _column_names()
    st.dataframe(
        frame.rename(columns=names),
        hide_index=True,
        width="stretch",
        height="content",
        placeholder="",
        alt=say("bones.table_alt"),
        column_config={
            names[key]: st.column_config.NumberColumn(format=_FORMATS.get(key, "%.1f"))
            for key in frame.columns
            if key not in _WORDS
        },
    )
    st.caption(say("bones.note", scale=_capital(speech().spacing(result.input.pixel_spacing))))
    _show_lengths(result)
    for sex, answer in result.answers().items():
        if result.by_sex:
            st.markdown(f"**{speech().sex(sex)}**")
        _show_steps(answer)
        _show_pattern(answer, f"pattern_{sex}")


def bones_frame(result: Result) -> pd.DataFrame:
    """Return the bones, and the carpals together, as a table keyed by column; empty columns are left out."""
    rows = [_row(bone) for bone in result.bones]
    if (carpals := result.carpals) is not None and carpals.bone_age_months is not None:
        interval = carpals.bone_age_interval_95
        rows.append(
            {
                "bone": say("bones.carpals"),
                "own_age": speech().age(carpals.bone_age_months),
                "own_interval": speech().interval(interval) if interval else None,
            }
        )
    return pd.DataFrame(rows).dropna(axis="columns", how="all")


def _row(bone: BoneResult) -> dict[str, Any]:
    unusual = bone.z is not None and abs(bone.z) >= UNUSUAL_Z
    remark = say("bones.unusual") if unusual else say("bones.cut_off") if bone.partial else None
    return {
        "bone": speech().bone(bone.bone),
        "length_px": None if bone.partial else bone.length_px,
        "length_mm": None if bone.partial else bone.length_mm,
        "z": tenths(bone.z),
        "own_age": None if bone.bone_age_months is None else speech().age(bone.bone_age_months),
        "own_interval": None if bone.bone_age_interval_95 is None else speech().interval(bone.bone_age_interval_95),
        "joint_mm": bone.joint_length_mm,
        "sds_bone_age": tenths(bone.length_sds_for_bone_age),
        "sds_own_age": tenths(bone.length_sds_for_chronological_age),
        "width_px": bone.width_px,
        "epiphysis_px": bone.epiphysis_width_px,
        "metaphysis_px": bone.metaphysis_width_px,
        "gap_px": bone.gap_px,
        "contrast": bone.plate_contrast,
        "fusion": bone.fusion,
        "remark": remark,
    }


def _column_names() -> dict[str, str]:
    return {
        "bone": say("bones.bone"),
        "length_px": say("bones.length_px"),
        "length_mm": say("bones.length_mm"),
        "z": say("bones.z"),
        "own_age": say("bones.own_age"),
        "own_interval": say("bones.own_interval"),
        "joint_mm": say("bones.joint_mm"),
        "sds_bone_age": say("bones.sds_bone_age"),
        "sds_own_age": say("bones.sds_own_age"),
        "width_px": say("bones.width_px"),
        "epiphysis_px": say("bones.epiphysis_px"),
        "metaphysis_px": say("bones.metaphysis_px"),
        "gap_px": say("bones.gap_px"),
        "contrast": say("bones.contrast"),
        "fusion": say("bones.fusion"),
        "remark": say("bones.remark"),
    }


def _show_lengths(result: Result) -> None:
    if result.lengths is not None:
        if (score := result.lengths.for_bone_age) is not None:
            words = _score_words(score)
            if result.settled is None:
                st.markdown(say("bones.lengths_bone_age", **words))
            else:
                st.markdown(say("bones.lengths_automatic_age", **words))
        if (score := result.lengths.for_chronological_age) is not None:
            st.markdown(say("bones.lengths_own_age", **_score_words(score)))
    if result.bone_health_index is not None:
        st.markdown(say("bones.health", index=result.bone_health_index))


def _score_words(score: LengthScore) -> dict[str, object]:
    return {
        "age": speech().age(score.age_months),
        "sds": signed(score.sds),
        "verdict": table("bones.length_verdicts")[score.verdict],
        "bones": score.bones,
        "reference": table("bones.length_tables").get(score.reference, score.reference),
    }


def _show_steps(answer: SexAnswer) -> None:
    apart = out_of_step(answer)
    if apart:
        items = [
            say("bones.out_of_step_item", bone=speech().bone(age.bone), age=speech().age(age.months)) for age in apart
        ]
        st.markdown(say("bones.out_of_step", names=say("bones.list_separator").join(items)))


def _show_pattern(answer: SexAnswer, key: str) -> None:
    profile = answer.pattern_profile
    if not profile:
        return
    st.subheader(say("bones.pattern_title"), anchor=False)
    summary = _pattern_words(profile)
    show_chart(pattern_figure(profile, words=figure_words()), key=key, alt=say("bones.pattern_alt", summary=summary))
    st.markdown(summary)


def _pattern_words(profile: Sequence[PatternBone]) -> str:
    """Return which lengths stand out."""
    flagged = sorted((bone for bone in profile if bone.flagged), key=lambda bone: -abs(bone.z_own_hand))
    if not flagged:
        return say("bones.pattern_none", count=len(profile))
    items = [f"{speech().bone(bone.bone)} {signed(bone.z_own_hand)}" for bone in flagged]
    names = say("bones.list_separator").join(items)
    return say("bones.pattern_some", flagged=len(flagged), count=len(profile), names=names)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".")
