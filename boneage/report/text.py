"""The result on a terminal: the answer first, then both routes, the remarks, what weighed most, and every bone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from boneage.report.because import because
from boneage.report.bone_lines import pattern_lines, step_lines
from boneage.report.correction_lines import correction_lines
from boneage.report.wording import (
    METHOD_WORDS,
    RESEARCH_USE,
    SEX_WORDS,
    UNUSUAL_Z,
    age_words,
    answer_months_words,
    answer_words,
    bone_words,
    calibration_words,
    chronological_words,
    interval_words,
    length_lines,
    measurement_words,
    paragraph,
    signed,
    verdict_words,
)
from boneage.result import AgeByMeasurement, Contribution, Reason, Result, SexAnswer

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

TOP_CONTRIBUTIONS: Final = 6
"""How many measurements are listed on a terminal; the JSON has all."""


def print_result(result: Result, console: Console) -> None:
    """Print a result for people."""
    for block in blocks(result):
        console.print(block)


def blocks(result: Result) -> list[RenderableType]:
    """Return a result as the blocks that a terminal shows one under the other."""
    from rich.text import Text

    shown: list[RenderableType] = [Text(line, style="bold magenta") for line in correction_lines(result)]
    answers = result.answers()
    if not answers:
        shown += [_problem(reason) for reason in result.problems]
    for sex, answer in answers.items():
        shown += _answer_blocks(sex, answer, assumed=result.by_sex is not None)
    shown += [_remark(reason) for reason in result.warnings]
    if result.bones:
        shown.append(_bones_table(result))
        if result.input.pixel_spacing.message:
            shown.append(Text(f"Scale: {result.input.pixel_spacing.message}", style="dim"))
        shown += [Text(line) for line in length_lines(result)]
    if answers:
        shown += [Text(""), Text("To paste:", style="dim"), Text(paragraph(result))]
    else:
        shown.append(Text(RESEARCH_USE, style="dim"))
    return shown


def top_contributions(lookup: AgeByMeasurement | None, *, count: int = TOP_CONTRIBUTIONS) -> tuple[Contribution, ...]:
    """Return the measurements that weighed most, heaviest first."""
    if lookup is None:
        return ()
    return tuple(sorted(lookup.contributions, key=lambda part: -part.weight)[:count])


def _problem(reason: Reason) -> RenderableType:
    from rich.text import Text

    text = Text.assemble(("No bone age: ", "bold red"), (reason.message, "bold"), (f" [{reason.code}]", "dim"))
    if reason.remedy:
        text.append(f"\n  What helps: {reason.remedy}")
    return text


def _remark(reason: Reason) -> RenderableType:
    from rich.text import Text

    warning = reason.severity == "warning"
    label = ("Warning: ", "bold yellow") if warning else ("Remark: ", "dim")
    text = Text.assemble(label, reason.message, (f" [{reason.code}]", "dim"))
    if reason.remedy:
        text.append(f"\n  What helps: {reason.remedy}")
    return text


def _answer_blocks(sex: str | None, answer: SexAnswer, *, assumed: bool) -> list[RenderableType]:
    from rich.text import Text

    who = f"If {SEX_WORDS[sex]}, bone age" if assumed else f"Bone age ({SEX_WORDS[sex]})"
    age = answer.bone_age
    if age is None:
        return [Text(f"{who}: none", style="bold red")]
    title = Text.assemble(
        (f"{who}: ", "bold"),
        (answer_words(age), "bold green"),
        f"  ({answer_months_words(age)})\n95 % interval {interval_words(age.interval_95)}",
        f"  ({age.interval_95[0]:.1f} to {age.interval_95[1]:.1f} months), by {METHOD_WORDS[age.method]}",
    )
    shown: list[RenderableType] = [title]
    if answer.chronological is not None:
        shown.append(Text(f"{chronological_words(answer.chronological)} {verdict_words(answer.chronological)}"))
    if said := calibration_words(answer):
        shown.append(Text(said))
    shown += [_routes_table(answer), Text(because(answer), style="dim")]
    if top := top_contributions(answer.estimates.measurement):
        shown.append(_contributions_table(top))
    shown += [Text(line) for line in (*step_lines(answer), *pattern_lines(answer))]
    return shown


def _routes_table(answer: SexAnswer) -> Table:
    table = _table("Route", "Age", "95 % interval", "Source")
    lookup, direct = answer.estimates.measurement, answer.estimates.regression
    if lookup is not None:
        table.add_row(
            "Measured bones",
            age_words(lookup.months),
            interval_words(lookup.interval_95),
            f"table {lookup.reference}, {lookup.prior} prior",
        )
    if direct is not None:
        said = age_words(direct.months), interval_words(direct.interval_95)
        table.add_row("Direct regression", *said, "joints and wrist")
    return table


def _contributions_table(contributions: tuple[Contribution, ...]) -> Table:
    table = _table("What weighed most", "Measured", "Expected", "z", "Weight")
    for part in contributions:
        table.add_row(
            measurement_words(part.measurement),
            f"{part.value:.3f}",
            f"{part.expected:.3f}",
            signed(part.z),
            f"{100 * part.weight:.0f} %",
        )
    return table


def _bones_table(result: Result) -> Table:
    with_mm = any(bone.length_mm is not None for bone in result.bones)
    table = _table("Bone", "Length px", *(["Length mm"] if with_mm else []), "Width px", "Epiphysis px", "z")
    for bone in result.bones:
        unusual = bone.z is not None and abs(bone.z) >= UNUSUAL_Z
        length = "cut off" if bone.partial else _number(bone.length_px)
        table.add_row(
            bone_words(bone.bone),
            length,
            *([_number(None if bone.partial else bone.length_mm)] if with_mm else []),
            _number(bone.width_px),
            _number(bone.epiphysis_width_px),
            "" if bone.z is None else signed(bone.z),
            style="bold yellow" if unusual else None,
        )
    return table


def _table(first: str, *others: str) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    table.add_column(first)
    for name in others:
        words = name in {"Age", "95 % interval", "Source"}
        table.add_column(name, justify="left" if words else "right")
    return table


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"
