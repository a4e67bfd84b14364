"""Both routes beside each other, on one scale of age."""

from __future__ import annotations

from typing import Any, Final

import altair as alt
import pandas as pd
import streamlit as st

from boneage.report.wording import SEX_WORDS, age_words, interval_words
from boneage.result import Result, SexAnswer
from boneage_page import words

COLOURS: Final = {
    words.ROUTE_MEASUREMENT: "#d97706",
    words.ROUTE_REGRESSION: "#6366f1",
    words.ROUTE_ANSWER: "#0f766e",
}


def show_routes(result: Result) -> None:
    """Show the routes of every answer, and of a film refused because they contradict each other."""
    answers = result.answers() or {result.input.sex.value: SexAnswer(None, result.estimates)}
    if not any(_rows(answer) for answer in answers.values()):
        return
    st.subheader(words.ROUTES, anchor=False)
    for sex, answer in answers.items():
        rows = _rows(answer)
        if not rows:
            continue
        if result.by_sex:
            st.markdown(f"**{SEX_WORDS[sex].capitalize()}**")
        table, chart = st.columns([3, 2], vertical_alignment="center")
        with table:
            st.dataframe(_table(rows), hide_index=True, width="stretch")
        with chart:
            st.altair_chart(_chart(rows, answer), width="stretch")
            if answer.chronological is not None:
                st.caption(words.OWN_AGE_LINE)


def _rows(answer: SexAnswer) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    lookup, direct = answer.estimates.measurement, answer.estimates.regression
    if lookup is not None:
        source = words.ROUTE_SOURCE.format(reference=lookup.reference)
        rows.append(_row(words.ROUTE_MEASUREMENT, lookup.months, lookup.interval_95, source))
    if direct is not None:
        rows.append(_row(words.ROUTE_REGRESSION, direct.months, direct.interval_95, words.ROUTE_PIXELS))
    if answer.bone_age is not None and len(rows) > 1:
        rows.append(_row(words.ROUTE_ANSWER, answer.bone_age.months, answer.bone_age.interval_95, ""))
    return rows


def _row(route: str, months: float, interval: tuple[float, float], source: str) -> dict[str, Any]:
    return {"Route": route, "months": months, "low": interval[0], "high": interval[1], "Source": source}


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Route": [row["Route"] for row in rows],
            "Age": [age_words(row["months"]) for row in rows],
            "95 % interval": [interval_words((row["low"], row["high"])) for row in rows],
            "From": [row["Source"] for row in rows],
        }
    )


def _chart(rows: list[dict[str, Any]], answer: SexAnswer) -> Any:
    """Return intervals as bars and ages as dots; the child's own age as an upright line."""
    frame = pd.DataFrame(rows)
    for column in ("months", "low", "high"):
        frame[column] = frame[column] / 12
    order = list(frame["Route"])
    base = alt.Chart(frame).encode(y=alt.Y("Route:N", sort=order, title=None, axis=alt.Axis(labelLimit=200)))
    scale = alt.Scale(zero=False, nice=True)
    colour = alt.Color("Route:N", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())), legend=None)
    bars = base.mark_bar(height=6, opacity=0.5).encode(
        x=alt.X("low:Q", title=words.AGE_AXIS, scale=scale), x2="high:Q", color=colour
    )
    dots = base.mark_circle(size=110, opacity=1).encode(x="months:Q", color=colour)
    layers: list[Any] = [bars, dots]
    if answer.chronological is not None:
        own = pd.DataFrame({"own": [answer.chronological.months / 12], "label": [words.ROUTE_OWN]})
        layers.append(alt.Chart(own).mark_rule(strokeDash=[5, 4], color="#888").encode(x="own:Q", tooltip="label:N"))
    return alt.layer(*layers).properties(height=60 + 34 * len(rows))
