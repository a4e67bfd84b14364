"""Bone age against chronological age, on the bands of a standard."""

from __future__ import annotations

from typing import cast

import streamlit as st

from boneage.held_against import held_against_standard
from boneage.reference.rows import Sex
from boneage.report.figures.growth import Visit, growth_chart
from boneage.report.wording import signed
from boneage.result import BoneAge, Chronological, Result
from boneage_page import speech
from boneage_page.earlier import earlier_for
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
        _show_one(shown, cast(Sex, sex), answer.bone_age, answer.chronological, chosen)
    st.caption(say("growth.caption", standard=standards[chosen]))


def _show_one(shown: Shown, sex: Sex, age: BoneAge, own: Chronological | None, standard: str) -> None:
    visits = [] if own is None else [*_earlier(shown, sex), Visit(own.months, age.months, age.interval_95)]
    figure = growth_chart(visits, sex, standard=standard, words=figure_words())
    show_chart(figure, key=f"growth_{sex}", alt=say("growth.alt"))
    if own is None:
        st.info(say("growth.needs_age"))
        return
    held = held_against_standard(age, own.months, sex, standard)
    own = held.chronological
    if own.difference_months is None:
        st.info(speech.verdict(own))
        return
    st.markdown(
        say(
            "growth.summary",
            own=speech.age(own.months),
            bone=speech.answer(age),
            interval=speech.interval(age.interval_95),
            difference=speech.difference_of(own),
            sds=say("growth.no_score") if own.sds is None else speech.least(signed(own.sds), own),
            standard=table("growth.standards")[standard],
            verdict=speech.verdict(own),
        )
    )


def _earlier(shown: Shown, sex: Sex) -> list[Visit]:
    """Return the earlier visits that were given in their own panel."""
    return [
        Visit(visit.age_months, visit.bone_age.months, visit.bone_age.interval_95)
        for visit in earlier_for(shown.entry, shown.result, sex)
        if visit.age_months is not None
    ]
