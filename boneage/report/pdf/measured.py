"""The pages after the first: every bone, what weighed most, the pattern profile, the checks and the software."""

from __future__ import annotations

from typing import Final

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, PageBreak

from boneage.report.because import because
from boneage.report.pdf.grid import grid
from boneage.report.pdf.style import WIDTH, words
from boneage.report.text import top_contributions
from boneage.report.wording import (
    SEX_WORDS,
    UNUSUAL_Z,
    age_words,
    bone_words,
    check_words,
    interval_words,
    measurement_words,
    signed,
)
from boneage.result import AgeOfBone, Check, Result, SexAnswer

TOP_CONTRIBUTIONS: Final = 24
"""How many measurements are listed; the JSON has all."""

BONES_READ: Final = (
    "z: the length against what the reference table expects at the bone age. "
    "Age: what the bone's own measurements say alone."
)


def measured_pages(result: Result) -> list[Flowable]:
    """Return the pages after the first; of a film on which nothing was measured, the checks and the software alone."""
    flow: list[Flowable] = [PageBreak()] if result.bones else []
    if result.bones:
        flow += [words("Bones", "heading"), words(BONES_READ, "quiet"), _bones(result), *_carpals(result)]
    for sex, answer in result.answers().items():
        assumed = f", if {SEX_WORDS[sex]}" if result.by_sex else ""
        flow += _contributions(answer, assumed)
        flow += _pattern(answer, assumed)
    flow += _checks(result)
    flow += _software(result)
    return flow


def _bones(result: Result) -> Flowable:
    """Return the table of bones; where the sex is not known each bone has its age under both."""
    with_mm = any(bone.length_mm is not None for bone in result.bones)
    ages = {sex: _ages(answer) for sex, answer in result.answers().items() if _ages(answer)}
    with_z = any(bone.z is not None for bone in result.bones)
    head = ["Bone", "Length px", *(["Length mm"] if with_mm else []), "Width px", "Epiphysis px"]
    head += ["z"] if with_z else []
    first_age = len(head)
    for sex in ages:
        head += [f"Age if {SEX_WORDS[sex]}" if result.by_sex else "Age alone", "95 % interval"]
    rows, marked = [], []
    for place, bone in enumerate(result.bones):
        row = [bone_words(bone.bone), "cut off" if bone.partial else _number(bone.length_px)]
        if with_mm:
            row.append("" if bone.partial else _number(bone.length_mm))
        row += [_number(bone.width_px), _number(bone.epiphysis_width_px)]
        if with_z:
            row.append("" if bone.z is None else signed(bone.z))
        for found in ages.values():
            age = found.get(bone.bone)
            row += ["", ""] if age is None else [age_words(age.months), interval_words(age.interval_95)]
        rows.append(row)
        if bone.z is not None and abs(bone.z) >= UNUSUAL_Z:
            marked.append(place)
    shares = (42, 18, *((20,) if with_mm else ()), 17, 22, *((11,) if with_z else ()), *((23, 38) * len(ages)))
    left = (0, *range(first_age, len(head)))
    return grid(head, rows, shares, left=left, marked=marked, size=6.2 if len(ages) > 1 else 7.5)


def _carpals(result: Result) -> list[Flowable]:
    carpals = result.carpals
    if carpals is None:
        return []
    parts = []
    if carpals.centres is not None:
        parts.append(f"{carpals.centres} ossification centres")
    if carpals.area_px2 is not None:
        parts.append(f"ossified area {carpals.area_px2:.0f} px²")
    if carpals.bone_age_months is not None and carpals.bone_age_interval_95 is not None:
        alone = interval_words(carpals.bone_age_interval_95)
        parts.append(f"age alone {age_words(carpals.bone_age_months)} ({alone})")
    for bone in carpals.bones:
        z = "" if bone.z is None else f" (z {signed(bone.z)})"
        parts.append(f"{bone.carpal} {bone.area_px2:.0f} px²{z}")
    flow: list[Flowable] = [words(f"Carpals: {'; '.join(parts)}.", spaceBefore=4)] if parts else []
    if result.bone_health_index is not None:
        flow.append(words(f"Bone health index of metacarpals 2 to 4: {result.bone_health_index:.2f} mm^(1/3)."))
    return flow


def _contributions(answer: SexAnswer, assumed: str) -> list[Flowable]:
    lookup = answer.estimates.measurement
    top = top_contributions(lookup, count=TOP_CONTRIBUTIONS)
    if lookup is None or not top:
        return []
    rows = [
        [
            measurement_words(part.measurement),
            f"{part.value:.3f}",
            f"{part.expected:.3f}",
            signed(part.z),
            f"{100 * part.weight:.1f} %",
        ]
        for part in top
    ]
    share = 100 * sum(part.weight for part in top)
    listed = f"{len(top)} of {len(lookup.contributions)} measurements, {share:.0f} % of the weight"
    title = f"What weighed most{assumed}: {listed}"
    table = grid(
        ["Measurement", "Measured", f"Expected by {lookup.reference}", "z", "Weight"], rows, (80, 22, 34, 16, 18)
    )
    return [CondPageBreak(45 * mm), words(title, "heading"), words(because(answer)), table]


def _pattern(answer: SexAnswer, assumed: str) -> list[Flowable]:
    profile = answer.pattern_profile
    if not profile:
        return []
    rows = [
        [bone_words(bone.bone), signed(bone.z), signed(bone.z_own_hand), "beyond 2 SD" if bone.flagged else ""]
        for bone in profile
    ]
    marked = [place for place, bone in enumerate(profile) if bone.flagged]
    title = f"Pattern profile{assumed}: each bone's length against its own hand"
    head = ["Bone", "z at this age", "SD from its own hand", ""]
    table = grid(head, rows, (50, 24, 34, 30), width=0.75 * WIDTH, left=(0, 3), marked=marked)
    return [CondPageBreak(45 * mm), words(title, "heading"), table]


def _checks(result: Result) -> list[Flowable]:
    checks = result.quality.checks
    if not checks:
        return []
    rows = [
        [
            check_words(check),
            "passed" if check.passed else "not passed",
            _found(check.value),
            _found(check.limit),
        ]
        for check in checks
    ]
    marked = [place for place, check in enumerate(checks) if not check.passed]
    table = grid(
        ["Quality check", "", "Found", "Limit"], rows, (56, 24, 22, 22), left=(0, 1), marked=marked, width=0.75 * WIDTH
    )
    return [CondPageBreak(30 * mm), words("Quality checks", "heading"), table]


def _software(result: Result) -> list[Flowable]:
    """Return what took part, by hash and version."""
    software = result.software
    lines = [f"boneage {software.version}"] if software.version else []
    lines += [f"Network {model.name}: SHA-256 {model.sha256}" for model in software.models]
    lines += [f"Reference {table.name}: version {table.version}" for table in software.references if table.version]
    lines += [f"Reference {table.name}" for table in software.references if not table.version]
    if result.input.sha256:
        lines.append(f"Film: SHA-256 {result.input.sha256}")
    if not lines:
        return []
    return [CondPageBreak(30 * mm), words("What computed this", "heading"), *(words(line, "quiet") for line in lines)]


def _ages(answer: SexAnswer) -> dict[str, AgeOfBone]:
    lookup = answer.estimates.measurement
    return {age.bone: age for age in lookup.bone_ages} if lookup else {}


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _found(value: Check | float | str | None) -> str:
    return f"{value:.4g}" if isinstance(value, (int, float)) else str(value or "")
