"""Adult height by published methods: what is needed is asked for, what is missing is listed, nothing is filled in."""

from __future__ import annotations

from typing import Any, Final, Literal

import streamlit as st

from boneage.adult_height.answer import HeightAnswer
from boneage.adult_height.inputs import FIELDS, GROUPS
from boneage.adult_height.methods import METHODS, predict
from boneage.adult_height.scales import SCALES
from boneage.errors import UsageError
from boneage.radiograph.ages import MONTHS_PER_YEAR, parse_age
from boneage.reference.rows import SEXES
from boneage.report.wording import age_parts
from boneage.result import Reason, Result, SexAnswer
from boneage_page.keeping import kept
from boneage_page.language import say, table
from boneage_page.panels.panel import Shown
from boneage_page.shelf import Entry
from boneage_page.speech import speech

_AUTOMATIC: Final = "automatic"
Source = Literal["automatic", "reader", "typed"]
"""Whose the bone age is: this film's own, the final age of its reader's correction, or typed here."""

_NUMBERS: Final = ("height_cm", "recumbent_length_cm", "weight_kg", "midparent_height_cm")


def show(shown: Shown) -> None:
    """Show the choice of the method, its fields, and the answer, what is missing, or why it is refused."""
    entry = shown.entry
    st.caption(say("adult_height.lead"))
    titles = table("adult_height.methods")
    key = st.selectbox(
        say("adult_height.method"),
        list(METHODS),
        format_func=lambda name: titles.get(name, METHODS[name].title),
        width=420,
        **kept(entry, "height_method", next(iter(METHODS))),
    )
    st.caption(say("adult_height.not_offered"))
    try:
        given = _ask(entry, shown.result, METHODS[key].accepted)
        answer = predict(key, **given)
    except UsageError as error:
        reason = Reason(error.code, speech().heights.text(error.message), speech().heights.text(error.remedy))
        st.error(say("child.wrong", message=speech().message(reason), remedy=speech().remedy(reason)))
        return
    _show_answer(answer)


def _ask(entry: Entry, result: Result, accepted: tuple[str, ...]) -> dict[str, Any]:
    """Show the fields of a method and return what they hold; ages in months."""
    fields = table("adult_height.fields")
    given: dict[str, Any] = {}
    columns = st.columns(3)
    sexes = table("child.sexes")
    with columns[0]:
        sex = given["sex"] = st.radio(
            fields["sex"],
            SEXES,
            format_func=sexes.__getitem__,
            horizontal=True,
            **kept(entry, "height_sex", result.input.sex.value),
        )
    answer = answer_for(result, sex)
    own = answer.chronological if answer is not None else result.chronological
    known = None if own is None or own.in_whole_years else own.months
    if "bone_age_months" in accepted:
        with columns[1]:
            given["bone_age_months"], source = _ask_bone_age(entry, result, answer)
        with columns[2]:
            scales = table("adult_height.scales")
            given["bone_age_scale"] = st.selectbox(
                fields["bone_age_scale"],
                list(SCALES),
                format_func=scales.__getitem__,
                placeholder=say("adult_height.choose"),
                **kept(entry, f"height_scale_{source}", _AUTOMATIC if source == "automatic" else None),
            )
    with columns[0]:
        text = st.text_input(
            fields["chronological_age_months"],
            placeholder=say("child.age_placeholder"),
            **kept(entry, "height_own_age", first := "" if known is None else _typed(known)),
        )
        own_age = given["chronological_age_months"] = known if text == first else _months(text)
        if own_age is not None:
            st.caption(speech().age(own_age))
        elif own is not None and own.in_whole_years:
            st.caption(say("adult_height.whole_years", years=int(own.months // MONTHS_PER_YEAR)))
    for place, name in enumerate((name for name in _NUMBERS if name in accepted), start=1):
        with columns[place % 3]:
            given[name] = _ask_number(entry, name, fields[name])
    with columns[2]:
        if "maturity_group" in accepted:
            groups = table("adult_height.groups")
            given["maturity_group"] = st.selectbox(
                fields["maturity_group"],
                GROUPS,
                format_func=groups.__getitem__,
                **kept(entry, "height_group", GROUPS[0]),
            )
        if "menarche" in accepted and sex == "F":
            words = table("adult_height.menarche")
            said = st.radio(
                fields["menarche"],
                list(words),
                format_func=words.__getitem__,
                horizontal=True,
                **kept(entry, "height_menarche"),
            )
            given["menarche"] = None if said is None else said == "yes"
    return given


def answer_for(result: Result, sex: str | None) -> SexAnswer | None:
    """Return the answer for the sex chosen; ``None`` where there is none."""
    return result.answers().get(sex)


def _ask_bone_age(entry: Entry, result: Result, answer: SexAnswer | None) -> tuple[float | None, Source]:
    """Ask for the bone age; return it and whose it is: of all but the automatic one the scale must be said."""
    said, age = result.reader_correction, answer.bone_age if answer is not None else None
    whose: Source = "automatic"
    found = None if age is None or age.bound_months is not None else age.months
    if said is not None and said.final_months is not None:
        whose, found = "reader", said.final_months
    first = "" if found is None else _typed(found)
    text = st.text_input(
        table("adult_height.fields")["bone_age_months"],
        placeholder=say("child.age_placeholder"),
        **kept(entry, "height_bone_age", first),
    )
    months = found if text == first else _months(text)
    words = "" if months is None else speech().age(months)
    if not first or text != first:
        whose = "typed"
    if whose != "typed":
        st.caption(say("adult_height.from_reader" if whose == "reader" else "adult_height.from_film", age=words))
    elif age is not None and age.bound_months is not None:
        st.caption(say("adult_height.bound"))
    elif words:
        st.caption(words)
    return months, whose


def _typed(months: float) -> str:
    """Return an age as a person types it; where it is left so, it counts with its whole precision."""
    years, rest = age_parts(months)
    return f"{years}y{rest}m"


def _months(text: str) -> float | None:
    return parse_age(text) if text.strip() else None


def _ask_number(entry: Entry, name: str, label: str) -> float | None:
    value: float | None = st.number_input(
        f"{label} ({FIELDS[name].unit})", step=0.1, format="%.1f", **kept(entry, f"height_{name}")
    )
    return value


def _show_answer(answer: HeightAnswer) -> None:
    if answer.reason is not None:
        title = table("adult_height.refusals").get(answer.reason.code, say("adult_height.refused"))
        words = say(
            "adult_height.why",
            message=speech().heights.text(answer.reason.message),
            remedy=speech().heights.text(answer.reason.remedy),
        )
        st.error(f"**{title}**  \n{words}", icon=":material/block:")
        return
    if answer.predicted_cm is None:
        fields = table("adult_height.fields")
        names = say("adult_height.separator").join(fields[name] for name in answer.missing)
        st.info(say("adult_height.missing", names=names))
        return
    error = answer.error
    with st.container(horizontal=True, gap="large"):
        st.metric(say("adult_height.height"), f"{answer.predicted_cm:.1f} cm", width="content")
        if error is not None:
            st.metric(say("adult_height.error"), f"± {error.two_sd_cm:.1f} cm", width="content")
    if error is None:
        st.warning(say("adult_height.no_error"))
    st.caption(say("adult_height.healthy"))
    with st.expander(say("adult_height.sources"), expanded=True):
        for line in dict.fromkeys(
            (
                speech().heights.text(answer.error_words),
                *(speech().heights.cell(cell) for cell in (*answer.cells, *(error.cells if error is not None else ()))),
                *(speech().heights.text(note) for note in answer.notes),
                say(
                    "adult_height.publication",
                    reference=answer.reference,
                    population=speech().heights.population(answer.population),
                ),
            )
        ):
            st.text(line)
