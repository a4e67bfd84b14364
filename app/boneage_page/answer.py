"""The answer at the top of the page: age, interval, the child's own age and the verdict; or why there is none."""

from __future__ import annotations

import streamlit as st

from boneage.report.wording import (
    METHOD_WORDS,
    SEX_WORDS,
    age_words,
    difference_words,
    interval_words,
    signed,
    verdict,
    verdict_words,
)
from boneage.result import Chronological, Reason, Result, SexAnswer
from boneage_page import words


def show_answer(result: Result) -> None:
    """Show the answer or answers, or the refusal."""
    for problem in result.problems:
        text = words.REFUSED if result.status == "refused" else words.FAILED
        st.error(_with_remedy(text.format(message=_sentence(problem.message)), problem))
    answers = result.answers()
    if not answers:
        return
    columns = st.columns(len(answers), border=True)
    for column, (sex, answer) in zip(columns, answers.items(), strict=True):
        with column:
            _show_one(sex, answer, assumed=result.by_sex is not None)


def show_remarks(result: Result) -> None:
    """Show the warnings on the answer, and quieter the remarks."""
    for reason in result.warnings:
        text = _with_remedy(_sentence(reason.message), reason)
        if reason.severity == "warning":
            st.warning(text)
        else:
            st.info(text)


def _show_one(sex: str | None, answer: SexAnswer, *, assumed: bool) -> None:
    age = answer.bone_age
    label = words.BONE_AGE_IF.format(sex=SEX_WORDS[sex]) if assumed else f"{words.BONE_AGE} ({SEX_WORDS[sex]})"
    if age is None:
        st.markdown(words.NO_ANSWER_IF.format(sex=SEX_WORDS[sex]))
        return
    with st.container(horizontal=True, gap="large"):
        st.metric(label, age_words(age.months), width="content")
        if answer.chronological is not None:
            _show_own_age(answer.chronological)
    low, high = age.interval_95
    st.markdown(f"**{words.INTERVAL.format(words=interval_words(age.interval_95), low=low, high=high)}**")
    st.caption(words.MONTHS.format(months=age.months, method=METHOD_WORDS[age.method]))
    if answer.chronological is None:
        st.caption(words.NO_OWN_AGE)
    else:
        _show_verdict(answer.chronological)


def _show_own_age(own: Chronological) -> None:
    st.metric(words.OWN_AGE, age_words(own.months), width="content")
    if own.sds is not None:
        st.metric(words.SDS, signed(own.sds), width="content")


def _show_verdict(own: Chronological) -> None:
    text = verdict_words(own)
    if own.difference_months is not None:
        text = f"{text} {_sentence(difference_words(own.difference_months))}"
    show = {"usual": st.success, "advanced": st.warning, "delayed": st.warning}.get(verdict(own), st.info)
    show(text)
    if own.reference:
        st.caption(words.SDS_SOURCE.format(reference=own.reference))


def _with_remedy(text: str, reason: Reason) -> str:
    remedy = words.REMEDIES.get(reason.code, reason.remedy)
    return f"{text}  \n{words.REMEDY.format(remedy=_sentence(remedy))}" if remedy else text


def _sentence(text: str) -> str:
    tidy = text.strip()
    return (tidy[:1].upper() + tidy[1:]).removesuffix(".") + "." if tidy else ""
