"""What the user says about the child and the film: sex, age or dates, method, pixel spacing; and what is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final, TypeVar, cast

import streamlit as st

from boneage.errors import UsageError
from boneage.options import Method, OwnAge, SexWord
from boneage.radiograph.ages import age_of_dates, parse_age
from boneage.radiograph.spacing import user_spacing
from boneage.result import Reason, Result
from boneage_page.keeping import kept
from boneage_page.keeping_for_all import kept_for_all
from boneage_page.language import say, table
from boneage_page.reader import Question, check_site, site_in_use
from boneage_page.shelf import Entry, Header
from boneage_page.site import ask_site
from boneage_page.speech import speech

_EARLIEST: Final = date(1900, 1, 1)
_LATEST: Final = date(2100, 12, 31)
"""What the calendars hold; further where the file is dated beyond. What dates can be meant is said beside them."""

Said = TypeVar("Said")


def ask(entry: Entry, first: Result) -> Question | None:
    """Show the fields, filled with what the file says, and return the question; ``None`` where the site does not fit.

    Each film has fields of its own, so that nothing is carried from child to child, and keeps what was said while
    another is shown. A field that is wrong says so at its place and counts as nothing said; but the age that the file
    states does not stand in for one that was to outrank it.

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
    with left:
        sex = _ask_sex(entry, first)
    with middle:
        withheld: OwnAge | None = None if first.chronological is None else "unknown"
        age = _unless_wrong(lambda: _ask_age(entry, first), withheld)
    with right:
        method, mm = _ask_more(entry)
        spacing = _unless_wrong(lambda: user_spacing(mm).mm if mm else None, None)
    site = site_in_use()
    if site is not None:
        try:
            check_site(site.calibration, method)
        except UsageError as error:
            _show_wrong(error)
            return None
    return Question(sex, age, spacing, method, site)


def _unless_wrong(ask_field: Callable[[], Said], otherwise: Said) -> Said:
    """Return what a field says; where it is wrong say so at its place, and return ``otherwise``."""
    try:
        return ask_field()
    except UsageError as error:
        _show_wrong(error)
        return otherwise


def _show_wrong(error: UsageError, *, of_file: bool = False) -> None:
    """Say what is wrong; of what the file says as a remark, as that is read all the same."""
    reason = Reason(error.code, error.message, error.remedy)
    show = st.warning if of_file else st.error
    show(say("child.wrong", message=speech().message(reason), remedy=speech().remedy(reason)))


def show_missing(result: Result) -> None:
    """List what is not known of a film that has an answer, and what that costs."""
    spacing = result.input.pixel_spacing
    own = [answer.chronological for answer in result.answers().values()]
    if not own:
        return
    lacking = {
        "sex": result.input.sex.value is None,
        "age": all(age is None for age in own),
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


def _ask_sex(entry: Entry, first: Result) -> SexWord | None:
    """Return the sex chosen; what the film already says counts as nothing said."""
    film, known = entry.film, first.input.sex.value
    stated = known or "unknown"
    names = table("child.sexes")
    chosen = st.radio(
        say("child.sex"),
        list(names),
        format_func=names.__getitem__,
        horizontal=True,
        **kept(entry, "sex", stated),
    )
    if film.sex is not None:
        st.caption(say("child.sex_from_example"))
    elif known is not None:
        st.caption(say("child.sex_from_file", sex=speech().sex(known)))
    else:
        st.caption(say("child.sex_not_in_file"))
    return film.sex if chosen == stated else cast(SexWord, chosen)


def _ask_age(entry: Entry, first: Result) -> OwnAge | None:
    """Return the age in months as given, or as the dates make it; ``None`` where the file's own holds."""
    ways = table("child.ways")
    by_dates = bool(entry.header.patient.birth_date and entry.header.film_date)
    choice, fields = st.columns([2, 3])
    with choice:
        way = st.radio(
            say("child.age"),
            list(ways),
            format_func=ways.__getitem__,
            horizontal=True,
            help=say("child.age_help"),
            **kept(entry, "way", "dates" if by_dates else "age"),
        )
    with fields:
        return _ask_dates(entry) if way == "dates" else _ask_months(entry, first)


def _ask_months(entry: Entry, first: Result) -> float | None:
    placeholder = say("child.age_placeholder")
    text = st.text_input(say("child.age_field"), placeholder=placeholder, **kept(entry, "age", "")).strip()
    of_file = None if first.chronological is None else first.chronological.months
    if of_file is not None:
        st.caption(say("child.age_from_file", age=speech().age(of_file)))
    return parse_age(text) if text else None


def _ask_dates(entry: Entry) -> OwnAge | None:
    """Return the age that the dates make; ``None`` where the file's own holds, "unknown" where one was cleared."""
    header = entry.header
    of_file = (date.fromisoformat(header.patient.birth_date) if header.patient.birth_date else None, header.film_date)
    left, right = st.columns(2)
    with left:
        birth = _ask_date(entry, "birth", of_file[0])
    with right:
        film_date = _ask_date(entry, "film_date", of_file[1])
    if birth is None or film_date is None:
        st.caption(say("child.dates_missing"))
        return None if None in of_file else "unknown"
    if (birth, film_date) == of_file:
        _show_dates_of_file(birth, film_date)
        return None
    months = age_of_dates(birth, film_date, today=date.today())
    st.caption(say("child.dates_give", age=speech().age(months)))
    return months


def _show_dates_of_file(birth: date, film_date: date) -> None:
    """Say that the dates are the file's own, and what is wrong with them where something is."""
    st.caption(say("child.dates_from_file"))
    try:
        age_of_dates(birth, film_date, today=date.today())
    except UsageError as error:
        _show_wrong(error, of_file=True)


def _ask_date(entry: Entry, name: str, of_file: date | None) -> date | None:
    bounds = (_EARLIEST, _LATEST) if of_file is None else (min(_EARLIEST, of_file), max(_LATEST, of_file))
    label = say(f"child.{name}")
    chosen: date | None = st.date_input(
        label, value=None, min_value=bounds[0], max_value=bounds[1], **kept(entry, name, of_file)
    )
    return chosen


def _ask_more(entry: Entry) -> tuple[Method, float]:
    """Return the method, and the pixel spacing as it was typed: 0 where the file's own holds."""
    methods = table("child.methods")
    with st.popover(say("child.more"), width="stretch"):
        method = st.radio(
            say("child.method"), list(methods), format_func=methods.__getitem__, **kept_for_all("method", "auto")
        )
        spacing = st.number_input(
            say("child.spacing"),
            min_value=0.0,
            step=0.01,
            format="%.4f",
            help=say("child.spacing_help"),
            **kept(entry, "spacing", 0.0),
        )
        ask_site()
    return cast(Method, method), spacing
