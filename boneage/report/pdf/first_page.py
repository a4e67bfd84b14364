"""The first page: the answer, or why there is none, beside the film with what was found on it."""

from __future__ import annotations

import io
from typing import Final

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Image, Paragraph, Spacer, Table, TableStyle

from boneage.report.bone_lines import pattern_lines, step_lines
from boneage.report.correction_lines import automatic_prefix, change_lines, final_age_lines
from boneage.report.length_lines import length_lines
from boneage.report.material import Material
from boneage.report.overlay import marked_film, unusual_bones
from boneage.report.pdf.fonts import REGULAR
from boneage.report.pdf.grid import grid
from boneage.report.pdf.strip import AgeStrip, bars_of, reader_bars
from boneage.report.pdf.style import WIDTH, words
from boneage.report.speech import Speech
from boneage.report.wording import signed
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
    result, speech = material.reading.result, material.speech
    flow: list[Flowable] = [words(speech.say("pdf.title"), "title")]
    flow += [words(line, "quiet") for line in _head_lines(material)]
    flow.append(Spacer(1, 3 * mm))
    answers = [part for sex, answer in result.answers().items() for part in _answer(sex, answer, result, speech)]
    left = _reader(result, speech) + (answers or _refusal(result, speech))
    picture = _picture(material.reading, speech)
    flow.append(_side_by_side(left, picture) if picture else Table([[left]], colWidths=[WIDTH], style=_BARE))
    flow += [words(line, "lead") for line in change_lines(result, speech)]
    bars = [
        bar
        for sex, answer in result.answers().items()
        for bar in bars_of(
            sex,
            answer,
            prefix=speech.if_sex(sex) if result.by_sex else "",
            speech=speech,
            automatic=result.settled is not None,
        )
    ]
    if bars:
        bars = reader_bars(result, speech) + bars
        flow += [_heading(speech.say("pdf.strip")), AgeStrip(bars, WIDTH, speech)]
    if remarks := _remarks(result, speech):
        flow += [_heading(speech.say("pdf.remarks")), *remarks]
    flow += [Spacer(1, 2 * mm), words(speech.research_use(), "alert")]
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


def _heading(text: str) -> Paragraph:
    """Return a heading that is never alone at the foot of a page."""
    return words(text, "heading", keepWithNext=1)


def _side_by_side(left: list[Flowable], picture: list[Flowable]) -> Table:
    """Return the words beside the picture; words that are longer than the page go on in their column on the next."""
    columns = [WIDTH - PICTURE_WIDTH, PICTURE_WIDTH]
    return Table([[left, picture]], colWidths=columns, style=_BESIDE, splitInRow=1)


def _head_lines(material: Material) -> list[str]:
    """Return what the report is of: the patient where that is wanted, the film, its side and sex; and its date."""
    result, speech = material.reading.result, material.speech
    lines = []
    if material.patient is not None:
        lines.append(
            speech.say("pdf.patient", words=speech.patient(material.patient) or speech.say("pdf.patient_none"))
        )
    film = result.input
    parts = [speech.say("pdf.film", path=film.path)]
    if film.sha256 and film.sha256[:12] not in film.path:
        parts.append(f"SHA-256 {film.sha256[:12]}…")
    if film.rows and film.columns:
        parts.append(speech.say("pdf.pixels", format=film.format, columns=film.columns, rows=film.rows))
    if film.laterality in {"L", "R"}:
        parts.append(speech.say("pdf.left") if film.laterality == "L" else speech.say("pdf.right"))
    sex = speech.sex(film.sex.value)
    source = speech.table("pdf.sources").get(film.sex.source, film.sex.source)
    parts.append(speech.say("pdf.sex", sex=sex, source=source) if film.sex.value else sex)
    lines.append(speech.say("lines.clause").join(parts))
    made = f"{material.made:%Y-%m-%d %H:%M %Z}"
    lines.append(speech.say("pdf.written", made=made, version=result.software.version).rstrip())
    return lines


def _reader(result: Result, speech: Speech) -> list[Flowable]:
    """Return the age that a reader settled on, as large as an answer, and what it is against the child's own."""
    said = result.settled
    flow: list[Flowable] = []
    if said is not None and said.final_months is not None:
        flow.append(words(speech.say("pdf.reader_age", age=speech.age(said.final_months)), "answer"))
    return flow + [words(line, "verdict") for line in final_age_lines(result, speech)]


def _answer(sex: str | None, answer: SexAnswer, result: Result, speech: Speech) -> list[Flowable]:
    """Return one answer: age, interval, chronological age, verdict, routes.

    Two of them are set smaller, and so is the program's beside the age that a reader settled on.
    """
    age, own = answer.bone_age, answer.chronological
    flow: list[Flowable] = [words(speech.say("pdf.if_child", sex=speech.sex(sex)), "assumed")] if result.by_sex else []
    if age is None:
        return [*flow, words(speech.say("pdf.no_answer"), "refusal")]
    small, automatic = bool(result.by_sex or result.settled), automatic_prefix(result, speech)
    lead, sizes = ("body", {"fontSize": 15, "leading": 19}) if small else ("lead", {})
    title = "pdf.automatic_bone_age" if result.settled else "pdf.bone_age"
    lower, upper = age.interval_95
    flow += [
        words(speech.say(title, age=speech.answer(age)), "answer", **sizes),
        words(speech.say("pdf.interval", interval=speech.interval(age.interval_95)), lead),
        words(speech.say("pdf.months", months=speech.answer_months(age), low=lower, high=upper), lead),
    ]
    if own is None:
        flow.append(words(speech.say("pdf.no_own_age"), lead))
    else:
        flow += [words(automatic + text, lead) for text in _own_age(own, speech)]
        smaller = {"fontSize": 8.5, "leading": 11} if small else {}
        flow.append(words(automatic + speech.verdict(own), "verdict", **smaller))
    if said := speech.calibration(answer):
        flow.append(words(said, "alert"))
    return [*flow, Spacer(1, 1.5 * mm), _routes(answer, result, speech), Spacer(1, 2 * mm)]


def _own_age(own: Chronological, speech: Speech) -> list[str]:
    lines = [speech.own_age(own)]
    if own.difference_months is not None:
        difference = speech.least(signed(own.difference_months), own)
        lines.append(speech.say("pdf.difference", difference=difference, months=own.months))
    return lines


def _routes(answer: SexAnswer, result: Result, speech: Speech) -> Flowable:
    age, lookup, direct = answer.bone_age, answer.estimates.measurement, answer.estimates.regression
    rows = []
    if age is not None:
        method = speech.say("pdf.both") if lookup and direct else speech.method(age.method)
        name = speech.say("pdf.automatic_answer" if result.settled else "pdf.answer")
        rows.append([name, speech.answer(age), speech.interval(age.interval_95), method])
    if lookup is not None:
        prior = speech.table("pdf.priors").get(lookup.prior, lookup.prior)
        source = speech.say("pdf.table", reference=lookup.reference, prior=prior)
        rows.append(
            [speech.say("pdf.measured"), speech.age(lookup.months), speech.interval(lookup.interval_95), source]
        )
    if direct is not None:
        source = speech.say("pdf.joints")
        rows.append(
            [speech.say("pdf.regression"), speech.age(direct.months), speech.interval(direct.interval_95), source]
        )
    return grid(
        [speech.say(f"pdf.{name}") for name in ("route", "age", "interval_head", "source")],
        rows,
        (27, 21, 39, 28),
        width=TEXT_WIDTH,
        size=6.6,
        left=(0, 1, 2, 3),
    )


def _refusal(result: Result, speech: Speech) -> list[Flowable]:
    """Return why there is no answer, and what helps."""
    title = speech.say("pdf.refused") if result.status == "refused" else speech.say("pdf.not_read")
    flow: list[Flowable] = [words(title, "refusal")]
    for problem in result.problems:
        flow.append(words(f"{speech.message(problem)} [{problem.code}]", "lead"))
        if remedy := speech.remedy(problem):
            flow.append(words(speech.say("pdf.remedy", remedy=remedy), "lead"))
    return flow


def _picture(reading: Reading, speech: Speech) -> list[Flowable]:
    """Return the film with its outlines and a line that explains them; nothing where there is no picture."""
    if reading.radiograph is None:
        return []
    drawn = marked_film(reading, PICTURE_SIDE_PX / max(reading.radiograph.pixels.shape))
    buffer = io.BytesIO()
    drawn.save(buffer, format="JPEG", quality=88, optimize=True)
    scale = min(PICTURE_WIDTH / drawn.width, PICTURE_HEIGHT / drawn.height)
    buffer.seek(0)
    picture = Image(buffer, width=drawn.width * scale, height=drawn.height * scale, hAlign="RIGHT")
    caption = speech.say("pdf.bare") if reading.bone_map is None else speech.say("pdf.outlined")
    return [picture, words(caption, "quiet", spaceBefore=2, leftIndent=PICTURE_WIDTH - drawn.width * scale)]


def _remarks(result: Result, speech: Speech) -> list[Flowable]:
    flow: list[Flowable] = []
    stop = speech.say("lines.stop")
    checks = result.quality.checks
    if checks:
        failed = [speech.check(check) for check in checks if not check.passed]
        if failed:
            names = speech.say("lines.separator").join(failed)
            flow.append(words(speech.say("pdf.failed", count=len(checks), names=names), "alert"))
        else:
            flow.append(words(speech.say("pdf.all_passed", count=len(checks))))
    flow += [_remark(reason, speech) for reason in result.warnings]
    unusual = unusual_bones(result)
    for bone in unusual[:MOST_UNUSUAL]:
        text = speech.say("pdf.unusual", bone=speech.bone(bone.bone), z=signed(bone.z or 0.0))
        flow.append(words(text, "alert"))
    if len(unusual) > MOST_UNUSUAL:
        flow.append(words(speech.say("pdf.unusual_more", count=len(unusual) - MOST_UNUSUAL), "alert"))
    for sex, answer in result.answers().items():
        assumed = speech.if_sex(sex) if result.by_sex else ""
        flow += [words(assumed + line, "alert") for line in step_lines(answer, speech)]
        flow += [words(assumed + line) for line in pattern_lines(answer, speech)]
    flow += [words(line + stop) for line in length_lines(result, speech)]
    if result.bones and result.input.pixel_spacing.message:
        flow.append(words(speech.say("pdf.scale", scale=speech.spacing(result.input.pixel_spacing)) + stop))
    return flow


def _remark(reason: Reason, speech: Speech) -> Paragraph:
    remedy = speech.remedy(reason)
    said = {
        "message": speech.message(reason),
        "code": reason.code,
        "helps": speech.say("pdf.helps", remedy=remedy) if remedy else "",
    }
    if reason.severity == "warning":
        return words(speech.say("pdf.warning", **said), "alert")
    return words(speech.say("pdf.remark", **said))
