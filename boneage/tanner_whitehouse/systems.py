"""The one list of the systems: their bones, the stages of each bone, the tables behind them, and for whom they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from boneage.errors import UsageError
from boneage.keyed_text import keyed
from boneage.reference.published import provenance
from boneage.reference.rows import Sex
from boneage.tanner_whitehouse.score_age import AgeTable
from boneage.tanner_whitehouse.stage_scores import GROUP, StageTable, stage_scores

_TW_STAGES: Final = "tw2_stage_scores_rus_carpal_20bone.csv"
_JAPANESE: Final = "tw2_japanese_score_by_bone_age.csv"

_RUS: Final = StageTable("tw_rus_stage_scores.csv", "TW2/TW3 RUS stage scores", "stage", "score")
_CARPAL: Final = StageTable(_TW_STAGES, "TW2 carpal stage scores", "stage", "rus_or_carpal_score", ("Carpal",))
_TWENTY: Final = StageTable(_TW_STAGES, "TW2 20-bone stage scores", "stage", "twenty_bone_score")
_CHN: Final = StageTable("rus_chn05_stage_scores.csv", "RUS-CHN stage scores", "grade_1_based", "score", absent="0")


def _japanese(scale: str, title: str) -> AgeTable:
    return AgeTable(_JAPANESE, f"TW2 {title}, Japanese standard", "score", "bone_age_years", 12, scale=scale)


@dataclass(frozen=True)
class System:
    """One system of rating.

    Attributes
    ----------
    key, title:
        Name for commands, and name for people.
    stages:
        Table of stage scores.
    ages:
        Table from score to age, or ``None``; ``no_age`` then says why.
    notes:
        What every result must say.
    no_age:
        Why there is no age.
    girls_notes:
        What every result of a girl must say besides.
    """

    key: str
    title: str
    stages: StageTable
    ages: AgeTable | None
    notes: tuple[str, ...] = ()
    no_age: str = ""
    girls_notes: tuple[str, ...] = ()

    def bones(self, sex: Sex) -> tuple[str, ...]:
        """Return the bones to be rated, in order, by their names in `boneage.anatomy`."""
        return tuple(stage_scores(self.stages)[sex])

    def allowed(self, bone: str, sex: Sex) -> tuple[str, ...]:
        """Return the stages of a bone, least mature first.

        Raises
        ------
        KeyError
            If the bone is not one of `bones`.
        """
        return tuple(stage_scores(self.stages)[sex][bone])

    def points(self, bone: str, stage: str, sex: Sex) -> int:
        """Return the points of a stage.

        Raises
        ------
        KeyError
            If the bone has no such stage.
        """
        return stage_scores(self.stages)[sex][bone][stage]

    def notes_for(self, sex: Sex) -> tuple[str, ...]:
        """Return what every result must say."""
        words = (*self.notes, *(self.girls_notes if sex == "F" else ()))
        return words if self.ages is not None else (*words, self.no_age)

    @property
    def reference(self) -> str:
        """Return the publications: of the stage scores, and of the ages."""
        found = [provenance(GROUP)[self.stages.file].publication]
        if self.ages is not None:
            found.append(provenance(GROUP)[self.ages.file].publication)
        return "; ".join(dict.fromkeys(found))

    @property
    def population(self) -> str:
        """Return the children whose ages these are (of the stage scores, where there is no age)."""
        return provenance(GROUP)[(self.ages or self.stages).file].population


_NO_BRITISH_AGE: Final = keyed(
    "no_british_age",
    "The British TW2 table from score to age was not found in a source that could be read; TW3 ages and Japanese ages"
    " are other standards and are not put in its place.",
)
_SINGLE: Final = keyed("single", "The carpal and 20-bone stage scores come from a single transcription.")
_INFERRED: Final = keyed(
    "inferred", "The ages come from a single transcription that does not name its children; Japanese is inferred."
)

SYSTEMS: Final[dict[str, System]] = {
    system.key: system
    for system in (
        System(
            "tw3-rus",
            "TW3 RUS",
            _RUS,
            AgeTable("tw3_rus_score_to_bone_age.csv", "TW3 RUS bone age", "rus_score", "tw3_rus_bone_age_years", 12),
            girls_notes=(keyed("single_girls", "The table of girls' ages comes from a single transcription."),),
        ),
        System("tw2-rus", "TW2 RUS (score)", _RUS, None, no_age=_NO_BRITISH_AGE),
        System("tw2-carpal", "TW2 carpal (score)", _CARPAL, None, (_SINGLE,), _NO_BRITISH_AGE),
        System("tw2-20bone", "TW2 20-bone (score)", _TWENTY, None, (_SINGLE,), _NO_BRITISH_AGE),
        System("tw2-rus-japanese", "TW2 RUS, Japanese", _RUS, _japanese("RUS", "RUS"), (_INFERRED,)),
        System(
            "tw2-carpal-japanese", "TW2 carpal, Japanese", _CARPAL, _japanese("Carpal", "carpal"), (_SINGLE, _INFERRED)
        ),
        System(
            "tw2-20bone-japanese",
            "TW2 20-bone, Japanese",
            _TWENTY,
            _japanese("TwentyBone", "20-bone"),
            (_SINGLE, _INFERRED),
        ),
        System(
            "jp-rus",
            "Japanese RUS standard",
            _RUS,
            AgeTable(
                "jp_rus_score_to_bone_age_monthly.csv",
                "Japanese RUS standard",
                "rus_score",
                "bone_age_months",
                1,
                doubtful=(
                    (
                        "F",
                        (540,),
                        keyed(
                            "misprint_540",
                            "The row 10 y 10 mo = 540 is probably a misprint of the source; used as printed.",
                        ),
                    ),
                ),
            ),
        ),
        System(
            "rus-chn",
            "RUS-CHN (China 05)",
            _CHN,
            AgeTable(
                "rus_chn05_score_by_age_knots.csv",
                "RUS-CHN median score by age",
                "rus_chn_score",
                "age_years",
                12,
                note_column="flag",
                left_out=("anchor", "error"),
                doubtful=(
                    (
                        "F",
                        (637, 775),
                        keyed(
                            "row_of_12",
                            "The row of 12 years, an error of transcription, is left out; the gap is bridged.",
                        ),
                    ),
                ),
            ),
            (
                keyed(
                    "grade_0",
                    "Grade 0, a centre that is not there yet, has no points; the table of scores lists grades from 1.",
                ),
                keyed(
                    "median",
                    "The age is that of the median score, interpolated; the printed ages are half a year apart.",
                ),
            ),
        ),
    )
}
"""Every system, by its key."""

LEFT_OUT: Final[dict[str, str]] = {
    "TW2 bone ages, British standard": _NO_BRITISH_AGE,
    "TW3 carpal": "no table was found in a source that could be read",
    "RUS-CHN polynomial": "a fit by users, not of the publication; at low scores its age falls as the score rises",
}
"""What is not here, and why."""


def find_system(key: str) -> System:
    """Return a system by its key.

    Raises
    ------
    UsageError
        ``unknown_tw_system``.
    """
    if key not in SYSTEMS:
        msg = f"there is no Tanner-Whitehouse system {key[:40]!r}"
        raise UsageError("unknown_tw_system", msg, remedy=f"use one of: {', '.join(SYSTEMS)}")
    return SYSTEMS[key]
