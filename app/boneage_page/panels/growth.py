"""Bone age against chronological age, on the bands of a standard: the program's and the one that a reader set."""

from __future__ import annotations

from typing import cast

import streamlit as st

from boneage.held_against import held_against_standard
from boneage.reference.rows import Sex
from boneage.report.figures.growth import Visit, growth_chart
from boneage.report.wording import signed
from boneage.result import Chronological, Result, SexAnswer
from boneage_page.earlier import earlier_for
from boneage_page.figure_words import figure_words, show_chart
from boneage_page.language import say, table
from boneage_page.panels.panel import Shown
from boneage_page.speech import speech


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
            st.markdown(f"**{speech().sex(sex)}**")
        reader = held.get(sex)
        sentences = _sentences(answer, reader, cast(Sex, sex), chosen, speech().automatic(shown.result))
        _show_chart(shown, cast(Sex, sex), answer, reader, chosen, " ".join(sentences))
        for sentence in sentences:
            st.markdown(sentence)
        if answer.bone_age is not None and answer.chronological is None:
            st.info(say("growth.needs_age"))
    st.caption(say("growth.caption", standard=standards[chosen]))


def _reader_ages(result: Result) -> dict[str, tuple[float, Chronological]]:
    """Return the age that a reader set with what it is against the child's own, by sex."""
    said = result.settled
    if said is None or said.final_months is None:
        return {}
    return {sex: (said.final_months, own) for sex, own in (said.chronological or {}).items()}


def _show_chart(
    shown: Shown, sex: Sex, answer: SexAnswer, reader: tuple[float, Chronological] | None, standard: str, summary: str
) -> None:
    age, own = answer.bone_age, answer.chronological
    visits = []
    if age is not None and own is not None:
        visits = [*_earlier(shown, sex), Visit.of(own.months, age)]
    settled = None if reader is None else Visit(reader[1].months, reader[0])
    figure = growth_chart(visits, sex, reader=settled, standard=standard, words=figure_words())
    alt = say("growth.alt", summary=summary) if summary else say("growth.alt_bands")
    show_chart(figure, key=f"growth_{sex}", alt=alt)


def _earlier(shown: Shown, sex: Sex) -> list[Visit]:
    """Return the earlier visits that were given in their own panel."""
    return [
        Visit.of(visit.age_months, visit.bone_age)
        for visit in earlier_for(shown.entry, shown.result, sex)
        if visit.age_months is not None
    ]


def _sentences(
    answer: SexAnswer, reader: tuple[float, Chronological] | None, sex: Sex, standard: str, prefix: str
) -> list[str]:
    """Return what the chart shows: of the age that a reader set, and of the program's, with what goes before that."""
    said = []
    if reader is not None:
        months, own = reader
        held = held_against_standard(months, own.months, sex, standard, in_whole_years=own.in_whole_years).chronological
        said.append(say("growth.reader_summary", bone=speech().age(months), **_said(held, standard)))
    age = answer.bone_age
    if age is not None and answer.chronological is not None:
        own = answer.chronological
        held = held_against_standard(age, own.months, sex, standard, in_whole_years=own.in_whole_years).chronological
        bone, interval = speech().answer(age), speech().interval(age.interval_95)
        if held.difference_months is None:
            said.append(prefix + speech().verdict(held))
        else:
            said.append(prefix + say("growth.summary", bone=bone, interval=interval, **_said(held, standard)))
    return said


def _said(own: Chronological, standard: str) -> dict[str, str]:
    """Return what the sentences say of a bone age against the child's own by a standard."""
    return {
        "own": speech().age(own.months),
        "difference": speech().difference_of(own),
        "sds": say("growth.no_score") if own.sds is None else speech().least(signed(own.sds), own),
        "standard": table("growth.standards")[standard],
        "verdict": speech().verdict(own),
    }
