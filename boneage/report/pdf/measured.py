"""The pages after the first: every bone, what weighed most, the pattern profile, the checks and the software."""

from __future__ import annotations

from typing import Final

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, PageBreak

from boneage.report.because import because
from boneage.report.pdf.grid import grid
from boneage.report.pdf.style import WIDTH, words
from boneage.report.speech import Speech
from boneage.report.text import top_contributions
from boneage.report.wording import UNUSUAL_Z, signed, tenths
from boneage.result import AgeOfBone, Check, Result, SexAnswer

TOP_CONTRIBUTIONS: Final = 24
"""How many measurements are listed; the JSON has all."""


def measured_pages(result: Result, speech: Speech) -> list[Flowable]:
    """Return the pages after the first; of a film on which nothing was measured, the checks and the software alone."""
    flow: list[Flowable] = [PageBreak()] if result.bones else []
    if result.bones:
        flow += [words(speech.say("measured.bones"), "heading"), words(speech.say("measured.note"), "quiet")]
        flow += [_bones(result, speech), *_carpals(result, speech)]
    for sex, answer in result.answers().items():
        assumed = speech.say("measured.assumed", sex=speech.sex(sex)) if result.by_sex else ""
        flow += _contributions(answer, assumed, speech)
        flow += _pattern(answer, assumed, speech)
    flow += _checks(result, speech)
    flow += _software(result, speech)
    return flow


def _bones(result: Result, speech: Speech) -> Flowable:
    """Return the table of bones; where the sex is not known each bone has its age under both."""
    with_mm = any(bone.length_mm is not None for bone in result.bones)
    ages = {sex: _ages(answer) for sex, answer in result.answers().items() if _ages(answer)}
    with_z = any(bone.z is not None for bone in result.bones)
    columns = ["bone", "length_px", *(["length_mm"] if with_mm else []), "width_px", "epiphysis_px"]
    head = [speech.say(f"measured.{name}") for name in (*columns, *(["z"] if with_z else []))]
    first_age = len(head)
    for sex in ages:
        alone = speech.say("measured.age_alone")
        head.append(speech.say("measured.age_if", sex=speech.sex(sex)) if result.by_sex else alone)
        head.append(speech.say("measured.interval"))
    rows, marked = [], []
    for place, bone in enumerate(result.bones):
        cut_off = speech.say("measured.cut_off")
        row = [speech.bone(bone.bone), cut_off if bone.partial else tenths(bone.length_px)]
        if with_mm:
            row.append("" if bone.partial else tenths(bone.length_mm))
        row += [tenths(bone.width_px), tenths(bone.epiphysis_width_px)]
        if with_z:
            row.append("" if bone.z is None else signed(bone.z))
        for found in ages.values():
            age = found.get(bone.bone)
            row += ["", ""] if age is None else [speech.age(age.months), speech.interval(age.interval_95)]
        rows.append(row)
        if bone.z is not None and abs(bone.z) >= UNUSUAL_Z:
            marked.append(place)
    shares = (42, 18, *((20,) if with_mm else ()), 17, 22, *((11,) if with_z else ()), *((23, 38) * len(ages)))
    left = (0, *range(first_age, len(head)))
    return grid(head, rows, shares, left=left, marked=marked, size=6.2 if len(ages) > 1 else 7.5)


def _carpals(result: Result, speech: Speech) -> list[Flowable]:
    carpals = result.carpals
    if carpals is None:
        return []
    parts = []
    if carpals.centres is not None:
        parts.append(speech.say("measured.centres", count=carpals.centres))
    if carpals.area_px2 is not None:
        parts.append(speech.say("measured.area", area=carpals.area_px2))
    if carpals.bone_age_months is not None and carpals.bone_age_interval_95 is not None:
        interval = speech.interval(carpals.bone_age_interval_95)
        parts.append(speech.say("measured.carpals_age", age=speech.age(carpals.bone_age_months), interval=interval))
    for bone in carpals.bones:
        z = "" if bone.z is None else speech.say("measured.carpal_z", z=signed(bone.z))
        name = speech.bone(bone.carpal).lower()
        parts.append(speech.say("measured.carpal", bone=name, area=bone.area_px2, z=z))
    said = speech.say("measured.carpals", parts=speech.say("lines.clause").join(parts))
    flow: list[Flowable] = [words(said, spaceBefore=4)] if parts else []
    if result.bone_health_index is not None:
        flow.append(words(speech.say("measured.health", index=result.bone_health_index)))
    return flow


def _contributions(answer: SexAnswer, assumed: str, speech: Speech) -> list[Flowable]:
    lookup = answer.estimates.measurement
    top = top_contributions(lookup, count=TOP_CONTRIBUTIONS)
    if lookup is None or not top:
        return []
    rows = [
        [
            speech.measurement(part.measurement),
            f"{part.value:.3f}",
            f"{part.expected:.3f}",
            signed(part.z),
            speech.say("measured.percent", share=f"{100 * part.weight:.1f}"),
        ]
        for part in top
    ]
    share = 100 * sum(part.weight for part in top)
    whole = len(lookup.contributions)
    title = speech.say("measured.weighed_most", assumed=assumed, count=len(top), whole=whole, share=share)
    head = [
        speech.say("measured.measurement"),
        speech.say("measured.value"),
        speech.say("measured.expected", reference=lookup.reference),
        speech.say("measured.z"),
        speech.say("measured.weight"),
    ]
    table = grid(head, rows, (80, 22, 34, 16, 18))
    return [CondPageBreak(45 * mm), words(title, "heading"), words(because(answer, speech)), table]


def _pattern(answer: SexAnswer, assumed: str, speech: Speech) -> list[Flowable]:
    profile = answer.pattern_profile
    if not profile:
        return []
    rows = [
        [
            speech.bone(bone.bone),
            signed(bone.z),
            signed(bone.z_own_hand),
            speech.say("measured.beyond") if bone.flagged else "",
        ]
        for bone in profile
    ]
    marked = [place for place, bone in enumerate(profile) if bone.flagged]
    title = speech.say("measured.pattern", assumed=assumed)
    head = [speech.say(f"measured.{name}") for name in ("bone", "z_at_age", "z_own_hand")]
    table = grid([*head, ""], rows, (50, 24, 34, 30), width=0.75 * WIDTH, left=(0, 3), marked=marked)
    return [CondPageBreak(45 * mm), words(title, "heading"), table]


def _checks(result: Result, speech: Speech) -> list[Flowable]:
    checks = result.quality.checks
    if not checks:
        return []
    rows = [
        [
            speech.check(check),
            speech.say("measured.passed") if check.passed else speech.say("measured.not_passed"),
            _found(check.value),
            _found(check.limit),
        ]
        for check in checks
    ]
    marked = [place for place, check in enumerate(checks) if not check.passed]
    head = [speech.say("measured.check"), "", speech.say("measured.found"), speech.say("measured.limit")]
    table = grid(head, rows, (56, 24, 22, 22), left=(0, 1), marked=marked, width=0.75 * WIDTH)
    return [CondPageBreak(30 * mm), words(speech.say("measured.checks"), "heading"), table]


def _software(result: Result, speech: Speech) -> list[Flowable]:
    """Return what took part, by hash and version."""
    software = result.software
    lines = [f"boneage {software.version}"] if software.version else []
    lines += [speech.say("measured.network", name=one.name, sha256=one.sha256) for one in software.models]
    tables = software.references
    lines += [
        speech.say("measured.reference_version", name=one.name, version=one.version) for one in tables if one.version
    ]
    lines += [speech.say("measured.reference", name=one.name) for one in tables if not one.version]
    if result.input.sha256:
        lines.append(speech.say("measured.film", sha256=result.input.sha256))
    if not lines:
        return []
    title = words(speech.say("measured.software"), "heading")
    return [CondPageBreak(30 * mm), title, *(words(line, "quiet") for line in lines)]


def _ages(answer: SexAnswer) -> dict[str, AgeOfBone]:
    lookup = answer.estimates.measurement
    return {age.bone: age for age in lookup.bone_ages} if lookup else {}


def _found(value: Check | float | str | None) -> str:
    return f"{value:.4g}" if isinstance(value, (int, float)) else str(value or "")
