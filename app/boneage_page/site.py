"""The site calibration of a session: chosen as a file, applied to every film, taken off again."""

from __future__ import annotations

from typing import Final

import streamlit as st

from boneage.calibration.file import read_calibration
from boneage.errors import BoneAgeError
from boneage.result import Reason
from boneage_page.keeping_for_all import said_for_all
from boneage_page.language import say
from boneage_page.reader import SITE, Site, check_site, site_in_use
from boneage_page.shelf import shelf
from boneage_page.speech import as_written, speech

_PROBLEM: Final = "site_problem"
_TURN: Final = "site_turn"
"""Counts the files given: a new key empties the field."""


def ask_site() -> None:
    """Show which calibration is applied and the way back, or the field to give one."""
    site = site_in_use()
    if site is not None:
        st.markdown(f":material/tune: {say('site.in_use', name=as_written(site.calibration.name))}")
        st.caption(say("site.fitted", day=site.calibration.created, sha256=site.sha256[:12]))
        st.button(say("site.remove"), key="site_remove", icon=":material/close:", on_click=_remove)
        return
    key = f"site_file_{st.session_state.get(_TURN, 0)}"
    st.file_uploader(say("site.file"), key=key, help=say("site.help"), type="json", on_change=_take, args=(key,))
    problem: Reason | None = st.session_state.get(_PROBLEM)
    if problem is not None:
        st.error(say("child.wrong", message=speech().message(problem), remedy=speech().remedy(problem)))


def _take(key: str) -> None:
    upload = st.session_state.get(key)
    if upload is None:
        return
    st.session_state.pop(_PROBLEM, None)
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    try:
        calibration = read_calibration(upload.getvalue(), name=upload.name)
        check_site(calibration, said_for_all("method", "auto"))
    except BoneAgeError as error:
        st.session_state[_PROBLEM] = Reason(error.code, error.message, error.remedy)
        return
    st.session_state[SITE] = Site(calibration.sha256, calibration)
    shelf().read_anew()


def _remove() -> None:
    st.session_state.pop(SITE, None)
    shelf().read_anew()
