"""Why this age: what the direct regression looks at, once it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd
import streamlit as st

from boneage import estimate
from boneage.correction.correction import Correction
from boneage.report.explanation import draw_explanation
from boneage.report.wording import signed
from boneage.result import AgeByRegression, Reading, SexAnswer
from boneage.result.ages import RegionOfRegression
from boneage_page.language import say
from boneage_page.panels.panel import Shown
from boneage_page.reader import Question, engine
from boneage_page.speech import speech

_STATE: Final = "explained"
_MOST_IN_WORDS: Final = 3


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
    film.image(picture, alt=_in_words(answers))
    with numbers:
        for sex, answer in answers.items():
            direct = answer.estimates.regression
            if direct is None:
                continue
            if explained.result.by_sex:
                st.markdown(f"**{speech().sex(sex)}**")
            st.markdown(speech().because(answer))
            st.dataframe(
                regions_frame(direct),
                hide_index=True,
                width="stretch",
                height=280,
                alt=say("routes.explain_table_alt"),
            )
        st.caption(say("routes.explain_note"))


def _in_words(answers: Mapping[str | None, SexAnswer]) -> str:
    """Return what the picture shows, for those who cannot see it."""
    items = [
        say("routes.explain_alt_item", region=speech().joint(one.region), months=signed(one.months))
        for answer in answers.values()
        if answer.estimates.regression is not None
        for one in _strongest(answer.estimates.regression)[:_MOST_IN_WORDS]
    ]
    return say("routes.explain_alt", regions=say("page.separator").join(items))


def _strongest(direct: AgeByRegression) -> list[RegionOfRegression]:
    return sorted(direct.regions or (), key=lambda one: -abs(one.months))


def regions_frame(direct: AgeByRegression) -> pd.DataFrame:
    """Return the regions with their months, the strongest first: the picture for those who cannot see it."""
    ordered = _strongest(direct)
    return pd.DataFrame(
        {
            say("routes.region"): [speech().joint(one.region) for one in ordered],
            say("routes.region_months"): [signed(one.months) for one in ordered],
        }
    )
