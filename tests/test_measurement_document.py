"""The documentation lists exactly what is measured."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from boneage.measurement.definitions import KINDS
from boneage.measurement.document import between_markers, values_table
from boneage.measurement.measurements import BoneMeasurement, CarpalMeasurement
from boneage.measurement.precision import COLUMNS, SIZES, errors
from boneage.report.drawings.__main__ import DRAWINGS


def test_page_lists_the_registry(project_root: Path) -> None:
    text = (project_root / "docs" / "measurements.md").read_text(encoding="utf-8")
    assert between_markers(text, "values", values_table()) == text


def test_page_describes_every_kind_in_geometry_with_a_drawing(project_root: Path) -> None:
    page = project_root / "docs" / "measurements.md"
    written = page.read_text(encoding="utf-8")
    for part in ("values", "precision", "repeatability"):  # what is generated describes nothing
        written = between_markers(written, part, iter(()))
    rows = {name: row for row in written.splitlines() for name in re.findall(r"^\| `(\w+)` \|", row)}
    for kind in KINDS:
        assert kind.name in rows, f"docs/measurements.md has no row that defines {kind.name}"
        drawings = re.findall(r"\]\((drawings/\w+\.svg)\)", rows[kind.name])
        assert drawings, f"the row of {kind.name} leads to no drawing"
        assert all((page.parent / drawing).is_file() for drawing in drawings)


def test_drawings_and_parts_of_the_page_are_there(project_root: Path) -> None:
    page = project_root / "docs" / "measurements.md"
    text = page.read_text(encoding="utf-8")
    shown = re.findall(r'<img src="([^"]+)" alt="[^"]+"', text)
    assert {Path(name).name for name in shown} == set(DRAWINGS)
    headings = {
        re.sub(r"[^a-z0-9-]", "", line.lstrip("# ").lower().replace(" ", "-"))
        for line in text.splitlines()
        if line.startswith("#")
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings


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
