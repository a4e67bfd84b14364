"""Every quality check that a film goes through, in the order in which it does; `docs/quality_gate.md` is made of it."""

from __future__ import annotations

from typing import Final

from boneage.quality import foreign, known, mature, outside, picture, pose
from boneage.quality.checks import QualityCheck
from boneage.quality.distance import load_distance


def all_checks() -> tuple[QualityCheck, ...]:
    """Return every check of the gate."""
    fixed = (*known.CHECKS, *picture.CHECKS, *pose.CHECKS, *foreign.CHECKS)
    return (*fixed, load_distance().check(), outside.CHECK, *mature.CHECKS)


HEAD: Final = (
    "| check | code | value | warned | refused | why there | what helps | on the overlay |\n" + "|---" * 8 + "|"
)


def to_markdown() -> str:
    """Return the registry as the table of the documents."""
    rows = [
        f"| {check.name} | `{check.code}` | {check.measures} | {_limit(check, check.warn)} | "
        f"{_limit(check, check.refuse)} | {check.reason} | {check.remedy} | {check.shown or '–'} |"
        for check in all_checks()
    ]
    return "\n".join([HEAD, *rows])


def _limit(check: QualityCheck, limit: float | None) -> str:
    if limit is None:
        return "–"
    return f"{'below' if check.side == 'at least' else 'above'} {limit:.4g}"
