"""Growth charts of single measurements, from the installed tables, with this child and its earlier visits on them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import streamlit as st

from boneage.measured_charts import (
    MeasuredChart,
    by_chronological_age,
    charted_measurements,
    measured_chart,
    tables_for,
)
from boneage.reference.lengths import JOINT_LENGTH_TABLES
from boneage.reference.measurement_table import MeasurementTable
from boneage.reference.rows import Sex
from boneage.report.figures.measurement import measurement_chart
from boneage.report.wording import signed
from boneage.result.measured_values import left_out_by_reader, why_no_millimetres
from boneage_page.earlier import earlier_for
from boneage_page.figure_words import figure_words, show_chart
from boneage_page.language import say, table
from boneage_page.panels.growth import applies
from boneage_page.panels.panel import Shown
from boneage_page.speech import speech

__all__ = ["applies", "show"]


def show(shown: Shown) -> None:
    """Show the chart of the measurement chosen, for every answer, and say which there are none of."""
    result = shown.result
    names = charted_measurements(result)
    if not names:
        st.info(say("charts.none"))
        return
    digest = shown.entry.film.digest
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            say("charts.choose"), names, format_func=speech().measurement, key=f"chart_{digest}", width=520
        )
        chosen = _choose_table(shown, name)
    if why := why_no_millimetres(result):
        st.caption(table("charts.no_millimetres")[why])
    if left_out_by_reader(result, name):
        st.info(say("charts.left_out", measurement=speech().measurement(name)))
    for sex in result.answers():
        if result.by_sex:
            st.markdown(f"**{speech().sex(sex)}**")
        _show_one(shown, name, cast(Sex, sex), chosen)


def _choose_table(shown: Shown, name: str) -> MeasurementTable:
    """Return the table whose curve is shown; where there are several, the user's choice."""
    answers = shown.result.answers()
    found = {one.name: one for sex in answers for one in tables_for(name, cast(Sex, sex))}
    aged = any(answer.chronological is not None for answer in answers.values())
    offered = [one for one in found.values() if aged or not by_chronological_age(one)]
    if len(offered) < len(found):
        st.caption(say("charts.needs_age"))
    if len(offered) < 2:
        return (offered or list(found.values()))[0]
    chosen = st.selectbox(
        say("charts.curve"),
        [one.name for one in offered],
        format_func=lambda name: say("charts.curve_of", axis=_axis(found[name]), table=name),
        key=f"chart_table_{shown.entry.film.digest}",
        width=420,
    )
    return found[chosen]


def _show_one(shown: Shown, name: str, sex: Sex, source: MeasurementTable) -> None:
    earlier = earlier_for(shown.entry, shown.result, sex)
    found = measured_chart(shown.result, name, sex, source, earlier=earlier)
    if found is None:
        st.info(say("charts.no_cells"))
        return
    child = None if found.child is None else (found.child.age_months, found.child.value)
    before = [(point.age_months, point.value) for point in found.earlier]
    figure = measurement_chart(source, name, sex, child=child, earlier=before, words=figure_words())
    summary = _summary(found)
    show_chart(figure, key=f"chart_of_{sex}", alt=say("charts.alt", summary=summary))
    st.markdown(summary)
    if found.earlier:
        st.markdown(say("charts.earlier", points=say("charts.separator").join(_earlier(found))))
    metadata = source.metadata
    said = [
        say(
            "charts.caption",
            axis=_axis(source),
            reference=metadata.name,
            version=metadata.version,
            source=metadata.source.rstrip("."),
        )
    ]
    if found.silent:
        said.insert(0, say("charts.silent"))
    if source.name in JOINT_LENGTH_TABLES.values():
        said.append(say("charts.inferred"))
    st.caption(" ".join(said))


def _summary(found: MeasuredChart) -> str:
    name, value = speech().measurement(found.measurement), _number(found, found.value)
    if found.child is None:
        return say("charts.unplaced", measurement=name, value=value)
    ages = table("charts.ages")["chronological_age" if by_chronological_age(found.table) else "bone_age"]
    at = ages.format(age=speech().age(found.child.age_months))
    if found.expected is None or found.z is None:
        return say("charts.outside", measurement=name, value=value, at=at)
    mean, sd = (_number(found, number) for number in found.expected)
    return say("charts.summary", measurement=name, value=value, at=at, mean=mean, sd=sd, z=signed(found.z))


def _earlier(found: MeasuredChart) -> Iterable[str]:
    for point in found.earlier:
        yield say("charts.earlier_point", age=speech().age(point.age_months), value=_number(found, point.value))


def _number(found: MeasuredChart, value: float) -> str:
    return say("charts.millimetres", value=f"{value:.1f}") if found.unit == "mm" else f"{value:.3f}"


def _axis(source: MeasurementTable) -> str:
    return table("charts.axes")["chronological_age" if by_chronological_age(source) else "bone_age"]
