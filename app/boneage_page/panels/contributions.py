"""What each measurement said about the age: the work shown."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from boneage.report.figures.contributions import contributions_figure
from boneage.report.text import top_contributions
from boneage.result import AgeByMeasurement, Result
from boneage_page.figure_words import figure_words, show_chart
from boneage_page.language import say, table
from boneage_page.panels.panel import Shown
from boneage_page.speech import speech

_MOST_ROWS: Final = 10
_MOST_ROWS_PX: Final = 390
"""Longer tables are scrolled within this height."""
_MOST_IN_WORDS: Final = 5


def applies(result: Result) -> bool:
    """Tell whether there are contributions."""
    return bool(lookups(result))


def lookups(result: Result) -> dict[str | None, AgeByMeasurement]:
    """Return the measurement route of every answer that has contributions, by sex."""
    shown = {sex: answer.estimates.measurement for sex, answer in result.answers().items()}
    return {sex: lookup for sex, lookup in shown.items() if lookup is not None and lookup.contributions}


def show(shown: Shown) -> None:
    """Show what each measurement says, heaviest first, for every answer."""
    for sex, lookup in lookups(shown.result).items():
        if shown.result.by_sex:
            st.markdown(f"**{speech().sex(sex)}**")
        figure = contributions_figure(lookup, words=figure_words())
        show_chart(figure, key=f"contributions_{sex}", alt=_in_words(lookup))
        st.dataframe(
            contributions_frame(lookup),
            hide_index=True,
            alt=say("contributions.table_alt"),
            width="stretch",
            height=_MOST_ROWS_PX if len(lookup.contributions) > _MOST_ROWS else "content",
            column_config={
                say("contributions.measured"): st.column_config.NumberColumn(format="%.3f"),
                say("contributions.expected"): st.column_config.NumberColumn(format="%.3f"),
                say("contributions.z"): st.column_config.NumberColumn(format="%+.1f"),
                say("contributions.weight"): st.column_config.ProgressColumn(
                    format="percent", min_value=0.0, max_value=1.0
                ),
            },
        )
        prior = table("contributions.priors").get(lookup.prior, lookup.prior)
        st.caption(f"{say('contributions.note', reference=lookup.reference)} {say('contributions.prior', prior=prior)}")


def _in_words(lookup: AgeByMeasurement) -> str:
    """Return what the chart shows, for those who cannot see it."""
    items = [
        say("contributions.alt_item", measurement=speech().measurement(part.measurement), weight=part.weight)
        for part in top_contributions(lookup, count=_MOST_IN_WORDS)
    ]
    return say("contributions.alt", parts=say("page.separator").join(items))


def contributions_frame(lookup: AgeByMeasurement) -> pd.DataFrame:
    """Return what each measurement says as a table, heaviest first."""
    parts = top_contributions(lookup, count=len(lookup.contributions))
    return pd.DataFrame(
        {
            say("contributions.measurement"): [speech().measurement(part.measurement) for part in parts],
            say("contributions.measured"): [round(part.value, 3) for part in parts],
            say("contributions.expected"): [round(part.expected, 3) for part in parts],
            say("contributions.z"): [round(part.z, 1) + 0.0 for part in parts],
            say("contributions.weight"): [round(part.weight, 3) for part in parts],
        }
    )
