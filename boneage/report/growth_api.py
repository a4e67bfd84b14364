"""The bone age fields of a request to a growth chart service, as the RCPCH Digital Growth Charts API names them.

``bone_age`` in decimal years, ``bone_age_type``, ``bone_age_sds``, ``bone_age_centile`` and ``bone_age_text``; a field
that is not known is left out. A caller adds them to the measurement that it sends.
"""

from __future__ import annotations

import json
import math
from typing import Any, Final

from boneage.errors import UsageError
from boneage.radiograph.ages import MONTHS_PER_YEAR
from boneage.report.material import Material
from boneage.report.wording import answer_words, paragraph
from boneage.result import Chronological, Result

GREULICH_PYLE: Final = "greulich-pyle"

GREULICH_PYLE_REFERENCES: Final = frozenset({"rsna", "dha_joint_mm"})
"""Installed tables whose ages are readings by the Greulich-Pyle atlas, so that answers from them are on its scale."""


def write_growth_api(material: Material) -> bytes:
    """Return the fields as JSON.

    Raises
    ------
    UsageError
        ``report_needs_sex`` where the sex is not known: there are two answers, and a chart takes one.
    """
    return (json.dumps(growth_api_fields(material.reading.result), indent=2, ensure_ascii=False) + "\n").encode()


def growth_api_fields(result: Result) -> dict[str, Any]:
    """Return the fields of one answer.

    Parameters
    ----------
    result:
        A result with one bone age.

    Returns
    -------
    dict
        ``bone_age_sds`` is the SD score of the result; ``bone_age_centile`` is where that score lies in a normal
        distribution, 0 to 100. ``bone_age_type`` is ``greulich-pyle`` where the ages behind the answer are readings by
        that atlas (the scale of the number; ``bone_age_text`` says how it was read), and missing with other tables.
        An age that a reader settled on goes before the program's, with the SD score and centile of that age; its type,
        which nobody stated, is left out.

    Raises
    ------
    UsageError
        ``report_needs_sex``; ``report_needs_number`` where a grown hand has no more than a bound.
    """
    age, said, sex = result.bone_age, result.settled, result.input.sex.value
    if said is not None and said.final_months is not None and sex is not None:
        scored = _score(said.held_against(sex))
        return {"bone_age": _years(said.final_months), **scored, "bone_age_text": paragraph(result)}
    if age is None:
        msg = "a growth chart takes one bone age, and this film has one for a boy and one for a girl"
        raise UsageError("report_needs_sex", msg, remedy="give the sex with --sex M or --sex F")
    if age.bound is not None:
        msg = f"the bone age of this grown hand is only known to be {answer_words(age)}, which is no point on a chart"
        raise UsageError("report_needs_number", msg, remedy="pdf, text, json, csv and fhir say it in full")
    fields: dict[str, Any] = {"bone_age": _years(age.months)}
    if _on_greulich_pyle_scale(result):
        fields["bone_age_type"] = GREULICH_PYLE
    return {**fields, **_score(result.chronological), "bone_age_text": paragraph(result)}


def _score(own: Chronological | None) -> dict[str, Any]:
    """Return the SD score and where it lies in a normal distribution; nothing where there is none."""
    if own is None or own.sds is None:
        return {}
    centile = round(50 * math.erfc(-own.sds / math.sqrt(2)), 1)
    return {"bone_age_sds": round(own.sds, 2), "bone_age_centile": centile}


def _years(months: float) -> float:
    return round(months / MONTHS_PER_YEAR, 3)


def _on_greulich_pyle_scale(result: Result) -> bool:
    """The regression learned from the same readings as the table `rsna`; a table of one's own may have any scale."""
    lookup = result.estimates.measurement
    return lookup is None or lookup.reference in GREULICH_PYLE_REFERENCES
