"""What the user says about the child and the film: sex, chronological age, method, pixel spacing."""

from __future__ import annotations

from typing import cast

import streamlit as st

from boneage.errors import UsageError
from boneage.options import Method, SexWord
from boneage.radiograph.ages import parse_age
from boneage.radiograph.spacing import user_spacing
from boneage.report.wording import SEX_WORDS, age_words
from boneage.result import Result
from boneage_page import words
from boneage_page.films import Film
from boneage_page.reader import Question


def ask(film: Film, first: Result) -> Question | None:
    """Show the fields, filled with what the file says, and return the question; ``None`` where a field is wrong.

    Parameters
    ----------
    film:
        The film in question; each film has fields of its own, so that nothing is carried from child to child.
    first:
        The result with the file alone asked.
    """
    left, middle, right = st.columns([2, 2, 2])
    with left:
        sex = _ask_sex(film, first)
    with middle:
        age, age_wrong = _ask_age(film, first)
    with right:
        method, spacing, spacing_wrong = _ask_more(film)
    if age_wrong or spacing_wrong:
        return None
    return Question(sex, age, spacing, method)


def _ask_sex(film: Film, first: Result) -> SexWord | None:
    """Return the sex chosen; what the film already says counts as nothing said."""
    known = first.input.sex.value
    stated = known or "unknown"
    choices = list(words.SEX_CHOICES)
    chosen = st.radio(
        words.SEX,
        choices,
        index=choices.index(stated),
        format_func=words.SEX_CHOICES.__getitem__,
        horizontal=True,
        key=f"sex_{film.digest}",
    )
    if film.sex is not None:
        st.caption(words.SEX_FROM_EXAMPLE)
    elif known is not None:
        st.caption(words.SEX_FROM_FILE.format(sex=SEX_WORDS[known]))
    else:
        st.caption(words.SEX_NOT_IN_FILE)
    return film.sex if chosen == stated else cast(SexWord, chosen)


def _ask_age(film: Film, first: Result) -> tuple[float | None, bool]:
    text = st.text_input(
        words.OWN_AGE, key=f"age_{film.digest}", placeholder=words.OWN_AGE_PLACEHOLDER, help=words.OWN_AGE_HELP
    ).strip()
    of_file = _age_of_file(first)
    if of_file is not None:
        st.caption(words.OWN_AGE_FROM_FILE.format(age=age_words(of_file)))
    if not text:
        return None, False
    try:
        return parse_age(text), False
    except UsageError as error:
        st.error(f"{error.message}: {error.remedy}")
        return None, True


def _age_of_file(first: Result) -> float | None:
    return None if first.chronological is None else first.chronological.months


def _ask_more(film: Film) -> tuple[Method, float | None, bool]:
    with st.popover(words.MORE, width="stretch"):
        method = st.radio(
            words.METHOD, list(words.METHOD_CHOICES), format_func=words.METHOD_CHOICES.__getitem__, key="method"
        )
        spacing = st.number_input(
            words.SPACING,
            min_value=0.0,
            value=0.0,
            step=0.01,
            format="%.4f",
            help=words.SPACING_HELP,
            key=f"spacing_{film.digest}",
        )
    if not spacing:
        return cast(Method, method), None, False
    try:
        return cast(Method, method), user_spacing(spacing).mm, False
    except UsageError as error:
        st.error(f"{error.message}: {error.remedy}")
        return cast(Method, method), None, True
