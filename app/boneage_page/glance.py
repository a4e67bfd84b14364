"""The answer at a glance: age, interval, the child's own age and the verdict; or why there is none, and what helps."""

from __future__ import annotations

import streamlit as st

from boneage.report.agreement import agreement
from boneage.report.wording import signed, verdict
from boneage.result import Chronological, Estimates, Reason, Result, SexAnswer
from boneage_page import speech
from boneage_page.language import say


def show_glance(result: Result) -> None:
    """Show the answer or answers, or the refusal; then how the routes agree, the reference, the quality."""
    for problem in result.problems:
        title = say("glance.refused") if result.status == "refused" else say("glance.failed")
        st.error(_with_remedy(f"**{title}** {_sentence(speech.message(problem))}", problem), icon=":material/block:")
    answers = result.answers()
    for column, (sex, answer) in zip(
        st.columns(max(len(answers), 1), border=bool(answers)), answers.items(), strict=False
    ):
        with column:
            _show_one(sex, answer, assumed=result.by_sex is not None)
    with st.container(key="facts"):
        for sex, answer in answers.items():
            _show_agreement(answer.estimates, say("glance.if_sex", sex=speech.sex(sex)) if result.by_sex else "")
        if not answers:
            _show_agreement(result.estimates)
        if answers:
            _show_references(list(answers.values()))
        _show_quality(result)


def show_remarks(result: Result) -> None:
    """Show the warnings on the answer, and quieter the remarks."""
    for reason in result.warnings:
        text = _with_remedy(_sentence(speech.message(reason)), reason)
        if reason.severity == "warning":
            st.warning(text, icon=":material/warning:")
        else:
            st.caption(say("glance.note", text=text))


def _show_one(sex: str | None, answer: SexAnswer, *, assumed: bool) -> None:
    age = answer.bone_age
    if age is None:
        st.markdown(say("glance.no_answer_if", sex=speech.sex(sex)))
        return
    name = speech.sex(sex)
    label = say("glance.bone_age_if", sex=name) if assumed else say("glance.bone_age_of", sex=name)
    low, high = age.interval_95
    with st.container(horizontal=True, gap="medium", key=f"bone_age_{sex}"):
        st.metric(label, speech.answer(age), width="content")
        st.markdown(f"**{say('glance.interval', words=speech.interval(age.interval_95))}**", width="content")
    method = speech.method(age.method)
    if age.bound_months is None:
        st.caption(say("glance.months", months=age.months, low=low, high=high, method=method))
    else:
        st.caption(say("glance.months_at_least", bound=age.bound_months, method=method))
    if said := speech.calibration(answer):
        st.markdown(f":material/tune: {speech.as_written(said)}")
    own = answer.chronological
    if own is None:
        st.caption(say("glance.no_own_age"))
        return
    with st.container(horizontal=True, gap="medium", key=f"beside_{sex}"):
        st.metric(say("glance.own_age"), speech.age(own.months), width="content")
        if own.difference_months is not None:
            months = speech.least(signed(own.difference_months, 0), own)
            st.metric(say("glance.difference"), say("glance.difference_months", months=months), width="content")
        if own.sds is not None:
            st.metric(say("glance.sds"), speech.least(signed(own.sds), own), width="content")
    _show_verdict(own)


def _show_verdict(own: Chronological) -> None:
    text = speech.verdict(own)
    if own.difference_months is not None:
        text = f"{text} {_sentence(speech.difference_of(own))}"
    show = {"usual": st.success, "advanced": st.warning, "delayed": st.warning}.get(verdict(own), st.info)
    show(text)


def _show_agreement(estimates: Estimates, prefix: str = "") -> None:
    measured, direct, found = estimates.measurement, estimates.regression, agreement(estimates)
    if measured is not None and direct is not None and found is not None:
        values = {"measured": speech.age(measured.months), "direct": speech.age(direct.months)}
        apart = f"{found.apart_months:.0f}"
        if found.agree:
            st.markdown(f":material/check_circle: {prefix}{say('glance.routes_agree', apart=apart, **values)}")
        else:
            st.markdown(f":material/error: {prefix}{say('glance.routes_differ', apart=apart, **values)}")
    elif measured is not None or direct is not None:
        name = "measurement" if measured is not None else "regression"
        st.caption(prefix + say("glance.one_route", method=speech.method(name)))


def _show_references(answers: list[SexAnswer]) -> None:
    named = [
        say("glance.reference_lookup", name=answer.estimates.measurement.reference)
        for answer in answers
        if answer.estimates.measurement is not None
    ]
    named += [
        say("glance.reference_sds", name=answer.chronological.reference)
        for answer in answers
        if answer.chronological is not None and answer.chronological.reference
    ]
    if named:
        st.caption(say("glance.references", references=say("page.separator").join(dict.fromkeys(named))))


def _show_quality(result: Result) -> None:
    checks = result.quality.checks
    failed = [speech.check(check) for check in checks if not check.passed]
    if failed:
        names = say("page.separator").join(failed)
        st.markdown(
            f":material/error: {say('glance.quality_poor', failed=len(failed), count=len(checks), names=names)}"
        )
    elif checks:
        st.markdown(f":material/check_circle: {say('glance.quality_good', count=len(checks))}")


def _with_remedy(text: str, reason: Reason) -> str:
    remedy = speech.remedy(reason)
    return f"{text}  \n{say('glance.remedy', remedy=_sentence(remedy))}" if remedy else text


def _sentence(text: str) -> str:
    """Return a text as a sentence, with a capital and one full stop of its script."""
    tidy = text.strip().rstrip(".。")
    if not tidy:
        return ""
    stop = "。" if ord(tidy[-1]) > 0x2E80 else "."
    return tidy[:1].upper() + tidy[1:] + stop
