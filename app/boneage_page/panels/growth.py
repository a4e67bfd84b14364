"""Bone age against chronological age, on the bands of a standard: the program's and the one that a reader set."""

from __future__ import annotations

from typing import cast

import streamlit as st

from boneage.reference.rows import Sex
from boneage.report.figures.growth import Visit, growth_chart
from boneage.report.wording import signed
from boneage.result import Chronological, Result, SexAnswer
from boneage_page import speech
from boneage_page.figure_words import figure_words, show_chart
from boneage_page.language import say, table
from boneage_page.panels.panel import Shown


def applies(result: Result) -> bool:
    """Tell whether there is a bone age, of the program or of a reader."""
    return bool(_reader_ages(result)) or has_answer(result)


def has_answer(result: Result) -> bool:
    """Tell whether the program read a bone age."""
    return any(answer.bone_age is not None for answer in result.answers().values())


def show(shown: Shown) -> None:
    """Show the chart of every answer, with this visit where the child's own age is known."""
    standards = table("growth.standards")
    chosen = st.selectbox(
        say("growth.standard"), list(standards), format_func=standards.__getitem__, key="standard", width=420
    )
    if shown.result.by_sex:
        st.caption(say("growth.needs_sex"))
    answers, held = shown.result.answers(), _reader_ages(shown.result)
    for sex in dict.fromkeys([*answers, *held]):
        answer = answers.get(sex, SexAnswer(None))
        if sex is None or (answer.bone_age is None and sex not in held):
            continue
        if shown.result.by_sex:
            st.markdown(f"**{speech.sex(sex)}**")
        _show_chart(cast(Sex, sex), answer, held.get(sex), chosen)
        _say_reader(held.get(sex))
        _say_automatic(answer, speech.automatic(shown.result))
    st.caption(say("growth.caption", standard=standards[chosen]))


def _reader_ages(result: Result) -> dict[str, tuple[float, Chronological]]:
    """Return the age that a reader set with what it is against the child's own, by sex."""
    said = result.settled
    if said is None or said.final_months is None:
        return {}
    return {sex: (said.final_months, own) for sex, own in (said.chronological or {}).items()}


def _show_chart(sex: Sex, answer: SexAnswer, reader: tuple[float, Chronological] | None, standard: str) -> None:
    age, own = answer.bone_age, answer.chronological
    visits = [] if own is None or age is None else [Visit(own.months, age.months, age.interval_95)]
    settled = None if reader is None else Visit(reader[1].months, reader[0])
    figure = growth_chart(visits, sex, reader=settled, standard=standard, words=figure_words())
    show_chart(figure, key=f"growth_{sex}", alt=say("growth.alt"))


def _say_reader(reader: tuple[float, Chronological] | None) -> None:
    if reader is not None:
        months, own = reader
        st.markdown(say("growth.reader_summary", bone=speech.age(months), **_said(own)))


def _say_automatic(answer: SexAnswer, prefix: str) -> None:
    age, own = answer.bone_age, answer.chronological
    if age is None:
        return
    if own is None or own.difference_months is None:
        st.info(say("growth.needs_age"))
        return
    bone, interval = speech.answer(age), speech.interval(age.interval_95)
    st.markdown(prefix + say("growth.summary", bone=bone, interval=interval, **_said(own)))


def _said(own: Chronological) -> dict[str, str]:
    """Return what the sentences say of a bone age against the child's own."""
    return {
        "own": speech.age(own.months),
        "difference": speech.difference(own.difference_months or 0.0),
        "sds": say("growth.no_score") if own.sds is None else signed(own.sds),
        "verdict": speech.verdict(own),
    }
