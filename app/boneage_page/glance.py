"""The answer at a glance: age, interval, the child's own age and the verdict; or why there is none, and what helps.

The age that a reader settled on comes first; all that is the program's is named automatic then.
"""

from __future__ import annotations

import streamlit as st

from boneage.report.agreement import agreement
from boneage.report.wording import signed, verdict
from boneage.result import Chronological, Estimates, Reason, Result, SexAnswer
from boneage_page.language import say
from boneage_page.speech import as_written, speech


def show_glance(result: Result) -> None:
    """Show the answer or answers, or the refusal; then how the routes agree, the reference, the quality."""
    _show_reader_age(result)
    for problem in result.problems:
        title = say("glance.refused") if result.status == "refused" else say("glance.failed")
        text = f"**{speech().automatic(result)}{title}** {_sentence(speech().message(problem))}"
        st.error(_with_remedy(text, problem), icon=":material/block:")
    answers = result.answers()
    for column, (sex, answer) in zip(
        st.columns(max(len(answers), 1), border=bool(answers)), answers.items(), strict=False
    ):
        with column:
            _show_one(sex, answer, result)
    with st.container(key="facts"):
        for sex, answer in answers.items():
            _show_agreement(answer.estimates, say("glance.if_sex", sex=speech().sex(sex)) if result.by_sex else "")
        if not answers:
            _show_agreement(result.estimates)
        _show_references(result)
        _show_quality(result)


def _show_reader_age(result: Result) -> None:
    """Show the age that a reader settled on, with its own difference, SD score and verdict; it has no interval."""
    said = result.settled
    if said is None or said.final_months is None:
        return
    with st.container(border=True, key="reader_age"):
        who = as_written(say("correction.by", reader=said.reader)) if said.reader else ""
        st.metric(say("glance.reader_age", who=who), speech().age(said.final_months), width="content")
        held = said.chronological or {}
        if not held:
            st.caption(say("glance.no_own_age"))
        for sex, own in held.items():
            prefix = say("glance.if_sex", sex=speech().sex(sex)) if len(held) > 1 else ""
            _show_beside(own, f"beside_reader_{sex}", prefix)
        st.caption(say("glance.reader_no_interval"))


def show_remarks(result: Result) -> None:
    """Show the warnings on the answer, and quieter the remarks."""
    for reason in result.warnings:
        text = _with_remedy(_sentence(speech().message(reason)), reason)
        if reason.severity == "warning":
            st.warning(text, icon=":material/warning:")
        else:
            st.caption(say("glance.note", text=text))


def _show_one(sex: str | None, answer: SexAnswer, result: Result) -> None:
    age = answer.bone_age
    if age is None:
        st.markdown(say("glance.no_answer_if", sex=speech().sex(sex)))
        return
    low, high = age.interval_95
    with st.container(horizontal=True, gap="medium", key=f"bone_age_{sex}"):
        st.metric(_title(sex, result), speech().answer(age), width="content")
        interval = say("glance.interval", words=speech().interval(age.interval_95))
        st.markdown(f"**{speech().automatic(result)}{interval}**", width="content")
    method = speech().method(age.method)
    if age.bound_months is None:
        st.caption(say("glance.months", months=age.months, low=low, high=high, method=method))
    else:
        st.caption(say("glance.months_at_least", bound=age.bound_months, method=method))
    if said := speech().calibration(answer):
        st.markdown(f":material/tune: {as_written(said)}")
    own = answer.chronological
    if own is None:
        st.caption(say("glance.no_own_age"))
        return
    _show_beside(own, f"beside_{sex}", speech().automatic(result))


def _title(sex: str | None, result: Result) -> str:
    """Return what the program's answer is called; beside an age that a reader set, automatic."""
    name = speech().sex(sex)
    if result.settled is not None:
        return say("glance.automatic_age_if", sex=name) if result.by_sex else say("glance.automatic_age_of", sex=name)
    return say("glance.bone_age_if", sex=name) if result.by_sex else say("glance.bone_age_of", sex=name)


def _show_beside(own: Chronological, key: str, prefix: str = "") -> None:
    """Show the child's own age, difference and SD score of a bone age beside each other, and the verdict under them."""
    with st.container(horizontal=True, gap="medium", key=key):
        st.metric(say("glance.own_age"), speech().age(own.months), width="content")
        if own.difference_months is not None:
            months = speech().least(signed(own.difference_months, 0), own)
            st.metric(say("glance.difference"), say("glance.difference_months", months=months), width="content")
        if own.sds is not None:
            st.metric(say("glance.sds"), speech().least(signed(own.sds), own), width="content")
    show = {"usual": st.success, "advanced": st.warning, "delayed": st.warning}.get(verdict(own), st.info)
    show(prefix + speech().verdict_line(own))


def _show_agreement(estimates: Estimates, prefix: str = "") -> None:
    measured, direct, found = estimates.measurement, estimates.regression, agreement(estimates)
    if measured is not None and direct is not None and found is not None:
        values = {"measured": speech().age(measured.months), "direct": speech().age(direct.months)}
        apart = f"{found.apart_months:.0f}"
        if found.agree:
            st.markdown(f":material/check_circle: {prefix}{say('glance.routes_agree', apart=apart, **values)}")
        else:
            st.markdown(f":material/error: {prefix}{say('glance.routes_differ', apart=apart, **values)}")
    elif measured is not None or direct is not None:
        name = "measurement" if measured is not None else "regression"
        st.caption(prefix + say("glance.one_route", method=speech().method(name)))


def _show_references(result: Result) -> None:
    answers = result.answers().values()
    held = [answer.chronological for answer in answers]
    if result.settled is not None:
        held += (result.settled.chronological or {}).values()
    named = [
        say("glance.reference_lookup", name=answer.estimates.measurement.reference)
        for answer in answers
        if answer.estimates.measurement is not None
    ]
    named += [say("glance.reference_sds", name=own.reference) for own in held if own is not None and own.reference]
    if named:
        st.caption(say("glance.references", references=say("page.separator").join(dict.fromkeys(named))))


def _show_quality(result: Result) -> None:
    checks = result.quality.checks
    failed = [speech().check(check) for check in checks if not check.passed]
    if failed:
        names = say("page.separator").join(failed)
        st.markdown(
            f":material/error: {say('glance.quality_poor', failed=len(failed), count=len(checks), names=names)}"
        )
    elif checks:
        st.markdown(f":material/check_circle: {say('glance.quality_good', count=len(checks))}")


def _with_remedy(text: str, reason: Reason) -> str:
    remedy = speech().remedy(reason)
    return f"{text}  \n{say('glance.remedy', remedy=_sentence(remedy))}" if remedy else text


def _sentence(text: str) -> str:
    """Return a text as a sentence, with a capital and one full stop of its script."""
    tidy = text.strip().rstrip(".。")
    if not tidy:
        return ""
    stop = "。" if ord(tidy[-1]) > 0x2E80 else "."
    return tidy[:1].upper() + tidy[1:] + stop
