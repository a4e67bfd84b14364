"""Labelled films with settled answers, and their JSON, for the tests of evaluation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from boneage.evaluation.labelled import LabelledFilm
from boneage.evaluation.labels import Label


def labelled(
    name: str,
    label: float,
    answer: float | None,
    *,
    sex: str = "M",
    half: float | None = 20.0,
    routes: tuple[float, float] | None = None,
    **changes: Any,
) -> LabelledFilm:
    """A film whose answer, and whose routes (measurement, regression), have intervals of ± ``half`` months.

    Without an answer it is refused as ``not_a_hand``.
    """
    months = {} if answer is None else {"answer": answer}
    if routes is not None:
        months |= {"measurement": routes[0], "regression": routes[1]}
    fields: dict[str, Any] = {
        "label": Label(name, label, sex),
        "status": "refused" if answer is None else "ok",
        "problems": ("not_a_hand",) if answer is None else (),
        "warnings": (),
        "months": months,
        "intervals": {} if half is None else {route: (age - half, age + half) for route, age in months.items()},
        "sex": sex,
    }
    return LabelledFilm(**{**fields, **changes})


def write_answer(folder: Path, name: str, **changes: Any) -> Path:
    """Write a JSON as a batch does, of a boy of 100 months, measured 104, regressed 98, with one warning."""
    document: dict[str, Any] = {
        "status": "ok",
        "reasons": [
            {"code": "mirrored", "message": "", "severity": "warning"},
            {"code": "right_hand", "message": "", "severity": "info"},
        ],
        "input": {"path": f"{name}.png", "sex": {"value": "M"}},
        "bone_age": {"months": 100.0, "interval_95": [80.0, 120.0], "method": "combined"},
        "estimates": {
            "measurement": {"months": 104.0, "interval_95": [90.0, 130.0], "reference": "rsna"},
            "regression": {"months": 98.0, "interval_95": [70.0, 126.0]},
        },
        "software": {
            "version": "1.2.3",
            "models": [{"name": "wrist", "sha256": "ab" * 32}],
            "references": [{"name": "rsna", "version": "sha256:0123456789ab"}],
        },
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps({**document, **changes}))
    return path


REFUSED: dict[str, Any] = {
    "status": "refused",
    "reasons": [{"code": "routes_disagree", "message": "", "severity": "error"}],
    "bone_age": None,
}
"""Changes of `write_answer` that make it a refusal whose routes had ages."""
