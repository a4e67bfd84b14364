"""What becomes of a batch's report: counts by kind, intervals, the checks' values."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from cli_runs import Runner
from stand_ins import StandInRooms

from boneage.errors import Refusal
from boneage.evaluation.refusals import (
    USABLE,
    PictureFile,
    count_kinds,
    manifest_of_pictures,
    spread_of_checks,
    to_csv,
    to_markdown,
    totals,
)


def written(folder: Path, outcomes: list[tuple[str, str, str, str]]) -> tuple[list[PictureFile], Path]:
    """Pictures and the report on them from kind, expected, status and codes."""
    files = [PictureFile(kind, expected, folder / f"{n}.png") for n, (kind, expected, *_) in enumerate(outcomes)]  # type: ignore[arg-type]
    report = folder / "report.csv"
    with report.open("w", newline="") as handle:
        writer = csv.DictWriter(handle, ["id", "status", "reason_code"])
        writer.writeheader()
        for file, (_, _, status, code) in zip(files, outcomes, strict=True):
            writer.writerow({"id": file.id, "status": status, "reason_code": code})
    return files, report


OUTCOMES = [
    ("knee", "refused", "refused", "not_a_hand"),
    ("knee", "refused", "error", "unknown_format"),
    ("knee", "refused", "ok", "metal"),
    ("metal", "refused or warned", "ok", "sex_unknown; metal"),
    ("metal", "refused or warned", "ok", "sex_unknown"),
    (USABLE, "answered", "refused", "cut_off; mirrored"),
    *[(USABLE, "answered", "ok", "")] * 3,
]


def test_kinds_are_counted_with_their_codes(tmp_path: Path) -> None:
    knee, metal, usable = count_kinds(*written(tmp_path, OUTCOMES))
    assert (knee.kind, knee.pictures, knee.refused, knee.warned) == ("knee", 3, 2, 1)
    assert knee.codes == {"not_a_hand": 1, "unknown_format": 1}
    assert (metal.refused, metal.warned) == (0, 1)
    assert (usable.refused, usable.codes) == (1, {"cut_off": 1})
    assert usable.share.value == 25.0
    assert usable.share.low == pytest.approx(4.6, abs=0.1)  # Wilson
    assert usable.share.high == pytest.approx(69.9, abs=0.1)


def test_totals_take_warnings_only_where_they_are_enough(tmp_path: Path) -> None:
    found = {words: figure.value for words, figure in totals(count_kinds(*written(tmp_path, OUTCOMES))).items()}
    assert found == {
        "pictures without a usable hand refused": pytest.approx(200 / 3),
        "spoiled hands refused or warned of": 50.0,
        "usable hands refused": 25.0,
    }


def test_markdown_and_csv_hold_every_kind(tmp_path: Path) -> None:
    kinds = count_kinds(*written(tmp_path, OUTCOMES))
    text = to_markdown(kinds, (), command="boneage x", date="2026-01-01", words="drawn")
    assert "`boneage x` (2026-01-01; drawn)" in text
    assert "| knee | refused | 3 | 2 | 66.7 (20.8–93.9) | 1 | not_a_hand 1, unknown_format 1 |" in text
    rows = list(csv.DictReader(to_csv(kinds).splitlines()))
    assert [row["kind"] for row in rows] == ["knee", "metal", USABLE]
    assert rows[2]["codes"] == "cut_off 1"


def test_the_spread_of_a_check_is_that_of_answered_usable_hands(tmp_path: Path) -> None:
    files = [PictureFile(USABLE, "answered", tmp_path / f"{n}.png") for n in range(5)]
    files.append(PictureFile("knee", "refused", tmp_path / "5.png"))
    for number in range(6):
        status = "refused" if number == 4 else "ok"
        check = {"name": "sharp", "passed": number > 0, "value": float(number), "limit": 1.0}
        (tmp_path / f"{number}.json").write_text(json.dumps({"status": status, "quality": {"checks": [check]}}))
    (spread,) = spread_of_checks(files, tmp_path)
    assert (spread.name, spread.films, spread.failed.value) == ("sharp", 4, 25.0)
    assert (spread.values[0], spread.values[2], spread.values[4]) == (0.0, 1.5, 3.0)


def test_the_manifest_names_every_picture(tmp_path: Path) -> None:
    files = [
        PictureFile("knee", "refused", tmp_path / "a.png"),
        PictureFile(USABLE, "answered", tmp_path / "b.png", "M"),
    ]
    rows = list(csv.DictReader(manifest_of_pictures(files, tmp_path / "manifest.csv").read_text().splitlines()))
    assert [(row["id"], row["sex"]) for row in rows] == [("knee/a", "F"), (f"{USABLE}/b", "M")]


def test_the_command_reads_and_counts(run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rooms = StandInRooms()
    segment = rooms.segment

    def one_bad(radiograph):  # type: ignore[no-untyped-def]
        if sum(call[0] == "segment" for call in rooms.calls) == 0:
            rooms.calls.append(("segment",))
            raise Refusal("not_a_hand", "no hand")
        return segment(radiograph)

    monkeypatch.setattr(rooms, "segment", one_bad)
    monkeypatch.setattr("boneage.estimate.InstalledRooms", lambda options: rooms)
    for folder, name in (("knees", "k.png"), ("hands", "a.png"), ("hands", "b.png")):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / name).write_bytes(name.encode())
    out = tmp_path / "out"
    words = ["evaluate-refusals", tmp_path / "knees", "--hands", tmp_path / "hands", "--made", 0, "--output", out]
    ran = run(*words)
    assert ran.code == 0
    assert "| knees | refused | 1 | 1 | 100.0" in ran.out
    assert f"| {USABLE} | answered | 2 | 0 | 0.0" in ran.out
    assert (out / "refusals.md").read_text() == ran.out
    assert (out / "refusals.csv").is_file()
    asked = len(rooms.calls)
    assert run(*words, "--resume").code == 0
    assert sum(call[0] == "segment" for call in rooms.calls[asked:]) == 0


def test_nothing_to_read_and_two_sources_are_wrong_usage(run: Runner, tmp_path: Path) -> None:
    empty = run("evaluate-refusals", "--output", tmp_path / "o")
    both = run("evaluate-refusals", "--rsna", "tune", "--hands", tmp_path, "--output", tmp_path / "o")
    assert (empty.code, both.code) == (2, 2)
    assert "no_films" in empty.err
    assert "which_films" in both.err


def test_pictures_are_made_from_the_hands_and_read(
    run: Runner, tmp_path: Path, project_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("boneage.estimate.InstalledRooms", lambda options: StandInRooms())
    films = project_root / "examples" / "films"
    words = ["--hands", films, "--films", 3, "--made", 1, "--seed", 5, "--output", tmp_path]
    ran = run("evaluate-refusals", *words)
    assert ran.code == 0
    assert "| two hands | refused | 1 | 0 | 0.0" in ran.out  # the stand-ins answer everything
    assert f"| {USABLE} | answered | 3 | 0 |" in ran.out
    assert list(tmp_path.glob("made-5-*/two_hands_000.png"))
