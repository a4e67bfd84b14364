"""Both routes beside each other: ages, intervals, and their probabilities over age."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from boneage.report.figures.ages import ages_figure
from boneage.result import Result, SexAnswer
from boneage_page.figure_words import figure_words, show_chart
from boneage_page.language import say
from boneage_page.panels.panel import Shown
from boneage_page.speech import speech
from boneage_page.why import show_explanation


def applies(result: Result) -> bool:
    """Tell whether any route gave an age; so has a film that is refused because the routes contradict each other."""
    return any(answer.estimates.measurement or answer.estimates.regression for answer in _answers(result).values())


def show(shown: Shown) -> None:
    """Show the routes of every answer."""
    for sex, answer in _answers(shown.result).items():
        if shown.result.by_sex:
            st.markdown(f"**{speech().sex(sex)}**")
        chart, numbers = st.columns([3, 2], vertical_alignment="center")
        with chart:
            name = _answer_name(shown.result)
            figure = ages_figure(answer, words=replace(figure_words(), answer=name))
            show_chart(figure, key=f"ages_{sex}", alt=_in_words(answer, name))
        with numbers:
            frame = routes_frame(answer, name=name)
            st.dataframe(frame, hide_index=True, width="stretch", alt=say("routes.table_alt"))
        if reason := speech().because(answer):
            st.markdown(reason)
    show_explanation(shown)
    st.caption(say("routes.caption"))


def _answer_name(result: Result) -> str:
    """Return what the program's answer is called; beside an age that a reader set, that it is the automatic one."""
    return say("routes.answer") if result.settled is None else say("routes.automatic")


def _in_words(answer: SexAnswer, name: str) -> str:
    """Return what the chart shows, for those who cannot see it."""
    rows = routes_frame(answer, name=name)
    items = [
        say("routes.alt_item", route=route, age=age, interval=interval)
        for route, age, interval in zip(
            rows[say("routes.route")], rows[say("routes.age")], rows[say("routes.interval")], strict=True
        )
    ]
    return say("routes.alt", ages=say("page.separator").join(items))


def routes_frame(answer: SexAnswer, *, name: str) -> pd.DataFrame:
    """Return the routes as a table, the program's answer under a name."""
    lookup, direct, whole = answer.estimates.measurement, answer.estimates.regression, answer.bone_age
    rows = []
    if lookup is not None:
        source = say("routes.table", reference=lookup.reference)
        rows.append((say("routes.measured"), speech().age(lookup.months), lookup.interval_95, source))
    if direct is not None:
        rows.append((say("routes.direct"), speech().age(direct.months), direct.interval_95, say("routes.film")))
    if whole is not None and len(rows) > 1:
        rows.append((name, speech().answer(whole), whole.interval_95, ""))
    return pd.DataFrame(
        {
            say("routes.route"): [name for name, *_ in rows],
            say("routes.age"): [age for _, age, *_ in rows],
            say("routes.interval"): [speech().interval(interval) for *_, interval, _ in rows],
            say("routes.source"): [source for *_, source in rows],
        }
    )


def _answers(result: Result) -> dict[str | None, SexAnswer]:
    return result.answers() or {result.input.sex.value: SexAnswer(None, result.estimates)}
