"""Roche, Wainer & Thissen 1975: recumbent length, weight, mid-parent height and skeletal age, by chronological age."""

from __future__ import annotations

from typing import Final

from boneage.adult_height.answer import Computed
from boneage.adult_height.inputs import STANDING_TO_RECUMBENT_CM, RocheWainerThissenInputs
from boneage.adult_height.regression import Correction, Doubt, Equations, solve
from boneage.adult_height.scales import Scale
from boneage.keyed_text import keyed

SCALES: Final[tuple[Scale, ...]] = ("greulich_pyle", "automatic")

EQUATIONS: Final = Equations(
    file="rwt1975_coefficients.csv",
    age_column="age_months",
    months_each=1,
    title="Roche-Wainer-Thissen 1975",
    columns={
        "beta_recumbent_length_cm": "coefficient of recumbent length",
        "beta_weight_kg": "coefficient of weight",
        "beta_midparent_stature_cm": "coefficient of mid-parent height",
        "beta_skeletal_age_years": "coefficient of skeletal age",
        "intercept_cm": "intercept",
    },
    corrections=(Correction("F", 135, "intercept_cm", 84.136, 64.136),),
    doubts=(
        Doubt("F", 165, "beta_weight_kg", -0.085, "-0.113, -0.105, this one, -0.083"),
        Doubt("M", 192, "beta_weight_kg", -0.014, "-0.062, -0.040, -0.015, this one"),
    ),
)

_ERROR: Final = keyed(
    "error_drawn",
    "Not stated here: the publication draws its 90 % error bounds as curves and prints no table of them."
    " None was read off a drawing. In 23 healthy boys, read from 8 to 15 years, its root mean square error with"
    " Greulich-Pyle bone ages was 18 % above that of the Tanner-Whitehouse method, up to a bone age of 14 years"
    " (Am J Hum Biol 1997;9:371, abstract).",
)

_AT_18: Final = keyed(
    "height_at_18", "The height predicted is that at 18 years; it rests on the plain mean of both parents' heights."
)
_BONE_BY_BONE: Final = keyed(
    "bone_by_bone",
    "Made with bone ages read bone by bone against the atlas (their median), not the hand as a whole.",
)


def compute(inputs: RocheWainerThissenInputs) -> Computed:
    """Predict the height at 18 years from complete inputs.

    Raises
    ------
    Refusal
        ``age_outside_table``, ``unreliable_table_cell``.
    """
    assert inputs.sex is not None and inputs.weight_kg is not None and inputs.midparent_height_cm is not None
    assert inputs.bone_age_months is not None and inputs.chronological_age_months is not None
    notes = [_AT_18]
    length = inputs.recumbent_length_cm
    if length is None:
        assert inputs.height_cm is not None
        length = inputs.height_cm + STANDING_TO_RECUMBENT_CM
        words = "Recumbent length taken as standing height + {added} cm."
        notes.append(keyed("recumbent_length", words, added=STANDING_TO_RECUMBENT_CM))
    notes.append(_BONE_BY_BONE)
    terms = {
        "beta_recumbent_length_cm": length,
        "beta_weight_kg": inputs.weight_kg,
        "beta_midparent_stature_cm": inputs.midparent_height_cm,
        "beta_skeletal_age_years": inputs.bone_age_months / 12,
    }
    solved = solve(EQUATIONS, inputs.sex, inputs.chronological_age_months, terms)
    return Computed(solved.cm, solved.cells, None, _ERROR, (*notes, *solved.notes))
