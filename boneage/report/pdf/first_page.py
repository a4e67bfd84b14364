"""The first page: the answer, or why there is none, beside the film with what was found on it."""

from __future__ import annotations

import io
from typing import Final

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Image, Paragraph, Spacer, Table, TableStyle

from boneage.report.bone_lines import pattern_lines, step_lines
from boneage.report.correction_lines import correction_lines
from boneage.report.material import Material
from boneage.report.overlay import marked_film, unusual_bones
from boneage.report.pdf.fonts import REGULAR
from boneage.report.pdf.grid import grid
from boneage.report.pdf.strip import AgeStrip, bars_of
from boneage.report.pdf.style import WIDTH, words
from boneage.report.wording import (
    METHOD_WORDS,
    RESEARCH_USE,
    SEX_WORDS,
    age_words,
    answer_months_words,
    answer_words,
    bone_words,
    calibration_words,
    check_words,
    chronological_words,
    interval_words,
    length_lines,
    signed,
    verdict_words,
)
from boneage.result import Chronological, Reading, Reason, Result, SexAnswer

TEXT_WIDTH: Final = 97 * mm
"""Of the tables beside the picture."""

PICTURE_WIDTH: Final = 80 * mm
PICTURE_HEIGHT: Final = 116 * mm
PICTURE_SIDE_PX: Final = 1200
"""Longer side of the picture as it is embedded: about 260 dots an inch on paper."""

MOST_UNUSUAL: Final = 4


def first_page(material: Material) -> list[Flowable]:
    """Return what stands on the first page, top to bottom."""
    result = material.reading.result
    flow: list[Flowable] = [words("Bone age report", "title")]
    flow += [words(line, "quiet") for line in _head_lines(material)]
    flow.append(Spacer(1, 3 * mm))
    answers = [part for sex, answer in result.answers().items() for part in _answer(sex, answer, result)]
    left = [words(line, "verdict") for line in correction_lines(result)] + (answers or _refusal(result))
    picture = _picture(material.reading)
    flow.append(_side_by_side(left, picture) if picture else Table([[left]], colWidths=[WIDTH], style=_BARE))
    bars = [
        bar
        for sex, answer in result.answers().items()
        for bar in bars_of(sex, answer, prefix=f"If {SEX_WORDS[sex]}: " if result.by_sex else "")
    ]
    if bars:
        flow += [words("Ages on one scale", "heading"), AgeStrip(bars, WIDTH)]
    if remarks := _remarks(result):
        flow += [words("Quality and remarks", "heading"), *remarks]
    flow += [Spacer(1, 2 * mm), words(RESEARCH_USE, "alert")]
    return flow


_BARE: Final = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("FONT", (0, 0), (-1, -1), REGULAR, 8),  # Otherwise a font that is not embedded is named.
        *((padding, (0, 0), (-1, -1), 0) for padding in ("LEFTPADDING", "TOPPADDING", "BOTTOMPADDING")),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ]
)


_BESIDE: Final = TableStyle([("RIGHTPADDING", (0, 0), (0, 0), 3 * mm)], parent=_BARE)


def _side_by_side(left: list[Flowable], picture: list[Flowable]) -> Table:
    return Table([[left, picture]], colWidths=[WIDTH - PICTURE_WIDTH, PICTURE_WIDTH], style=_BESIDE)


def _head_lines(material: Material) -> list[str]:
    """Return what the report is of: the patient where that is wanted, the film, its side and sex; and its date."""
    result = material.reading.result
    lines = []
    if material.patient is not None:
        lines.append(f"Patient: {material.patient.words or 'not stated in the file'}")
    film = result.input
    parts = [f"Film: {film.path}"]
    if film.sha256 and film.sha256[:12] not in film.path:
        parts.append(f"SHA-256 {film.sha256[:12]}…")
    if film.rows and film.columns:
        parts.append(f"{film.format}, {film.columns} × {film.rows} pixels")
    if film.laterality in {"L", "R"}:
        parts.append(f"{'left' if film.laterality == 'L' else 'right'} hand as stated")
    parts.append(f"{SEX_WORDS[film.sex.value]} (source: {film.sex.source})" if film.sex.value else SEX_WORDS[None])
    lines.append("; ".join(parts))
    lines.append(f"Written {material.made:%Y-%m-%d %H:%M %Z} by boneage {result.software.version}".rstrip())
    return lines


def _answer(sex: str | None, answer: SexAnswer, result: Result) -> list[Flowable]:
    """Return one answer: age, interval, chronological age, verdict, routes; two of them are set smaller."""
    age, own = answer.bone_age, answer.chronological
    flow: list[Flowable] = [words(f"If the child is a {SEX_WORDS[sex]}", "assumed")] if result.by_sex else []
    if age is None:
        return [*flow, words("No bone age", "refusal")]
    lead, sizes = ("body", {"fontSize": 15, "leading": 19}) if result.by_sex else ("lead", {})
    lower, upper = age.interval_95
    flow += [
        words(f"Bone age {answer_words(age)}", "answer", **sizes),
        words(f"95 % interval {interval_words(age.interval_95)}", lead),
        words(f"{answer_months_words(age)} (95 %: {lower:.1f} to {upper:.1f})", lead),
    ]
    if own is None:
        flow.append(words("Chronological age not given: no difference and no SD score.", lead))
    else:
        flow += [words(text, lead) for text in _own_age(own)]
        flow.append(words(verdict_words(own), "verdict", **({"fontSize": 8.5, "leading": 11} if result.by_sex else {})))
    if said := calibration_words(answer):
        flow.append(words(said, "alert"))
    return [*flow, Spacer(1, 1.5 * mm), _routes(answer), Spacer(1, 2 * mm)]


def _own_age(own: Chronological) -> list[str]:
    lines = [chronological_words(own)]
    if own.difference_months is not None:
        lines.append(f"Difference {signed(own.difference_months)} months from {own.months:.1f} months.")
    return lines


def _routes(answer: SexAnswer) -> Flowable:
    age, lookup, direct = answer.bone_age, answer.estimates.measurement, answer.estimates.regression
    rows = []
    if age is not None:
        rows.append(["Answer", answer_words(age), interval_words(age.interval_95), METHOD_WORDS[age.method]])
    if lookup is not None:
        source = f"table {lookup.reference}, {lookup.prior} prior"
        rows.append(["Measured bones", age_words(lookup.months), interval_words(lookup.interval_95), source])
    if direct is not None:
        rows.append(["Regression", age_words(direct.months), interval_words(direct.interval_95), "joints and wrist"])
    if rows and rows[0][0] == "Answer" and len(rows) > 2:
        rows[0][3] = "both, combined"
    return grid(
        ["Route", "Age", "95 % interval", "Source"],
        rows,
        (27, 21, 39, 28),
        width=TEXT_WIDTH,
        size=6.6,
        left=(0, 1, 2, 3),
    )


def _refusal(result: Result) -> list[Flowable]:
    """Return why there is no answer, and what helps."""
    title = "Refused: no bone age read" if result.status == "refused" else "No bone age: the film was not read"
    flow: list[Flowable] = [words(title, "refusal")]
    for problem in result.problems:
        flow.append(words(f"{problem.message} [{problem.code}]", "lead"))
        if problem.remedy:
            flow.append(words(f"What helps: {problem.remedy}", "lead"))
    return flow


def _picture(reading: Reading) -> list[Flowable]:
    """Return the film with its outlines and a line that explains them; nothing where there is no picture."""
    if reading.radiograph is None:
        return []
    drawn = marked_film(reading, PICTURE_SIDE_PX / max(reading.radiograph.pixels.shape))
    buffer = io.BytesIO()
    drawn.save(buffer, format="JPEG", quality=88, optimize=True)
    scale = min(PICTURE_WIDTH / drawn.width, PICTURE_HEIGHT / drawn.height)
    buffer.seek(0)
    picture = Image(buffer, width=drawn.width * scale, height=drawn.height * scale, hAlign="RIGHT")
    if reading.bone_map is None:
        caption = "The film; nothing was outlined on it."
    else:
        caption = "Outlines as found: shafts blue and green, epiphyses amber, carpals pink; white: axes and joints."
    return [picture, words(caption, "quiet", spaceBefore=2, leftIndent=PICTURE_WIDTH - drawn.width * scale)]


def _remarks(result: Result) -> list[Flowable]:
    flow: list[Flowable] = []
    checks = result.quality.checks
    if checks:
        failed = [check_words(check) for check in checks if not check.passed]
        said = f"not passed: {', '.join(failed)}" if failed else "all passed"
        flow.append(words(f"Quality checks ({len(checks)}): {said}.", "alert" if failed else "body"))
    flow += [_remark(reason) for reason in result.warnings]
    unusual = unusual_bones(result)
    for bone in unusual[:MOST_UNUSUAL]:
        text = f"{bone_words(bone.bone)}: length {signed(bone.z or 0.0)} SD from what this age expects."
        flow.append(words(text, "alert"))
    if len(unusual) > MOST_UNUSUAL:
        flow.append(words(f"and {len(unusual) - MOST_UNUSUAL} more bones of unusual length.", "alert"))
    for sex, answer in result.answers().items():
        assumed = f"If {SEX_WORDS[sex]}: " if result.by_sex else ""
        flow += [words(assumed + line, "alert") for line in step_lines(answer)]
        flow += [words(assumed + line) for line in pattern_lines(answer)]
    flow += [words(f"{line}.") for line in length_lines(result)]
    if result.bones and result.input.pixel_spacing.message:
        flow.append(words(f"Scale: {result.input.pixel_spacing.message}."))
    return flow


def _remark(reason: Reason) -> Paragraph:
    helps = f" What helps: {reason.remedy}." if reason.remedy else ""
    warning = reason.severity == "warning"
    label = "Warning" if warning else "Remark"
    return words(f"{label}: {reason.message} [{reason.code}].{helps}", "alert" if warning else "body")
