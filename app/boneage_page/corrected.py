"""A reading with the reader's corrections applied, and the notice of them that stands over the answer."""

from __future__ import annotations

from typing import Final

import streamlit as st

from boneage import estimate
from boneage.correction.correction import Correction
from boneage.result import Reading, Result
from boneage_page.language import say
from boneage_page.reader import Question, engine
from boneage_page.speech import speech

_STATE: Final = "corrected"


def corrected(correction: Correction | None, question: Question, reading: Reading | None) -> Reading | None:
    """Return the reading with a reader's corrections, from memory where they are those of the last run."""
    if correction is None or reading is None or reading.bone_map is None:
        return reading
    kept: tuple[Reading, Correction, Reading] | None = st.session_state.get(_STATE)
    if kept is None or kept[0] is not reading or kept[1] != correction:
        shared = engine()
        estimator = estimate.Estimator(question.options(), rooms=shared.rooms)
        with shared.lock:
            kept = (reading, correction, estimator.revise(reading, correction))
        st.session_state[_STATE] = kept
    return kept[2]


def show_badge(result: Result) -> None:
    """Say that a reader has corrected this answer, what was changed, and the answer before."""
    lines = speech().corrections(result)
    if lines:
        st.badge(say("correction.badge"), icon=":material/edit:", color="violet")
        with st.container(border=True):
            for line in lines:
                st.text(line)  # A reader's own words are shown as they are, not as Markdown.
