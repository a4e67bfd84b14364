"""Earlier visits: earlier results, or other films of this session, beside this one; the change of bone age per year."""

from __future__ import annotations

from typing import Any, Final, cast

import pandas as pd
import streamlit as st

from boneage.errors import BoneAgeError, Refusal
from boneage.follow_up import Change, ChildVisit, change, read_result, visit_of
from boneage.held_against import held_against_standard
from boneage.reference.rows import Sex
from boneage.report.figures.growth import Visit, growth_chart
from boneage.report.wording import signed
from boneage.result import Reason
from boneage_page.earlier import FILMS, chosen_films, earlier_of, films_to_choose, keep_upload, uploaded
from boneage_page.figure_words import figure_words, show_chart
from boneage_page.keeping import kept
from boneage_page.language import say, table
from boneage_page.panels.growth import has_answer as applies
from boneage_page.panels.panel import Shown
from boneage_page.shelf import Entry
from boneage_page.speech import as_written, speech

__all__ = ["applies", "show"]

_TURN: Final = "earlier_turn"


def show(shown: Shown) -> None:
    """Ask for earlier visits; show them as a table and on the chart, and the change to this one."""
    entry = shown.entry
    st.caption(say("visits.lead"))
    _ask_files(entry)
    _ask_films(entry)
    sex = shown.result.input.sex.value
    if sex is None:
        st.info(say("visits.needs_sex"))
        return
    try:
        present = visit_of(shown.result, name=say("visits.this_film"))
    except Refusal as refusal:
        _say(refusal)
        return
    if present.age_months is None:
        st.info(say("growth.needs_age"))
        return
    earlier = earlier_of(entry, present)
    for name, why in earlier.refused:
        _say(why, name)
    if not earlier.visits:
        st.info(say("visits.nothing"))
        return
    same_sex = earlier.of_sex(present.sex)
    for visit in earlier.visits:
        if visit not in same_sex:
            st.warning(say("visits.other_sex", name=as_written(visit.name)), icon=":material/warning:")
    _show_visits([*earlier.visits, present], sex, drawn=[*same_sex, present])
    _show_changes(list(same_sex), present)


def _ask_films(entry: Entry) -> None:
    """Take in other films of this session."""
    others = films_to_choose(entry)
    entry.kept[FILMS] = chosen_films(entry)
    if others:
        st.multiselect(
            say("visits.session"),
            list(others),
            format_func=lambda digest: others[digest].film.name,
            placeholder=say("visits.none_chosen"),
            **kept(entry, FILMS, []),
        )


def _ask_files(entry: Entry) -> None:
    """Take in earlier results; a file that is none is explained, the others stay until they are removed."""
    key = f"earlier_{entry.film.digest}_{st.session_state.get(_TURN, 0)}"

    def take() -> None:
        entry.kept["earlier_wrong"] = []
        for file in st.session_state.get(key) or ():
            data = file.getvalue()
            try:
                keep_upload(entry, file.name, data, read_result(data))
            except BoneAgeError as error:
                entry.kept["earlier_wrong"].append((file.name, error))
        st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1

    st.file_uploader(
        say("visits.upload"),
        type=["json"],
        accept_multiple_files=True,
        key=key,
        on_change=take,
        help=say("visits.upload_help"),
    )
    for name, error in entry.kept.get("earlier_wrong", ()):
        _say(error, name)
    there = uploaded(entry)

    def forget(digest: str) -> None:
        there.pop(digest, None)

    if there:
        with st.container(horizontal=True):
            for digest, (name, _) in there.items():
                words = say("visits.remove_one", name=as_written(name))
                st.button(words, key=f"{key}_{digest}", on_click=forget, args=(digest,), icon=":material/delete:")
            st.button(say("visits.remove"), key=f"{key}_remove", on_click=there.clear, icon=":material/delete:")


def _say(error: BoneAgeError, name: str = "") -> None:
    """Show why a visit cannot be used, in the page's words where it has some."""
    text = table("visits.refusals").get(error.code, error.message)
    st.warning(f"{as_written(name)}{say('visits.colon')}{text}" if name else text)


def _show_visits(visits: list[ChildVisit], sex: str, *, drawn: list[ChildVisit]) -> None:
    """Show all visits as a table; on the chart those that were read by its sex, whose line it is."""
    standards = table("growth.standards")
    standard = st.selectbox(
        say("growth.standard"), list(standards), format_func=standards.__getitem__, key="visits_standard", width=420
    )
    st.dataframe(visits_frame(visits, standard), hide_index=True, width="stretch", alt=say("visits.table_alt"))
    st.caption(say("visits.scored", standard=standards[standard]))
    points = [Visit.of(visit.age_months, visit.bone_age) for visit in drawn if visit.age_months is not None]
    figure = growth_chart(points, cast(Sex, sex), standard=standard, words=figure_words())
    show_chart(figure, key="visits_chart", alt=_in_words(drawn))


def _in_words(visits: list[ChildVisit]) -> str:
    """Return what the chart shows, for those who cannot see it."""
    items = [
        say("visits.alt_item", bone=speech().answer(visit.bone_age), own=speech().age(visit.age_months))
        for visit in visits
        if visit.age_months is not None
    ]
    return say("visits.alt", visits=say("page.separator").join(items))


def visits_frame(visits: list[ChildVisit], standard: str) -> pd.DataFrame:
    """Return the visits as a table, the present one last, scored by a standard."""
    return pd.DataFrame(
        {
            say("visits.film"): [visit.name for visit in visits],
            say("visits.own_age"): [
                "" if visit.age_months is None else speech().age(visit.age_months) for visit in visits
            ],
            say("visits.bone_age"): [speech().answer(visit.bone_age) for visit in visits],
            say("visits.interval"): [speech().interval(visit.bone_age.interval_95) for visit in visits],
            say("visits.sds"): [_score(visit, standard) for visit in visits],
            say("visits.method"): [speech().method(visit.bone_age.method) for visit in visits],
            say("visits.version"): [visit.version for visit in visits],
        }
    )


def _score(visit: ChildVisit, standard: str) -> str:
    """Return the SD score in words; empty without one."""
    if visit.age_months is None:
        return ""
    own = held_against_standard(visit.bone_age, visit.age_months, cast(Sex, visit.sex), standard).chronological
    return "" if own.sds is None else speech().least(signed(own.sds), own)


def _show_changes(earlier: list[ChildVisit], present: ChildVisit) -> None:
    """Show the change from each earlier visit to the present one, the latest first."""
    found: list[Change] = []
    for visit in reversed(earlier):
        try:
            found.append(change(visit, present))
        except Refusal as refusal:
            _say(refusal, visit.name)
    if not found:
        return
    latest = found[0]
    st.metric(
        say("visits.change", name=as_written(latest.first.name)),
        say("visits.per_year", rate=_rate(latest.per_year)),
        width="content",
    )
    low, high = latest.interval_95
    st.markdown(f"**{say('visits.change_interval', low=signed(low), high=signed(high))}**")
    st.dataframe(changes_frame(found), hide_index=True, width="stretch", alt=say("visits.changes_alt"))
    for code, reason in {reason.code: reason for one in found for reason in one.warnings}.items():
        st.warning(_warning(code, reason), icon=":material/warning:")
    st.caption(say("visits.note", sd=f"{latest.sd_months:.1f}"))


def changes_frame(found: list[Change]) -> pd.DataFrame:
    """Return the changes as a table."""
    rows: dict[str, list[Any]] = {
        say("visits.since"): [one.first.name for one in found],
        say("visits.time"): [f"{one.own_months:.1f}" for one in found],
        say("visits.gain"): [signed(one.bone_age_months) for one in found],
        say("visits.rate"): [_rate(one.per_year) for one in found],
        say("visits.interval"): [
            say("visits.from_to", low=signed(one.interval_95[0]), high=signed(one.interval_95[1])) for one in found
        ],
    }
    return pd.DataFrame(rows)


def _rate(rate: float) -> str:
    """Return a rate with a sign only where it falls."""
    return signed(rate).removeprefix("+")


def _warning(code: str, reason: Reason) -> str:
    return table("visits.warnings").get(code, reason.message)
