"""The one list of the methods of height prediction, and the one way to ask them.

Examples
--------
>>> answer = predict("bayley-pinneau", sex="F", height_cm=140.0, bone_age_months=126.0,
...                  bone_age_scale="greulich_pyle", chronological_age_months=120.0)
>>> round(answer.predicted_cm, 1)
158.4
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final

from boneage.adult_height import bayley_pinneau, khamis_guo, khamis_roche, roche_wainer_thissen, tanner
from boneage.adult_height.answer import Computed, HeightAnswer, Refused
from boneage.adult_height.inputs import (
    FIELDS,
    BayleyPinneauInputs,
    BoneAgeInputs,
    HeightInputs,
    KhamisRocheInputs,
    RegressionInputs,
    RocheWainerThissenInputs,
    TannerInputs,
)
from boneage.adult_height.scales import AUTOMATIC_NOTE, SCALES, Scale
from boneage.errors import Refusal, UsageError
from boneage.keyed_text import keyed
from boneage.reference.published import provenance

_HEALTHY: Final = keyed(
    "healthy", "Made from healthy children of one time and place; disorders of growth and treatment are not covered."
)
_READ_ANEW: Final = keyed("read_on_that_scale", "Read the film on that scale, or choose another method.")
_CHECK_INPUTS: Final = keyed(
    "check_inputs",
    "Check the inputs; near the end of growth the present height says more than this equation.",
)
_CHECK_EACH: Final = keyed("check_each_input", "Check each input and its unit: they do not belong to one child.")


@dataclass(frozen=True)
class Method:
    """One method of height prediction.

    Attributes
    ----------
    key, title:
        Name for commands, and name for people.
    file:
        Its table, whose provenance gives the publication and the children.
    inputs:
        Class of its input object.
    scales:
        The scales of bone age that it takes; none where it does without a bone age.
    age_range:
        Which children it covers, in words.
    compute:
        The arithmetic, on complete inputs.
    """

    key: str
    title: str
    file: str
    inputs: type[HeightInputs]
    scales: tuple[Scale, ...]
    age_range: str
    compute: Callable[[Any], Computed]

    @property
    def needed(self) -> tuple[str, ...]:
        """Return the names of the inputs that the method needs (see `boneage.adult_height.inputs.FIELDS`)."""
        return self.inputs.NEEDED

    @property
    def accepted(self) -> tuple[str, ...]:
        """Return the names of all inputs that the method can take."""
        return tuple(item.name for item in fields(self.inputs))

    @property
    def reference(self) -> str:
        """Return the publication."""
        return provenance("adult_height")[self.file].publication

    @property
    def population(self) -> str:
        """Return the children that the method rests on."""
        return provenance("adult_height")[self.file].population


METHODS: Final[dict[str, Method]] = {
    method.key: method
    for method in (
        Method(
            "bayley-pinneau",
            "Bayley-Pinneau 1952",
            "bp1952_percent_mature_height.csv",
            BayleyPinneauInputs,
            bayley_pinneau.SCALES,
            "bone age: boys average 7 y 0 mo to 18 y 6 mo, accelerated 7 y 0 mo to 17 y 0 mo,"
            " retarded 6 y 0 mo to 13 y 0 mo; girls average 6 y 0 mo to 18 y 0 mo,"
            " accelerated 7 y 0 mo to 17 y 6 mo, retarded 6 y 0 mo to 17 y 0 mo",
            bayley_pinneau.compute,
        ),
        Method(
            "roche-wainer-thissen",
            "Roche-Wainer-Thissen 1975",
            "rwt1975_coefficients.csv",
            RocheWainerThissenInputs,
            roche_wainer_thissen.SCALES,
            "chronological age: boys 1 y 0 mo to 15 y 9 mo, girls 1 y 0 mo to 14 y 0 mo"
            " but for those between 13 y 6 mo and 14 y 0 mo (a printed number is not believed)",
            roche_wainer_thissen.compute,
        ),
        Method(
            "khamis-guo",
            "Khamis-Guo 1993 (modified Roche-Wainer-Thissen)",
            "khamis_guo1993_modified_rwt_coefficients.csv",
            RegressionInputs,
            khamis_guo.SCALES,
            "chronological age: 3 y 0 mo to 17 y 6 mo but for boys between 12 y 0 mo and 13 y 0 mo"
            " (a printed number is not believed)",
            khamis_guo.compute,
        ),
        Method(
            "khamis-roche",
            "Khamis-Roche 1994 (without bone age)",
            "khamis_roche1994_erratum1995_coefficients.csv",
            KhamisRocheInputs,
            (),
            "chronological age: 4 y 0 mo to 17 y 6 mo",
            khamis_roche.compute,
        ),
        Method(
            "tanner-1975",
            "Tanner-Whitehouse 1975 (Mark I)",
            "tanner1975_tw2_adult_height_coefficients.csv",
            TannerInputs,
            tanner.SCALES,
            "chronological age: boys 4 y 0 mo to below 18 y 0 mo, girls 4 y 0 mo to below 16 y 0 mo",
            tanner.compute,
        ),
    )
}
"""Every method, by its key."""

LEFT_OUT: Final[dict[str, str]] = {
    "Tanner-Whitehouse Mark II (1983) and TW3 (2001)": "no readable source of the equations was found",
    "BoneXpert": "its model is not published",
}
"""Methods that are not here, and why."""


def find_method(key: str) -> Method:
    """Return a method by its key.

    Raises
    ------
    UsageError
        ``unknown_height_method``.
    """
    if key not in METHODS:
        msg = f"there is no method of height prediction {key[:40]!r}"
        raise UsageError("unknown_height_method", msg, remedy=f"use one of: {', '.join(METHODS)}")
    return METHODS[key]


def predict(key: str, **given: Any) -> HeightAnswer:
    """Answer by a method, from inputs by name; inputs that the method does not use are left aside.

    Raises
    ------
    UsageError
        If the method is unknown, or an input has a value that cannot be meant.
    """
    method = find_method(key)
    return answer(
        method, method.inputs(**{name: given[name] for name in method.accepted if given.get(name) is not None})
    )


def answer(method: Method, inputs: HeightInputs) -> HeightAnswer:
    """Answer by a method from its input object; what is missing or out of range is an answer too.

    Raises
    ------
    TypeError
        If the inputs are those of another method.
    """
    if type(inputs) is not method.inputs:
        msg = f"{method.key} takes {method.inputs.__name__}, not {type(inputs).__name__}"
        raise TypeError(msg)
    empty = HeightAnswer(
        method=method.key,
        title=method.title,
        status="missing",
        reference=method.reference,
        population=method.population,
        inputs=asdict(inputs),
        missing=inputs.missing(),
    )
    try:
        _check_scale(method, inputs)
        if empty.missing:
            return empty
        computed = method.compute(inputs)
        _check_below_present(computed, inputs)
        _check_above_highest(computed)
    except Refusal as refusal:
        return replace(empty, status="refused", reason=Refused(refusal.code, refusal.message, refusal.remedy))
    notes = [*computed.notes, _HEALTHY]
    if isinstance(inputs, BoneAgeInputs) and inputs.bone_age_scale == "automatic":
        notes.append(AUTOMATIC_NOTE)
    return replace(
        empty,
        status="ok",
        predicted_cm=computed.predicted_cm,
        error=computed.error,
        error_words=computed.error_words,
        cells=computed.cells,
        notes=tuple(notes),
    )


def _check_scale(method: Method, inputs: HeightInputs) -> None:
    scale = inputs.bone_age_scale if isinstance(inputs, BoneAgeInputs) else None
    if scale is not None and scale not in method.scales:
        msg = keyed(
            "wrong_bone_age_scale",
            "{title} takes a bone age of the scale: {allowed}. This one is: {scale}",
            title=method.title,
            allowed=tuple(SCALES[name] for name in method.scales),
            scale=SCALES[scale],
        )
        raise Refusal("wrong_bone_age_scale", msg, remedy=_READ_ANEW)


def _check_below_present(computed: Computed, inputs: HeightInputs) -> None:
    height = inputs.present_height_cm
    if height is not None and computed.predicted_cm < height:
        words = "the equation gives {cm:.1f} cm, less than the present height of {height:.1f} cm"
        msg = keyed("below_present_height", words, cm=computed.predicted_cm, height=height)
        raise Refusal("below_present_height", msg, remedy=_CHECK_INPUTS)


def _check_above_highest(computed: Computed) -> None:
    highest = FIELDS["height_cm"].high
    if computed.predicted_cm > highest:
        words = "the equation gives {cm:.1f} cm, more than the greatest height that is taken here ({highest:g} cm)"
        msg = keyed("above_highest_height", words, cm=computed.predicted_cm, highest=highest)
        raise Refusal("above_highest_height", msg, remedy=_CHECK_EACH)
