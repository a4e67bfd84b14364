"""The result on a terminal."""

from __future__ import annotations

import io
from dataclasses import replace

from fake_reading import drawn_answer, fake_error, fake_reading, fake_refusal, fake_unknown_sex, settled
from rich.console import Console

from boneage.radiograph.radiograph import Spacing
from boneage.report.text import print_result, top_contributions
from boneage.result import Reading
from boneage.result.correction import ReaderCorrection


def printed(reading: Reading) -> str:
    console = Console(file=io.StringIO(), width=110)
    print_result(reading.result, console)
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_answer_shows_age_interval_routes_difference_and_bones() -> None:
    text = printed(fake_reading(spacing=Spacing(0.1, "user", True, "spacing given by hand")))
    expected = (
        "Bone age (girl): 10 y 4 mo",
        "(124.0 months)",
        "9 y 5 mo to 11 y 3 mo",
        "Measured bones",
        "table rsna-train",
        "Direct regression",
        "SD score +0.6 (Brush Foundation)",
        "Usual: within 2 SD",
        "Metacarpal 3 (middle): length ratio",
        "Distal phalanx 5 (little)",
        "Length mm",
        "spacing given by hand",
        "research use",
    )
    flat = " ".join(text.split())
    assert [part for part in expected if part not in flat] == []


def test_lengths_of_cut_off_bones_are_not_shown() -> None:
    (radius,) = [line for line in printed(fake_reading()).splitlines() if line.startswith("Radius  ")]
    assert "cut off" in radius
    assert "Length mm" not in printed(fake_reading())


def test_unknown_sex_shows_both() -> None:
    text = printed(fake_unknown_sex())
    assert "If boy, bone age: 11 y 8 mo" in text
    assert "If girl, bone age: 10 y 4 mo" in text


def test_a_readers_corrections_come_first() -> None:
    reading = fake_reading()
    said = ReaderCorrection(excluded=("ulna",), final_months=132.0, reader="AB")
    text = printed(replace(reading, result=replace(reading.result, reader_correction=said)))
    lines = text.splitlines()
    assert lines[0] == "Bone age settled on by the reader (AB): 11 y 0 mo (132.0 months)."
    assert lines[1] == "Corrected by the reader (AB): left out: Ulna."
    assert "Automatic bone age (girl): 10 y 4 mo" in text


def test_no_verdict_on_the_programs_age_goes_unnamed_beside_a_readers() -> None:
    lines = printed(settled(fake_reading())).splitlines()
    assert lines[0] == "Bone age settled on by the reader (AB): 15 y 0 mo (180.0 months)."
    assert lines[1].startswith("Reader's age: Chronological age 9 y 10 mo, bone age 5 y 2 mo ahead")
    text = " ".join(" ".join(lines).split()).lower()
    beside = "chronological age 9 y 10 mo, bone age 6 mo ahead"
    assert text.count(beside) == text.count(f"automatic: {beside}") == 2
    assert text.count("usual: within") == text.count("sd score +0.6 (brush foundation). usual: within") == 1


def test_refusal_and_error_show_reason_code_and_remedy() -> None:
    refusal, failure = printed(fake_refusal()), printed(fake_error())
    for part in ("No bone age", "no hand was found", "not_a_hand", "check that this is a hand", "Warning: the grey"):
        assert part in refusal
    assert "truncated_dicom" in failure
    assert "To paste" not in failure


def test_top_contributions_are_the_heaviest_first() -> None:
    lookup = drawn_answer().estimates.measurement
    names = [part.measurement for part in top_contributions(lookup, count=2)]
    assert names == ["radius_epiphysis.length_ratio", "metacarpal_3.length_ratio"]
    assert top_contributions(None) == ()
