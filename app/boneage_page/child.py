"""What the user says about the child and the film: sex, age or dates, method, pixel spacing; and what is missing."""

from __future__ import annotations

from datetime import date
from typing import cast

import streamlit as st

from boneage.errors import UsageError
from boneage.options import Method, SexWord
from boneage.radiograph.ages import check_age, months_between, parse_age
from boneage.radiograph.spacing import user_spacing
from boneage.result import Reason, Result
from boneage_page.films import Film
from boneage_page.language import say, table
from boneage_page.reader import Question, check_site, site_in_use
from boneage_page.shelf import Entry, Header
from boneage_page.site import ask_site
from boneage_page.speech import speech

_EARLIEST = date(1900, 1, 1)


def ask(entry: Entry, first: Result) -> Question | None:
    """Show the fields, filled with what the file says, and return the question; ``None`` where a field is wrong.

    Each film has fields of its own, so that nothing is carried from child to child.

    Parameters
    ----------
    entry:
        The film in question.
    first:
        The result with the file alone asked.
    """
    _show_identity(entry.header)
    left, right = st.columns([3, 2], vertical_alignment="top")
    middle = st.container()
    try:
        with left:
            sex = _ask_sex(entry.film, first)
        with middle:
            age = _ask_age(entry, first)
        with right:
            method, spacing = _ask_more(entry.film)
        site = site_in_use()
        if site is not None:
            check_site(site.calibration, method)
    except UsageError as error:
        reason = Reason(error.code, error.message, error.remedy)
        st.error(say("child.wrong", message=speech().message(reason), remedy=speech().remedy(reason)))
        return None
    return Question(sex, age, spacing, method, site)


def show_missing(result: Result) -> None:
    """List what is not known of the film, and what that costs."""
    spacing = result.input.pixel_spacing
    own = [answer.chronological for answer in result.answers().values()]
    lacking = {
        "sex": result.input.sex.value is None,
        "age": bool(own) and all(age is None for age in own),
        "spacing": spacing.mm is None,
    }
    items = [text for name, text in table("child.missing_items").items() if lacking[name]]
    if items:
        st.caption(say("child.missing", items=say("page.separator").join(items)))


def _show_identity(header: Header) -> None:
    said = {
        "name": header.patient.name,
        "patient_id": header.patient.number,
        "birth_date": header.patient.birth_date,
        "film_date": header.film_date.isoformat() if header.film_date else "",
    }
    names = table("child.identity_items")
    items = [f"{names[key]} {text}" for key, text in said.items() if text]
    if items:
        st.text(say("child.identity", items=say("page.separator").join(items)))


def _ask_sex(film: Film, first: Result) -> SexWord | None:
    """Return the sex chosen; what the film already says counts as nothing said."""
    known = first.input.sex.value
    stated = known or "unknown"
    names = table("child.sexes")
    chosen = st.radio(
        say("child.sex"),
        list(names),
        index=list(names).index(stated),
        format_func=names.__getitem__,
        horizontal=True,
        key=f"sex_{film.digest}",
    )
    if film.sex is not None:
        st.caption(say("child.sex_from_example"))
    elif known is not None:
        st.caption(say("child.sex_from_file", sex=speech().sex(known)))
    else:
        st.caption(say("child.sex_not_in_file"))
    return film.sex if chosen == stated else cast(SexWord, chosen)


def _ask_age(entry: Entry, first: Result) -> float | None:
    """Return the age in months as given, or as the dates make it; ``None`` where the file's own holds."""
    digest, ways = entry.film.digest, table("child.ways")
    by_dates = bool(entry.header.patient.birth_date and entry.header.film_date)
    choice, fields = st.columns([2, 3])
    with choice:
        way = st.radio(
            say("child.age"),
            list(ways),
            index=list(ways).index("dates" if by_dates else "age"),
            format_func=ways.__getitem__,
            horizontal=True,
            key=f"way_{digest}",
            help=say("child.age_help"),
        )
    with fields:
        return _ask_dates(entry) if way == "dates" else _ask_months(digest, first)


def _ask_months(digest: str, first: Result) -> float | None:
    text = st.text_input(say("child.age_field"), key=f"age_{digest}", placeholder=say("child.age_placeholder")).strip()
    of_file = None if first.chronological is None else first.chronological.months
    if of_file is not None:
        st.caption(say("child.age_from_file", age=speech().age(of_file)))
    return parse_age(text) if text else None


def _ask_dates(entry: Entry) -> float | None:
    digest, header = entry.film.digest, entry.header
    of_file = (date.fromisoformat(header.patient.birth_date) if header.patient.birth_date else None, header.film_date)
    left, right = st.columns(2)
    with left:
        birth = _ask_date(say("child.birth"), of_file[0], f"birth_{digest}")
    with right:
        film_date = _ask_date(say("child.film_date"), of_file[1], f"film_date_{digest}")
    if birth is None or film_date is None:
        st.caption(say("child.dates_missing"))
        return None
    if (birth, film_date) == of_file:
        st.caption(say("child.dates_from_file"))
        return None
    months = check_age(months_between(birth, film_date))
    st.caption(say("child.dates_give", age=speech().age(months)))
    return months


def _ask_date(label: str, value: date | None, key: str) -> date | None:
    chosen: date | None = st.date_input(label, value=value, min_value=_EARLIEST, max_value=date.today(), key=key)
    return chosen


def _ask_more(film: Film) -> tuple[Method, float | None]:
    methods = table("child.methods")
    with st.popover(say("child.more"), width="stretch"):
        method = st.radio(say("child.method"), list(methods), format_func=methods.__getitem__, key="method")
        spacing = st.number_input(
            say("child.spacing"),
            min_value=0.0,
            value=0.0,
            step=0.01,
            format="%.4f",
            help=say("child.spacing_help"),
            key=f"spacing_{film.digest}",
        )
        ask_site()
    return cast(Method, method), user_spacing(spacing).mm if spacing else None
