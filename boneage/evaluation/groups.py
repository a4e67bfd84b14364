"""The groups of films that figures are given for: sex, age band, both, and quality."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from boneage.evaluation.labelled import LabelledFilm
from boneage.evaluation.metrics import AGE_BANDS, age_band
from boneage.reference.rows import SEX_NAMES

ALL: Final = "all"
NO_WARNING: Final = "no quality warning"
ANY_WARNING: Final = "any quality warning"
WARNING: Final = "warning "
"""What stands before the code in the name of a group of films with one certain warning."""

Groups = dict[str, list[LabelledFilm]]


def people_groups(films: Sequence[LabelledFilm]) -> Groups:
    """Return all films, each sex, each age band by the label, and each band of each sex; empty groups are left out."""
    groups: Groups = {ALL: list(films)}
    for sex, name in SEX_NAMES.items():
        groups[name] = [film for film in films if film.label.sex == sex]
    for band in AGE_BANDS:
        groups[band] = [film for film in films if age_band(film.label.months) == band]
    for band in AGE_BANDS:
        for name in SEX_NAMES.values():
            groups[cell_name(name, band)] = [film for film in groups[name] if age_band(film.label.months) == band]
    return {name: members for name, members in groups.items() if members}


def cell_name(sex: str, band: str) -> str:
    """Return the name of the group of one sex (``boys``, ``girls``) in one age band."""
    return f"{sex}, {band}"


def quality_groups(films: Sequence[LabelledFilm]) -> Groups:
    """Return the films without a quality warning, with any, and with each; a film may be in several of the last."""
    groups: Groups = {
        NO_WARNING: [film for film in films if not film.warnings],
        ANY_WARNING: [film for film in films if film.warnings],
    }
    for code in sorted({code for film in films for code in film.warnings}):
        groups[f"{WARNING}{code}"] = [film for film in films if code in film.warnings]
    return {name: members for name, members in groups.items() if members}
