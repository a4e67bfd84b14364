"""Which bone ages are usual for a child's own age."""

from __future__ import annotations

from boneage.result import Chronological
from boneage.result.ages import SDS_LIMIT


def usual_range(chronological: Chronological | None, sex: str | None) -> tuple[float, float] | None:
    """Return the bone ages in months within `SDS_LIMIT` standard deviations of the chronological age.

    Parameters
    ----------
    chronological:
        The child's own age with its SD score.
    sex:
        ``M`` or ``F``.

    Returns
    -------
    tuple or None
        ``None`` where there is no SD score, or the score is of another standard than the one that is looked up here.
    """
    if chronological is None or chronological.sds is None or sex not in {"M", "F"}:
        return None
    from boneage.reference.standards import skeletal_age_sds

    months = chronological.months
    score = skeletal_age_sds(months, months, "M" if sex == "M" else "F")
    if score.sd_months is None or score.reference != chronological.reference:
        return None
    reach = SDS_LIMIT * score.sd_months
    return months - reach, months + reach
