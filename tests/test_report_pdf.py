"""The PDF report: read back by two independent readers and compared with the result."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pypdf
import pytest
from fake_reading import fake_error, fake_reading, fake_refusal, fake_unknown_sex, settled
from report_material import material, pdf_text

from boneage.anatomy import TUBULAR_BONES
from boneage.radiograph.radiograph import Spacing
from boneage.reference.standards import load_standard
from boneage.report.identifiers import Patient
from boneage.report.pdf import han, write_pdf
from boneage.report.pdf.document import FOOT_SIZE
from boneage.report.pdf.fonts import ELLIPSIS, NOT_COVERED, REGULAR, covered, ending_of, width_of
from boneage.report.pdf.strip import bars_of, reader_bars, years_shown
from boneage.report.pdf.style import WIDTH
from boneage.report.wording import RESEARCH_USE, age_words, bone_words, interval_words, signed
from boneage.result import (
    AgeOfBone,
    BoneAge,
    Calibration,
    Chronological,
    PatternBone,
    Reading,
    Reason,
    Result,
    SexAnswer,
    UncalibratedAnswer,
)
from boneage.result.correction import ReaderCorrection


def furnished() -> Reading:
    """A girl's hand with everything that a report can say."""
    reading = fake_reading(spacing=Spacing(0.1, "user", True, "spacing given by hand"))
    result = reading.result
    lookup = result.estimates.measurement
    assert lookup is not None
    ages = tuple(AgeOfBone(bone.bone, 100.0 + i, (80.0 + i, 120.0 + i)) for i, bone in enumerate(result.bones))
    pattern = tuple(PatternBone(bone.bone, 0.3, 2.6 if i == 3 else -0.2, i == 3) for i, bone in enumerate(result.bones))
    measured = replace(result.estimates, measurement=replace(lookup, bone_ages=ages))
    own = Chronological(118.0, 6.0, 0.64, load_standard().name)
    warning = Reason("low_contrast", "the film is <flat> & grey", "film it again", "warning")
    return Reading(
        replace(result, estimates=measured, pattern_profile=pattern, chronological=own, reasons=(warning,)),
        reading.radiograph,
        reading.bone_map,
    )


def read_elsewhere(content: bytes, folder: Path) -> str:
    """The words of a PDF as poppler reads them; it must have nothing to complain of."""
    path = folder / "report.pdf"
    path.write_bytes(content)
    ran = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
    assert ran.stderr == ""
    return ran.stdout


@pytest.fixture(scope="module")
def report() -> bytes:
    """The report of `furnished`."""
    return write_pdf(material(furnished()))


def expected_words(result: Result) -> list[str]:
    """What a report of one answer must say, from the plain JSON of the result."""
    data = result.to_dict()
    age, lookup = data["bone_age"], data["estimates"]["measurement"]
    direct, own = data["estimates"]["regression"], data["chronological"]
    said = [
        f"Bone age {age_words(age['months'])}",
        f"95 % interval {interval_words(tuple(age['interval_95']))}",
        f"{age['months']:.1f} months (95 %: {age['interval_95'][0]:.1f} to {age['interval_95'][1]:.1f})",
        f"Measured bones {age_words(lookup['months'])} {interval_words(tuple(lookup['interval_95']))}",
        lookup["reference"],
        f"Regression {age_words(direct['months'])} {interval_words(tuple(direct['interval_95']))}",
        RESEARCH_USE,
    ]
    if own is not None:
        said += [
            f"Chronological age {age_words(own['months'])}",
            f"Difference {signed(own['difference_months'])} months from {own['months']:.1f} months",
            f"SD score {signed(own['sds'])} ({own['reference']})",
        ]
    return said


def bone_rows(result: Result) -> list[str]:
    """The rows of the table of bones, from the plain JSON of the result."""
    data = result.to_dict()
    rows = []
    alone = {age["bone"]: age for age in data["estimates"]["measurement"]["bone_ages"]}
    for bone in data["bones"]:
        cells = [bone_words(bone["bone"])]
        cells += ["cut off"] if bone["partial"] else [f"{bone['length_px']:.1f}", _one(bone["length_mm"])]
        cells += [_one(bone["width_px"]), _one(bone["epiphysis_width_px"])]
        cells += [] if bone["z"] is None else [signed(bone["z"])]
        age: dict[str, Any] | None = alone.get(bone["bone"])
        cells += [age_words(age["months"]), interval_words(tuple(age["interval_95"]))] if age else []
        rows.append(" ".join(cell for cell in cells if cell))
    return rows


def _one(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def test_the_first_page_holds_the_answer_of_the_result(report: bytes) -> None:
    first = " ".join(pypdf.PdfReader(io.BytesIO(report)).pages[0].extract_text().split())
    assert [words for words in expected_words(furnished().result) if words not in first] == []
    assert "Usual: within 2 SD of chronological age." in first
    assert "Warning: the film is <flat> & grey [low_contrast]. What helps: film it again." in first


def test_the_next_pages_hold_every_bone_of_the_result(report: bytes) -> None:
    result = furnished().result
    text = pdf_text(report)
    assert [row for row in bone_rows(result) if row not in text] == []
    assert result.estimates.measurement is not None
    for part in result.estimates.measurement.contributions:
        assert f"{part.value:.3f} {part.expected:.3f} {signed(part.z)} {100 * part.weight:.1f} %" in text
    assert f"{bone_words(result.bones[3].bone)} +0.3 +2.6 beyond 2 SD" in text
    assert "hand found passed 0.9 0.5" in text
    assert "z: the length against what the reference table expects" in text
    assert f"Network segmentation: SHA-256 {'cd' * 32}" in text


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed")
def test_another_reader_reads_the_same(report: bytes, tmp_path: Path) -> None:
    text = " ".join(read_elsewhere(report, tmp_path).split())
    assert [row for row in bone_rows(furnished().result) if row not in text] == []
    assert f"Bone age {age_words(124.0)}" in text


def embedded(content: bytes) -> dict[str, bool]:
    """The fonts of a PDF by name, and whether they are embedded."""
    return {
        font["/BaseFont"]: "/FontFile2" in font.get("/FontDescriptor", {})
        for page in pypdf.PdfReader(io.BytesIO(content)).pages
        for font in (reference.get_object() for reference in page["/Resources"]["/Font"].values())
    }


def test_all_fonts_are_embedded(report: bytes) -> None:
    fonts = embedded(report)
    assert len(fonts) == 2
    assert all(fonts.values()), fonts


def test_the_picture_is_on_the_first_page(report: bytes) -> None:
    (picture,) = pypdf.PdfReader(io.BytesIO(report)).pages[0].images
    assert picture.image is not None
    assert max(picture.image.size) > 800
    saturation = np.asarray(picture.image.convert("HSV"))[..., 1]
    assert (saturation > 100).mean() > 0.01  # Outlines in colour on a grey film.


def test_pages_are_numbered_and_carry_the_notice(report: bytes) -> None:
    pages = pypdf.PdfReader(io.BytesIO(report)).pages
    assert len(pages) >= 2
    for number, page in enumerate(pages, start=1):
        text = " ".join(page.extract_text().split())
        assert f"page {number} of {len(pages)}" in text
        assert RESEARCH_USE in text


def test_a_long_path_leaves_room_for_the_notice() -> None:
    path = f"/mnt/archive/{'pediatric_endocrinology/' * 4}IM-0001-0001.dcm"
    reading = fake_reading()
    named = replace(reading.result, input=replace(reading.result.input, path=path))
    content = write_pdf(material(Reading(named, reading.radiograph), with_identifiers=True))
    first, second, *_ = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]
    (foot,) = [line for line in second.splitlines() if ELLIPSIS in line]
    assert "/IM-0001-0001.dcm · page 2 of" in foot
    shown = foot[foot.index("boneage") :]
    assert width_of(RESEARCH_USE, REGULAR, FOOT_SIZE) + width_of(shown, REGULAR, FOOT_SIZE) < WIDTH
    assert path in "".join(first.split())
    assert ending_of(path, 1.0, REGULAR, FOOT_SIZE) == ELLIPSIS


def test_two_runs_differ_in_nothing_but_the_date(report: bytes) -> None:
    told = material(furnished())
    assert write_pdf(told) == report
    later = write_pdf(replace(told, made=told.made + timedelta(days=1)))
    assert later != report
    assert pdf_text(later).replace("2026-02-01", "2026-01-31") == pdf_text(report)
    dates = [pypdf.PdfReader(io.BytesIO(content)).metadata.creation_date for content in (report, later)]
    assert dates == [told.made, told.made + timedelta(days=1)]


def test_sex_unknown_shows_both_answers_on_the_first_page() -> None:
    first = " ".join(
        pypdf.PdfReader(io.BytesIO(write_pdf(material(fake_unknown_sex())))).pages[0].extract_text().split()
    )
    assert "If the child is a boy Bone age 11 y 8 mo" in first
    assert "If the child is a girl Bone age 10 y 4 mo" in first
    assert "sex unknown" in first
    assert RESEARCH_USE in first


def test_a_refusal_says_why_and_shows_the_film() -> None:
    content = write_pdf(material(fake_refusal()))
    text = pdf_text(content)
    for part in (
        "Refused: no bone age read",
        "no hand was found on this film [not_a_hand]",
        "check that this is a hand",
    ):
        assert part in text
    assert "months" not in text
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages[0].images) == 1


def test_a_file_that_was_not_read_has_no_picture() -> None:
    content = write_pdf(material(fake_error()))
    assert "No bone age: the film was not read" in pdf_text(content)
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages[0].images) == 0


def test_a_bone_of_unusual_length_is_said_on_the_first_page() -> None:
    text = pdf_text(write_pdf(material(fake_reading(z=3.4))))
    assert "Metacarpal 1 (thumb): length +3.4 SD from what this age expects." in text
    assert "and 15 more bones of unusual length." in text


def test_the_patient_is_named_only_when_asked_for() -> None:
    bare, named = (pdf_text(write_pdf(material(fake_reading(), with_identifiers=asked))) for asked in (False, True))
    assert "Patient" not in bare
    assert "Zyxwvut" not in bare
    assert "drawn.png" not in bare
    assert "Patient: Zyxwvut, Child, ID Zyxwvut, born 2014-05-31, film of 2025-11-17" in named
    assert "2025-11-17" not in bare
    assert "drawn.png" in named


def test_characters_that_the_font_lacks_are_marked() -> None:
    assert covered("Ångström −2 ± 3 м σ") == "Ångström −2 ± 3 м σ"
    assert covered("李 Ann") == "李 Ann"
    assert covered("\U00012000 Ann") == f"{NOT_COVERED} Ann"


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed")
def test_a_chinese_name_and_comment_are_read_by_another_reader(tmp_path: Path) -> None:
    reading = fake_reading()
    said = ReaderCorrection(excluded=("ulna",), comment="左手第五掌骨陈旧性骨折，拍片时戴戒指，" * 4, reader="李医生")
    told = material(Reading(replace(reading.result, reader_correction=said), reading.radiograph), with_identifiers=True)
    named = replace(told, patient=Patient("Wang, Xiaodong (王小东)", "门诊-17", "2014-05-31"))
    text = "".join(read_elsewhere(write_pdf(named), tmp_path).split())
    assert "Wang,Xiaodong(王小东),ID门诊-17,born2014-05-31" in text
    assert f"Commentofthereader(李医生):{said.comment}" in text
    assert NOT_COVERED not in text


def with_chinese_comment() -> bytes:
    """A report in English with a comment in Chinese."""
    reading = fake_reading()
    said = replace(reading.result, reader_correction=ReaderCorrection(comment="左手骨折"))
    return write_pdf(material(Reading(said, reading.radiograph)))


def test_chinese_characters_are_embedded_where_a_font_is_installed(report: bytes) -> None:
    fonts = embedded(with_chinese_comment())
    if han.han_font().name == han.NAMED:
        pytest.skip("no Chinese TrueType font is installed")
    assert len(fonts) == len(embedded(report)) + 1
    assert all(fonts.values()), fonts


def test_without_an_installed_font_the_reader_of_the_file_brings_it(
    report: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(han, "installed", list)
    han.han_font.cache_clear()
    try:
        content = with_chinese_comment()
        assert write_pdf(material(furnished())) == report
        assert covered("李\U00012000") == f"李{NOT_COVERED}"
    finally:
        han.han_font.cache_clear()
    assert embedded(content)[f"/{han.NAMED}"] is False
    if shutil.which("pdftotext"):
        assert "左手骨折" in read_elsewhere(content, tmp_path)


def test_the_mark_of_a_grown_hand_is_its_bound_and_not_the_best_guess() -> None:
    age = BoneAge(203.0, (180.0, 240.0), "combined", bound="at_or_above", bound_months=192.0)
    (bar,) = bars_of("M", SexAnswer(age))
    assert (bar.months, bar.interval) == (192.0, (180.0, 240.0))


def test_the_strip_holds_every_bar() -> None:
    answers = furnished().result.answers()
    bars = bars_of("F", answers["F"])
    assert [bar.name for bar in bars] == [
        "Usual (±2 SD) at 9 y 10 mo",
        "Bone age",
        "Measured bones",
        "Direct regression",
    ]
    first, last = years_shown(bars)
    assert 12 * first <= min(bar.interval[0] for bar in bars)
    assert max(bar.interval[1] for bar in bars) <= 12 * last
    assert last - first >= 4
    assert years_shown(bars[1:2])[0] >= 0


def test_a_bound_is_said_as_one() -> None:
    reading = fake_reading()
    grown = BoneAge(210.0, (190.0, 228.0), "combined", "at_or_above", 186.0)
    own = Chronological(144.0, 42.0, 4.0, "Brush Foundation", at_least=True)
    result = replace(reading.result, bone_age=grown, chronological=own)
    text = pdf_text(write_pdf(material(Reading(result, reading.radiograph))))
    assert "Bone age at or above 15 y 6 mo" in text
    assert "at or above 186 months (95 %: 190.0 to 228.0)" in text
    assert age_words(210.0) not in text
    assert "SD score at least +4.0 (Brush Foundation)" in text
    assert "Difference ≥ +42.0 months from 144.0 months." in text


def test_what_a_reader_and_a_site_did_is_on_the_first_page() -> None:
    reading = fake_reading()
    result = reading.result
    assert result.bone_age is not None
    before = UncalibratedAnswer(replace(result.bone_age, months=100.0), result.estimates)
    stamp = Calibration("clinic", "ef" * 32, "2026-01-01", 80, "line", before)
    said = ReaderCorrection(excluded=("ulna",), final_months=130.0, comment="ring on the finger", reader="A. Reader")
    changed = replace(result, calibration=stamp, reader_correction=said)
    text = pdf_text(write_pdf(material(Reading(changed, reading.radiograph))))
    assert "Bone age settled on by the reader (A. Reader): 10 y 10 mo (130.0 months)." in text
    assert "left out: Ulna" in text
    assert "Comment of the reader (A. Reader): ring on the finger" in text
    assert f"site calibration clinic, 80 local films of this sex); as it was read: {age_words(100.0)}" in text


@pytest.mark.parametrize("length", [0, 70, 500, 9000])
def test_a_readers_corrections_of_any_length_are_told_in_full(length: int) -> None:
    reading = settled(fake_unknown_sex())
    answers, given = reading.result.by_sex, reading.result.reader_correction
    assert answers is not None
    assert given is not None
    comment = ("An old fracture of the ring finger, healed. " * 300)[:length].strip()
    before = {sex: answer.bone_age for sex, answer in answers.items() if answer.bone_age}
    said = replace(given, excluded=TUBULAR_BONES[:11], comment=comment, before=before)
    result = replace(reading.result, reader_correction=said)
    content = write_pdf(material(Reading(result, reading.radiograph)))
    assert pdf_text(content).count("healed") == comment.count("healed")
    first = " ".join(pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text().split())
    assert f"{bone_words(TUBULAR_BONES[10])}. Before the corrections: if boy 11 y 8 mo, if girl 10 y 4 mo." in first
    assert "If the child is a girl Automatic bone age 10 y 4 mo" in first


def test_no_heading_is_alone_at_the_foot_of_a_page() -> None:
    content = write_pdf(material(settled(fake_unknown_sex())))
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]
    assert "Ages on one scale" not in pages[0]
    assert "Ages on one scale" in pages[1]
    assert "If girl: direct regression" in pages[1]


def test_words_beside_the_picture_that_are_longer_than_the_page_go_on_on_the_next() -> None:
    content = write_pdf(material(settled(fake_unknown_sex(), reader="Dr. Longname " * 150)))
    assert pdf_text(content).count("Longname") == 150
    assert "If the child is a girl Automatic bone age 10 y 4 mo" in pdf_text(content)


def test_the_age_of_a_reader_goes_first_without_an_interval_and_the_programs_is_named() -> None:
    text = pdf_text(write_pdf(material(settled(fake_reading()))))
    assert text.index("Reader's final bone age 15 y 0 mo") < text.index("Automatic bone age 10 y 4 mo")
    assert "Reader's age: Chronological age 9 y 10 mo, bone age 5 y 2 mo ahead" in text
    assert "Automatic: Usual: within 2 SD" in text
    assert "Automatic: Chronological age" in text
    assert text.count("Usual: within") == text.count("Automatic: Usual: within")
    assert "Automatic answer" in text
    (bar,) = reader_bars(settled(fake_reading()).result)
    assert (bar.name, bar.interval) == ("Reader's final bone age", (180.0, 180.0))
    assert reader_bars(fake_reading().result) == []
