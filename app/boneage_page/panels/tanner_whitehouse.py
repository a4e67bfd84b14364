"""The Tanner-Whitehouse calculator: the reader picks the stage of each bone beside a crop of it from the film."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from boneage.reference.rows import SEXES, Sex
from boneage.report.crops import bone_crop
from boneage.report.overlay import png_bytes
from boneage.result import Reading, Result
from boneage.tanner_whitehouse.rate import Rating, rate
from boneage.tanner_whitehouse.systems import SYSTEMS, System
from boneage_page.keeping import kept
from boneage_page.language import say, table
from boneage_page.panels.panel import Shown
from boneage_page.speech import speech

_COLUMNS: Final = 3
_CROP_PX: Final = 240
_CROPS: Final = "crops"


def applies(result: Result) -> bool:
    """Tell whether bones were found that could be looked at."""
    return bool(result.bones)


def show(shown: Shown) -> None:
    """Show the choice of the system, a card for each bone, and what the stages give."""
    entry, result = shown.entry, shown.result
    st.caption(say("tanner_whitehouse.lead"))
    titles = table("tanner_whitehouse.systems")
    left, right = st.columns([3, 2])
    key = left.selectbox(
        say("tanner_whitehouse.system"),
        list(SYSTEMS),
        format_func=lambda name: titles.get(name, SYSTEMS[name].title),
        **kept(entry, "tw_system", next(iter(SYSTEMS))),
    )
    sex = result.input.sex.value
    if sex is None:
        sexes = table("child.sexes")
        sex = right.radio(
            say("child.sex"), SEXES, format_func=sexes.__getitem__, horizontal=True, **kept(entry, "tw_sex")
        )
        if sex is None:
            st.info(say("tanner_whitehouse.needs_sex"))
            return
    system = SYSTEMS[key]
    stages = _ask_stages(shown, system, sex)
    rating = rate(key, sex, stages)
    _show_rating(rating, result)


def _ask_stages(shown: Shown, system: System, sex: Sex) -> dict[str, str]:
    """Show a card for each bone; return the stages that were picked."""
    if shown.reading is None:
        st.info(say("page.forgotten"))
    stages: dict[str, str] = {}
    bones = system.bones(sex)
    for first in range(0, len(bones), _COLUMNS):
        for column, bone in zip(st.columns(_COLUMNS), bones[first : first + _COLUMNS], strict=False):
            with column, st.container(border=True):
                stage = _ask_stage(shown, bone, system.allowed(bone, sex))
            if stage is not None:
                stages[bone] = stage
    return stages


def _ask_stage(shown: Shown, bone: str, allowed: tuple[str, ...]) -> str | None:
    kind = "grade" if allowed[-1].isdigit() else "stage"
    name = f"tw_{kind}_{bone}"
    said = shown.entry.kept.get(name)
    if said is not None and said not in allowed:
        del shown.entry.kept[name]
    title = speech().bone(bone)
    crop = _crop(shown.reading, bone)
    if crop is None:
        st.caption(say("tanner_whitehouse.no_crop"), width=_CROP_PX)
    else:
        st.image(crop, width=_CROP_PX, alt=say("tanner_whitehouse.crop_alt", bone=title))
    stage: str | None = st.pills(title, allowed, width="stretch", wrap=True, **kept(shown.entry, name))
    return stage


def _crop(reading: Reading | None, bone: str) -> bytes | None:
    """Return the crop of a bone as a PNG, from memory while the film is the same."""
    if reading is None:
        return None
    state: tuple[Reading, dict[str, bytes | None]] | None = st.session_state.get(_CROPS)
    if state is None or state[0] is not reading:
        state = st.session_state[_CROPS] = (reading, {})
    if bone not in state[1]:
        picture = bone_crop(reading, bone)
        state[1][bone] = None if picture is None else png_bytes(picture)
    return state[1][bone]


def _show_rating(rating: Rating, result: Result) -> None:
    """Show score and age beside the automatic estimate, and where they come from."""
    if rating.missing:
        names = say("tanner_whitehouse.separator").join(map(speech().bone, rating.missing))
        whole = len(rating.missing) + len(rating.bones)
        st.info(say("tanner_whitehouse.missing", count=len(rating.bones), whole=whole, names=names))
    else:
        with st.container(horizontal=True, gap="large"):
            st.metric(say("tanner_whitehouse.score"), str(rating.score), width="content")
            st.metric(say("tanner_whitehouse.age"), _age_words(rating), width="content")
            for sex, answer in result.answers().items():
                if answer.bone_age is not None and sex in {rating.sex, None}:
                    st.metric(say("tanner_whitehouse.automatic"), speech().answer(answer.bone_age), width="content")
        st.caption(say("tanner_whitehouse.other_scale"))
    if rating.bones:
        st.dataframe(
            points_frame(rating), hide_index=True, width=420, height="content", alt=say("tanner_whitehouse.table_alt")
        )
    with st.expander(say("tanner_whitehouse.sources")):
        said = speech().stages
        for line in (said.words(rating.score_table), *map(said.cell, rating.cells), *map(said.text, rating.notes)):
            st.text(line)
        population = said.population(rating.population)
        st.text(say("tanner_whitehouse.source", reference=rating.reference, population=population))


def _age_words(rating: Rating) -> str:
    if rating.bone_age_months is not None:
        return speech().age(rating.bone_age_months)
    if rating.bound is None or rating.bound_months is None:
        return say("tanner_whitehouse.no_age")
    return table("tanner_whitehouse.bounds")[rating.bound].format(age=speech().age(rating.bound_months))


def points_frame(rating: Rating) -> pd.DataFrame:
    """Return the rated bones with their stages and points as a table."""
    return pd.DataFrame(
        {
            say("tanner_whitehouse.bone"): [speech().bone(bone.bone) for bone in rating.bones],
            say("tanner_whitehouse.stage"): [bone.stage for bone in rating.bones],
            say("tanner_whitehouse.points"): [bone.points for bone in rating.bones],
        }
    )
