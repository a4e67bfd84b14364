"""The paragraph to paste into a letter, in a language."""

from __future__ import annotations

from boneage.report import wording
from boneage.report.correction_lines import automatic_prefix, correction_lines
from boneage.report.speech import Speech
from boneage.result import Result, SexAnswer


def letter(result: Result, speech: Speech) -> str:
    """Return the result as a paragraph; the age that a reader settled on goes first."""
    if speech.is_english:
        return wording.paragraph(result)
    answers, stop = result.answers(), speech.say("lines.stop")
    parts = [line if line.endswith(stop) else line + stop for line in correction_lines(result, speech)]
    for problem in () if answers else result.problems:
        parts.append(speech.say("package.paragraph_refused", message=speech.message(problem)))
        if remedy := speech.remedy(problem):
            parts.append(speech.say("package.paragraph_remedy", remedy=remedy))
    for sex, answer in answers.items():
        assumed = speech.if_sex(sex) if result.by_sex else ""
        parts.append(automatic_prefix(result, speech) + assumed + _answer(answer, speech))
    parts += [
        speech.say("package.paragraph_note", message=speech.message(warning))
        for warning in result.warnings
        if warning.severity == "warning"
    ]
    version, notice = result.software.version, speech.research_use()
    return "".join([*parts, speech.say("package.paragraph_end", version=version, research_use=notice)])


def _answer(given: SexAnswer, speech: Speech) -> str:
    age, lookup, direct = given.bone_age, given.estimates.measurement, given.estimates.regression
    if age is None:
        return speech.say("package.paragraph_none")
    basis = [speech.say("package.paragraph_method", method=speech.method(age.method))]
    if lookup is not None:
        said = speech.age(lookup.months)
        basis.append(speech.say("package.paragraph_measured", age=said, reference=lookup.reference))
    if direct is not None:
        basis.append(speech.say("package.paragraph_direct", age=speech.age(direct.months)))
    texts = [
        speech.say("package.paragraph_answer", age=speech.answer(age), interval=speech.interval(age.interval_95)),
        speech.say("lines.clause").join(basis) + speech.say("lines.stop"),
        "" if given.chronological is None else speech.own_age(given.chronological),
        speech.calibration(given),
    ]
    return "".join(texts)
