"""Growth charts of single measurements, from the table that the age was looked up in, with this child on them."""

from __future__ import annotations

from typing import cast

import streamlit as st

from boneage.errors import TableError
from boneage.reference.measurement_table import MeasurementTable
from boneage.reference.rows import Sex
from boneage.reference.tables import load_reference
from boneage.report.figures.measurement import measurement_chart
from boneage.report.text import top_contributions
from boneage.result import AgeByMeasurement
from boneage_page import speech
from boneage_page.figure_words import figure_words, show_chart
from boneage_page.language import say
from boneage_page.panels.contributions import lookups
from boneage_page.panels.panel import Shown


def show(shown: Shown) -> None:
    """Show the chart of the measurement chosen, for every answer."""
    routes = lookups(shown.result)
    names = list(
        dict.fromkeys(
            part.measurement
            for lookup in routes.values()
            for part in top_contributions(lookup, count=len(lookup.contributions))
        )
    )
    name = st.selectbox(
        say("charts.choose"), names, format_func=speech.measurement, key=f"chart_{shown.entry.film.digest}", width=520
    )
    for sex, lookup in routes.items():
        if shown.result.by_sex:
            st.markdown(f"**{speech.sex(sex)}**")
        _show_one(name, cast(Sex, sex), lookup)


@st.cache_resource(show_spinner=False)
def _table(name: str) -> MeasurementTable:
    return load_reference(name)


def _show_one(name: str, sex: Sex, lookup: AgeByMeasurement) -> None:
    part = next((part for part in lookup.contributions if part.measurement == name), None)
    try:
        table = _table(lookup.reference)
    except TableError:
        table = None
    child = None if part is None else (lookup.months, part.value)
    figure = None if table is None else measurement_chart(table, name, sex, child=child, words=figure_words())
    if table is None or figure is None or part is None:
        st.info(say("charts.none"))
        return
    expected = table.expected(name, lookup.months, sex)
    values = {"measurement": speech.measurement(name), "value": part.value, "age": speech.age(lookup.months)}
    if expected is None:
        summary = say("charts.outside", **values)
    else:
        summary = say("charts.summary", **values, mean=expected[0], sd=expected[1])
    show_chart(figure, key=f"chart_of_{sex}", alt=say("charts.alt", summary=summary))
    st.markdown(summary)
    metadata = table.metadata
    st.caption(
        say("charts.caption", reference=metadata.name, version=metadata.version, source=metadata.source.rstrip("."))
    )
