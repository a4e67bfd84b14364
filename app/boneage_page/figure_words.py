"""The package's figures on the page: their words in its language, and how they are shown."""

from __future__ import annotations

from typing import Any

import streamlit as st

from boneage.report.figures.words import FigureWords
from boneage_page.language import table
from boneage_page.speech import speech


def figure_words() -> FigureWords:
    """Return the words of the figures."""
    return FigureWords(
        **table("figures"),
        age=speech().age,
        bone=speech().bone,
        label=speech().label,
        joint=speech().joint,
        measurement=speech().measurement,
    )


def show_chart(figure: Any, *, key: str, alt: str) -> None:
    """Show a chart without the bar of tools; ``alt`` says to a screen reader what it shows."""
    st.plotly_chart(figure, key=key, alt=alt, config={"displayModeBar": False})
