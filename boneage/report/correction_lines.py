"""A reader's corrections in words: the age that the reader settles on, and what was changed on the film."""

from __future__ import annotations

from boneage.report.speech import ENGLISH, Speech
from boneage.result import Result
from boneage.result.correction import ReaderCorrection


def correction_lines(result: Result, speech: Speech = ENGLISH) -> list[str]:
    """Return what a reader changed, the reader's own age first; nothing where no reader changed anything."""
    return [*final_age_lines(result, speech), *change_lines(result, speech)]


def final_age_lines(result: Result, speech: Speech = ENGLISH) -> list[str]:
    """Return the age that a reader settled on, and what it is against the child's own; nothing where there is none."""
    said = result.settled
    if said is None or (months := said.final_months) is None:
        return []
    settled = speech.say("lines.settled", who=_who(said, speech), age=speech.age(months), months=months)
    return [settled, *settled_lines(result, speech)]


def settled_lines(result: Result, speech: Speech = ENGLISH) -> list[str]:
    """Return the reader's final age against the child's own: difference, SD score and verdict, by sex where unknown."""
    said = result.settled
    if said is None:
        return []
    held = said.chronological or {}
    return [
        (speech.if_sex(sex) if len(held) > 1 else "")
        + speech.say("lines.settled_own", own=speech.own_age(own), verdict=speech.verdict(own))
        for sex, own in held.items()
    ]


def automatic_prefix(result: Result, speech: Speech = ENGLISH) -> str:
    """Return what stands before a sentence on the program's answer where a reader settled on another age."""
    return "" if result.settled is None else speech.say("lines.automatic")


def change_lines(result: Result, speech: Speech = ENGLISH) -> list[str]:
    """Return what a reader changed on the film, the answer before that, and the reader's comment."""
    said = result.reader_correction
    if said is None:
        return []
    lines, changes = [], []
    who, separator = _who(said, speech), speech.say("lines.separator")
    if said.moved:
        names = separator.join(speech.bone(bone.bone) for bone in said.moved)
        changes.append(speech.say("lines.moved", names=names))
    if said.excluded:
        changes.append(speech.say("lines.left_out", names=separator.join(map(speech.bone, said.excluded))))
    if changes:
        lines.append(speech.say("lines.corrected", who=who, changes=speech.say("lines.clause").join(changes)))
    if said.before and changes:
        ages = [
            speech.answer(age)
            if len(said.before) == 1
            else speech.say("lines.before_if", sex=speech.sex(sex), age=speech.answer(age))
            for sex, age in said.before.items()
        ]
        lines.append(speech.say("lines.before", ages=separator.join(ages)))
    if said.comment:
        lines.append(speech.say("lines.comment", who=who, comment=said.comment))
    return lines


def _who(said: ReaderCorrection, speech: Speech) -> str:
    return speech.say("lines.reader_named", reader=said.reader) if said.reader else speech.say("lines.reader")
