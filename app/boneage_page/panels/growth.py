"""Bone age against chronological age, on the bands of a standard."""

from __future__ import annotations

from typing import cast

import streamlit as st

from boneage.reference.rows import Sex
from boneage.report.figures.growth import Visit, growth_chart
from boneage.report.wording import signed
from boneage.result import BoneAge, Chronological, Result
from boneage_page import speech
from boneage_page.figure_words import figure_words, show_chart
from boneage_page.language import say, table
from boneage_page.panels.panel import Shown


def applies(result: Result) -> bool:
    """Tell whether there is a bone age."""
    return any(answer.bone_age is not None for answer in result.answers().values())


def show(shown: Shown) -> None:
    """Show the chart of every answer, with this visit where the child's own age is known."""
    standards = table("growth.standards")
    chosen = st.selectbox(
        say("growth.standard"), list(standards), format_func=standards.__getitem__, key="standard", width=420
    )
    if shown.result.by_sex:
        st.caption(say("growth.needs_sex"))
    for sex, answer in shown.result.answers().items():
        if answer.bone_age is None or sex is None:
            continue
        if shown.result.by_sex:
            st.markdown(f"**{speech.sex(sex)}**")
        _show_one(cast(Sex, sex), answer.bone_age, answer.chronological, chosen)
    st.caption(say("growth.caption", standard=standards[chosen]))


def _show_one(sex: Sex, age: BoneAge, own: Chronological | None, standard: str) -> None:
    visits = [] if own is None else [Visit(own.months, age.months, age.interval_95)]
    figure = growth_chart(visits, sex, standard=standard, words=figure_words())
    summary = "" if own is None or own.difference_months is None else _summary(age, own, own.difference_months)
    alt = say("growth.alt", summary=summary) if summary else say("growth.alt_bands")
    show_chart(figure, key=f"growth_{sex}", alt=alt)
    if summary:
        st.markdown(summary)
    else:
        st.info(say("growth.needs_age"))


def _summary(age: BoneAge, own: Chronological, difference_months: float) -> str:
    """Return what the chart shows, in words."""
    return say(
        "growth.summary",
        own=speech.age(own.months),
        bone=speech.answer(age),
        interval=speech.interval(age.interval_95),
        difference=speech.difference(difference_months),
        sds=say("growth.no_score") if own.sds is None else signed(own.sds),
        verdict=speech.verdict(own),
    )
