"""The result on a terminal: the answer first, then both routes, the remarks, what weighed most, and every bone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from boneage.report.because import because
from boneage.report.bone_lines import pattern_lines, step_lines
from boneage.report.correction_lines import automatic_prefix, correction_lines
from boneage.report.length_lines import length_lines
from boneage.report.letter import letter
from boneage.report.speech import ENGLISH, Speech
from boneage.report.wording import UNUSUAL_Z, signed, tenths
from boneage.result import AgeByMeasurement, Contribution, Reason, Result, SexAnswer

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text

TOP_CONTRIBUTIONS: Final = 6
"""How many measurements are listed on a terminal; the JSON has all."""


def print_result(result: Result, console: Console, speech: Speech = ENGLISH) -> None:
    """Print a result for people."""
    for block in blocks(result, speech):
        console.print(block)


def blocks(result: Result, speech: Speech = ENGLISH) -> list[RenderableType]:
    """Return a result as the blocks that a terminal shows one under the other."""
    from rich.text import Text

    shown: list[RenderableType] = [Text(line, style="bold magenta") for line in correction_lines(result, speech)]
    answers = result.answers()
    if not answers:
        shown += [_problem(reason, speech) for reason in result.problems]
    for sex, answer in answers.items():
        shown += _answer_blocks(sex, answer, result, speech)
    shown += [_remark(reason, speech) for reason in result.warnings]
    if result.bones:
        shown.append(_bones_table(result, speech))
        if result.input.pixel_spacing.message:
            scale = speech.spacing(result.input.pixel_spacing)
            shown.append(Text(speech.say("terminal.scale", scale=scale), style="dim"))
        shown += [Text(line) for line in length_lines(result, speech)]
    if answers:
        shown += [Text(""), Text(speech.say("terminal.paste"), style="dim"), Text(letter(result, speech))]
    else:
        shown.append(Text(speech.research_use(), style="dim"))
    return shown


def top_contributions(lookup: AgeByMeasurement | None, *, count: int = TOP_CONTRIBUTIONS) -> tuple[Contribution, ...]:
    """Return the measurements that weighed most, heaviest first."""
    if lookup is None:
        return ()
    return tuple(sorted(lookup.contributions, key=lambda part: -part.weight)[:count])


def _problem(reason: Reason, speech: Speech) -> RenderableType:
    from rich.text import Text

    label, message = (speech.say("terminal.no_bone_age"), "bold red"), (speech.message(reason), "bold")
    return _with_remedy(Text.assemble(label, message, (f" [{reason.code}]", "dim")), reason, speech)


def _remark(reason: Reason, speech: Speech) -> RenderableType:
    from rich.text import Text

    warning = reason.severity == "warning"
    label = (speech.say("terminal.warning"), "bold yellow") if warning else (speech.say("terminal.remark"), "dim")
    return _with_remedy(Text.assemble(label, speech.message(reason), (f" [{reason.code}]", "dim")), reason, speech)


def _with_remedy(text: Text, reason: Reason, speech: Speech) -> Text:
    if remedy := speech.remedy(reason):
        text.append(f"\n  {speech.say('terminal.remedy', remedy=remedy)}")
    return text


def _title(result: Result) -> str:
    """Return the key of what an answer is called: beside an age that a reader settled on it is the automatic one."""
    if result.settled is None:
        return "terminal.bone_age_if" if result.by_sex else "terminal.bone_age"
    return "terminal.automatic_bone_age_if" if result.by_sex else "terminal.automatic_bone_age"


def _answer_blocks(sex: str | None, answer: SexAnswer, result: Result, speech: Speech) -> list[RenderableType]:
    from rich.text import Text

    name = speech.sex(sex)
    who, automatic = speech.say(_title(result), sex=name), automatic_prefix(result, speech)
    age = answer.bone_age
    if age is None:
        return [Text(speech.say("terminal.none", who=who), style="bold red")]
    low, high = age.interval_95
    title = Text.assemble(
        (who + speech.say("terminal.colon"), "bold"),
        (speech.answer(age), "bold green"),
        f"  {speech.say('terminal.months', months=speech.answer_months(age))}\n",
        f"{speech.say('terminal.interval', interval=speech.interval(age.interval_95))}  ",
        speech.say("terminal.bounds", low=low, high=high, method=speech.method(age.method)),
    )
    shown: list[RenderableType] = [title]
    if answer.chronological is not None:
        shown.append(Text(f"{automatic}{speech.own_age(answer.chronological)} {speech.verdict(answer.chronological)}"))
    if said := speech.calibration(answer):
        shown.append(Text(said))
    shown += [_routes_table(answer, speech), Text(because(answer, speech), style="dim")]
    if top := top_contributions(answer.estimates.measurement):
        shown.append(_contributions_table(top, speech))
    shown += [Text(line) for line in (*step_lines(answer, speech), *pattern_lines(answer, speech))]
    return shown


def _routes_table(answer: SexAnswer, speech: Speech) -> Table:
    table = _table(*(speech.say(f"pdf.{name}") for name in ("route", "age", "interval_head", "source")), words=True)
    lookup, direct = answer.estimates.measurement, answer.estimates.regression
    if lookup is not None:
        prior = speech.table("pdf.priors").get(lookup.prior, lookup.prior)
        table.add_row(
            speech.say("pdf.measured"),
            speech.age(lookup.months),
            speech.interval(lookup.interval_95),
            speech.say("pdf.table", reference=lookup.reference, prior=prior),
        )
    if direct is not None:
        said = speech.age(direct.months), speech.interval(direct.interval_95)
        table.add_row(speech.say("pdf.direct"), *said, speech.say("pdf.joints"))
    return table


def _contributions_table(contributions: tuple[Contribution, ...], speech: Speech) -> Table:
    table = _table(
        speech.say("terminal.weighed_most"),
        speech.say("measured.value"),
        speech.say("terminal.expected"),
        speech.say("measured.z"),
        speech.say("measured.weight"),
    )
    for part in contributions:
        table.add_row(
            speech.measurement(part.measurement),
            f"{part.value:.3f}",
            f"{part.expected:.3f}",
            signed(part.z),
            speech.say("measured.percent", share=f"{100 * part.weight:.0f}"),
        )
    return table


def _bones_table(result: Result, speech: Speech) -> Table:
    with_mm = any(bone.length_mm is not None for bone in result.bones)
    columns = ("bone", "length_px", *(("length_mm",) if with_mm else ()), "width_px", "epiphysis_px", "z")
    table = _table(*(speech.say(f"measured.{name}") for name in columns))
    for bone in result.bones:
        unusual = bone.z is not None and abs(bone.z) >= UNUSUAL_Z
        length = speech.say("measured.cut_off") if bone.partial else tenths(bone.length_px)
        table.add_row(
            speech.bone(bone.bone),
            length,
            *([tenths(None if bone.partial else bone.length_mm)] if with_mm else []),
            tenths(bone.width_px),
            tenths(bone.epiphysis_width_px),
            "" if bone.z is None else signed(bone.z),
            style="bold yellow" if unusual else None,
        )
    return table


def _table(first: str, *others: str, words: bool = False) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="left" if words else "right")
    return table
