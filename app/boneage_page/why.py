"""Why this age: the sentence under both routes, and what the direct regression looks at, once it is asked for."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from boneage import estimate
from boneage.correction.correction import Correction
from boneage.report.because import because as because_in_english
from boneage.report.because import heaviest_bones, strongest_regions
from boneage.report.explanation import draw_explanation
from boneage.report.wording import signed
from boneage.result import AgeByRegression, Reading, SexAnswer
from boneage_page import speech
from boneage_page.language import say
from boneage_page.panels.panel import Shown
from boneage_page.reader import Question, engine

_STATE: Final = "explained"


def because(answer: SexAnswer) -> str:
    """Return the sentence for one answer in the language of the page; empty where no route has answered."""
    if speech.speaks_as_the_package():
        return because_in_english(answer)
    measured, direct = answer.estimates.measurement, answer.estimates.regression
    said = [] if direct is None else [say("package.because_direct", age=speech.age(direct.months))]
    said += [] if measured is None else [say("package.because_bones", age=speech.age(measured.months))]
    bones = [
        say("package.because_bone", bone=speech.bone(bone), share=f"{100 * weight:.0f}", age=speech.age(months))
        for bone, weight, months in heaviest_bones(measured)
    ]
    reasons = [say("package.separator").join(bones)] if bones else []
    regions = strongest_regions(direct)
    if regions is not None:
        names = [
            say("package.because_region", region=speech.joint(one.region), months=signed(one.months, 0))
            for one in regions
        ]
        if names:
            reasons.append(say("package.because_regions", names=say("package.separator").join(names)))
        else:
            reasons.append(say("package.because_no_region"))
    if not said:
        return ""
    why = say("package.because_reasons") + say("package.clause").join(reasons) if reasons else ""
    return say("package.comma").join(said) + why + say("package.stop")


def show_explanation(shown: Shown) -> None:
    """Show the button that asks what the regression looks at, and once it was pressed the picture and its table."""
    reading = shown.reading
    routes = [answer.estimates.regression for answer in shown.result.answers().values()]
    if reading is None or reading.bone_map is None or not any(routes):
        return
    kept: tuple[Reading, Reading] | None = st.session_state.get(_STATE)
    if kept is None or kept[0] is not reading:
        if not st.button(say("routes.explain"), icon=":material/visibility:", help=say("routes.explain_help")):
            return
        with st.spinner(say("routes.explaining"), show_time=True):
            kept = st.session_state[_STATE] = (reading, _explained(shown, reading))
    _show(kept[1])


def _explained(shown: Shown, reading: Reading) -> Reading:
    """Read the age anew with the question what it rests on; nothing is segmented again."""
    shared = engine()
    question = shown.entry.question or Question()
    estimator = estimate.Estimator(question.options(explain=True), rooms=shared.rooms)
    with shared.lock:
        return estimator.revise(reading, shown.entry.correction or Correction())


def _show(explained: Reading) -> None:
    answers = explained.result.answers()
    picture = draw_explanation(explained, worded=False)
    if picture is None:
        st.info(say("routes.explain_none"))
        return
    film, numbers = st.columns([3, 2])
    film.image(picture, alt=say("routes.explain_alt"))
    with numbers:
        for sex, answer in answers.items():
            direct = answer.estimates.regression
            if direct is None:
                continue
            if explained.result.by_sex:
                st.markdown(f"**{speech.sex(sex)}**")
            st.markdown(because(answer))
            st.dataframe(regions_frame(direct), hide_index=True, width="stretch", height=280)
        st.caption(say("routes.explain_note"))


def regions_frame(direct: AgeByRegression) -> pd.DataFrame:
    """Return the regions with their months, the strongest first: the picture for those who cannot see it."""
    ordered = sorted(direct.regions or (), key=lambda one: -abs(one.months))
    return pd.DataFrame(
        {
            say("routes.region"): [speech.joint(one.region) for one in ordered],
            say("routes.region_months"): [signed(one.months) for one in ordered],
        }
    )
