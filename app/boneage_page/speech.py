"""What the package says (see `boneage.report.speech`), in the language of the page."""

from __future__ import annotations

import re

from boneage.report.because import because as because_in
from boneage.report.correction_lines import automatic_prefix
from boneage.report.letter import letter
from boneage.report.method_speech import MethodSpeech
from boneage.report.speech import Speech
from boneage.result import BoneAge, Check, Chronological, PixelSpacing, Reason, Result, SexAnswer
from boneage_page.language import current, say, table


def speech() -> Speech:
    """Return the language of the page as the package speaks it."""
    return Speech(current())


def age(months: float) -> str:
    """Return an age in years and months."""
    return speech().age(months)


def answer(found: BoneAge) -> str:
    """Return the answer in years and months, or the bound that is all that can be said of a grown hand."""
    return speech().answer(found)


def interval(bounds: tuple[float, float]) -> str:
    """Return an interval of ages."""
    return speech().interval(bounds)


def sex(value: str | None) -> str:
    """Return a sex, or that it is not known."""
    return speech().sex(value)


def method(name: str) -> str:
    """Return the name of a method."""
    return speech().method(name)


def verdict(own: Chronological) -> str:
    """Return what the SD score means."""
    return speech().verdict(own)


def verdict_line(own: Chronological) -> str:
    """Return verdict and difference as one line."""
    return speech().verdict_line(own)


def least(number: str, own: Chronological) -> str:
    """Return a number, marked where it is the least that it can be."""
    return speech().least(number, own)


def difference_of(own: Chronological) -> str:
    """Return the difference, and that it is the least that it can be where it is."""
    return speech().difference_of(own)


def difference(months: float) -> str:
    """Return the difference of bone age and chronological age."""
    return speech().difference(months)


def bone(name: str) -> str:
    """Return the name of a bone, of a carpal, or of the carpals together."""
    return speech().bone(name)


def label(name: str) -> str:
    """Return the name of a label."""
    return speech().label(name)


def joint(name: str) -> str:
    """Return the name of a joint."""
    return speech().joint(name)


def measurement(name: str) -> str:
    """Return the name of a measurement."""
    return speech().measurement(name)


def spacing(found: PixelSpacing) -> str:
    """Return what is known of the scale."""
    return speech().spacing(found)


def check(found: Check) -> str:
    """Return the name of a quality check, and of one that holds for one sex alone for which."""
    return speech().check(found)


def message(reason: Reason) -> str:
    """Return why there is no answer, or a remark on one."""
    return speech().message(reason)


def remedy(reason: Reason) -> str:
    """Return what helps; in words of the page where the package's own speak of the command line."""
    return table("glance.remedies").get(reason.code) or speech().remedy(reason)


def heights() -> MethodSpeech:
    """Return what the prediction of adult height says."""
    return MethodSpeech(speech(), "heights")


def stages() -> MethodSpeech:
    """Return what the stages of Tanner and Whitehouse say."""
    return MethodSpeech(speech(), "stages")


def as_written(text: str) -> str:
    """Return somebody's own text so that no sign in it is taken for Markdown."""
    return re.sub(r"([\\`*_\[\]$~:<])", r"\\\1", text)


def calibration(given: SexAnswer) -> str:
    """Return what a site calibration did to an answer; empty where there was none."""
    return speech().calibration(given)


def because(given: SexAnswer) -> str:
    """Return why this age, in one sentence; empty where no route has answered."""
    return because_in(given, speech())


def research_use() -> str:
    """Return the notice that every surface carries."""
    return speech().research_use()


def paragraph(result: Result) -> str:
    """Return the result as a paragraph to paste into a letter."""
    return letter(result, speech())


def automatic(result: Result) -> str:
    """Return what stands before a sentence on the program's answer where a reader settled on another age."""
    return automatic_prefix(result, speech())


def corrections(result: Result) -> list[str]:
    """Return what a reader changed, in the language of the page; nothing where nobody did."""
    said = result.reader_correction
    if said is None:
        return []
    who = say("correction.by", reader=said.reader) if said.reader else ""
    lines = []
    if said.final_months is not None:
        lines.append(say("correction.final_age", age=age(said.final_months), who=who))
    names = [bone(moved.bone) for moved in said.moved]
    if names:
        lines.append(say("correction.moved_bones", names=say("correction.separator").join(names)))
    if said.excluded:
        names = [bone(part) for part in said.excluded]
        lines.append(say("correction.left_out", names=say("correction.separator").join(names)))
    if said.before:
        several = len(said.before) > 1
        ages = [
            say("correction.if_sex", sex=sex(value), age=answer(found)) if several else answer(found)
            for value, found in said.before.items()
        ]
        lines.append(say("correction.before", ages=say("correction.separator").join(ages)))
    if said.comment:
        lines.append(say("correction.comment_said", comment=said.comment))
    return lines
