"""The reader's correction: ends of a bone placed anew, parts left out, a final age; applied and undone as a whole."""

from __future__ import annotations

from typing import Any

import streamlit as st

from boneage.anatomy import BONES
from boneage.correction.correction import CARPALS, PARTS, Ends, Point, off_film
from boneage.errors import UsageError
from boneage.radiograph.radiograph import Radiograph
from boneage.report.figures.placing import placing_scene
from boneage.result import Reading, Reason, Result
from boneage_page.draft import Draft
from boneage_page.language import say, table
from boneage_page.panels.panel import Shown
from boneage_page.speech import speech
from boneage_page.stage import show_stage


def applies(result: Result) -> bool:
    """Tell whether bones were found; a refused hand can be corrected too, and one refused for a correction undone."""
    return bool(result.bones) or result.reader_correction is not None


def show(shown: Shown) -> None:
    """Show the bone in question with its ends, what can be left out, and the reader's own age."""
    reading, entry = shown.reading, shown.entry
    if reading is None or reading.radiograph is None or reading.bone_map is None:
        st.info(say("page.forgotten"))
        return
    draft, digest = entry.draft, entry.film.digest
    st.caption(say("correction.lead"))
    found = found_ends(shown)
    bone = st.selectbox(
        say("correction.bone"),
        [name for name in BONES if name in found],
        format_func=lambda name: _bone_title(draft, name),
        key=f"correct_bone_{digest}",
        width=420,
    )
    picture, fields = st.columns([3, 2], gap="medium")
    with fields:
        _ask_ends(draft, bone, found[bone], digest)
    with picture:
        _show_bone(reading, draft, bone, found[bone], digest)
    _ask_rest(draft, digest)
    _apply(shown, draft, reading.radiograph)


def found_ends(shown: Shown) -> dict[str, Ends]:
    """Return the ends of every bone as the program found them, whatever was moved since.

    Where a correction leaves too little for an age its result has no bones; those of the first result stand then.
    """
    results = (shown.entry.first, shown.result)
    ends = {bone.bone: bone.endpoints for result in results if result is not None for bone in result.bones}
    said = shown.result.reader_correction
    return ends | {bone.bone: bone.found for bone in (said.moved if said else ()) if bone.found is not None}


def placed(ends: Ends, end: int, x: float, y: float) -> Ends:
    """Return the ends with one of them (0 proximal, 1 distal) put elsewhere."""
    point = (round(float(x), 1), round(float(y), 1))
    return (point, ends[1]) if end == 0 else (ends[0], point)


def _bone_title(draft: Draft, bone: str) -> str:
    name = speech().bone(bone)
    return say("correction.moved_bone", bone=name) if bone in draft.moved else name


def _ask_ends(draft: Draft, bone: str, found: Ends, digest: str) -> None:
    """Show both ends as numbers, and the way back to those found."""
    names = table("correction.ends")
    ends = draft.moved.get(bone, found)
    st.caption(say("correction.numbers"))
    for index, name in enumerate(names):
        for column, axis in zip(st.columns(2), (0, 1), strict=True):
            key = f"correct_{name}_{axis}_{digest}_{bone}"
            st.session_state[key] = float(ends[index][axis])
            label = say("correction.number", end=names[name], axis="xy"[axis])
            with column:
                st.number_input(
                    label, step=1.0, format="%.1f", key=key, on_change=_take_number, args=(draft, bone, found, digest)
                )

    def put_back() -> None:
        draft.moved.pop(bone, None)

    st.button(
        say("correction.as_found"),
        key=f"correct_undo_{digest}_{bone}",
        disabled=bone not in draft.moved,
        on_click=put_back,
        icon=":material/undo:",
    )


def _take_number(draft: Draft, bone: str, found: Ends, digest: str) -> None:
    ends = draft.moved.get(bone, found)
    for index, name in enumerate(("proximal", "distal")):
        x, y = (st.session_state[f"correct_{name}_{axis}_{digest}_{bone}"] for axis in (0, 1))
        if x is not None and y is not None and (x, y) != tuple(map(float, ends[index])):
            ends = placed(ends, index, x, y)
    if ends != found:
        draft.moved[bone] = ends
    else:
        draft.moved.pop(bone, None)


def _show_bone(reading: Reading, draft: Draft, bone: str, found: Ends, digest: str) -> None:
    assert reading.radiograph is not None
    names = table("correction.ends")
    ends = draft.moved.get(bone, found)
    if off_film({bone: ends}, reading.radiograph.pixels.shape):
        ends = found  # Off the film there is nothing to be seen.
    scene = placing_scene(reading.radiograph.pixels, ends, names=(names["proximal"], names["distal"]), before=found)

    def take(end: int, point: Point) -> None:
        draft.moved[bone] = placed(draft.moved.get(bone, found), end, *point)

    alt = say("correction.alt", bone=speech().bone(bone))
    show_stage(scene, key=f"placing_{digest}_{bone}", alt=alt, placed=take, tall=False)
    st.caption(say("correction.legend"))


def _ask_rest(draft: Draft, digest: str) -> None:
    """Show what can be left out and what the reader settles on; each field keeps to the draft."""

    def kept(name: str) -> dict[str, Any]:
        key = f"correct_{name}_{digest}"
        st.session_state[key] = getattr(draft, name)
        return {"key": key, "on_change": lambda: setattr(draft, name, st.session_state[key])}

    st.multiselect(
        say("correction.excluded"),
        PARTS,
        format_func=lambda part: say("correction.carpals") if part == CARPALS else speech().bone(part),
        placeholder=say("correction.excluded_none"),
        help=say("correction.excluded_help"),
        **kept("excluded"),
    )
    left, middle, right = st.columns([2, 3, 1])
    left.text_input(
        say("correction.final"),
        placeholder=say("child.age_placeholder"),
        help=say("correction.final_help"),
        **kept("final"),
    )
    middle.text_input(say("correction.comment"), max_chars=500, **kept("comment"))
    right.text_input(say("correction.reader"), max_chars=20, **kept("reader"))


def _apply(shown: Shown, draft: Draft, film: Radiograph) -> None:
    entry = shown.entry
    rows, columns = film.pixels.shape
    if off := off_film(draft.moved, film.pixels.shape):
        names = say("correction.separator").join(map(speech().bone, off))
        st.error(say("correction.off_film", names=names, columns=columns, rows=rows))
    with st.container(horizontal=True, vertical_alignment="center"):
        apply = st.button(say("correction.apply"), type="primary", icon=":material/check:", key="correct_apply")
        reset = st.button(
            say("correction.reset"),
            icon=":material/restart_alt:",
            key="correct_reset",
            disabled=entry.correction is None and draft == Draft(),
        )
    if reset:
        entry.draft, entry.correction = Draft(), None
        st.rerun()
    if apply and not off:
        try:
            correction = draft.correction()
        except UsageError as error:
            reason = Reason(error.code, error.message, error.remedy)
            st.error(say("child.wrong", message=speech().message(reason), remedy=speech().remedy(reason)))
            return
        entry.correction = None if correction.is_empty else correction
        st.rerun()
