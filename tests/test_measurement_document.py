"""The documentation lists exactly what is measured."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from boneage.measurement.document import between_markers, values_table
from boneage.measurement.measurements import BoneMeasurement, CarpalMeasurement
from boneage.measurement.precision import COLUMNS, SIZES, errors


def test_page_lists_the_registry(project_root: Path) -> None:
    text = (project_root / "docs" / "measurements.md").read_text(encoding="utf-8")
    assert between_markers(text, "values", values_table()) == text


def test_page_defines_every_length(project_root: Path) -> None:
    text = (project_root / "docs" / "measurements.md").read_text(encoding="utf-8")
    for kind in (BoneMeasurement, CarpalMeasurement):
        for field in dataclasses.fields(kind):
            if field.name.endswith(("_px", "_px2")):
                assert f"`{field.name}`" in text, field.name


def test_markers_keep_what_is_around_them() -> None:
    text = "a\n<!-- x: begin -->\nold\n<!-- x: end -->\nb\n"
    assert between_markers(text, "x", iter(["new", "er"])) == "a\n<!-- x: begin -->\nnew\ner\n<!-- x: end -->\nb\n"


def test_precision_is_what_the_page_says() -> None:
    found = errors(SIZES[0], "rectangle", count=25)
    assert found.shape == (25, len(COLUMNS))
    assert abs(found[:, 0]).mean() < 0.3
    assert found.std() > 0
