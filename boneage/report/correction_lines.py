"""A reader's corrections in words: the age that the reader settles on, and what was changed on the film."""

from __future__ import annotations

from boneage.report.wording import SEX_WORDS, age_words, answer_words, bone_words
from boneage.result import Result


def correction_lines(result: Result) -> list[str]:
    """Return what a reader changed, the reader's own age first; nothing where no reader changed anything."""
    said = result.reader_correction
    if said is None:
        return []
    settled = []
    if said.final_months is not None:
        who = f"the reader ({said.reader})" if said.reader else "the reader"
        settled = [f"Bone age settled on by {who}: {age_words(said.final_months)} ({said.final_months:.1f} months)."]
    return [*settled, *change_lines(result)]


def change_lines(result: Result) -> list[str]:
    """Return what a reader changed on the film, the answer before that, and the reader's comment."""
    said = result.reader_correction
    if said is None:
        return []
    lines, changes = [], []
    who = f"the reader ({said.reader})" if said.reader else "the reader"
    if said.moved:
        changes.append(f"ends moved of {', '.join(bone_words(bone.bone) for bone in said.moved)}")
    if said.excluded:
        changes.append(f"left out: {', '.join(bone_words(part) for part in said.excluded)}")
    if changes:
        lines.append(f"Corrected by {who}: {'; '.join(changes)}.")
    if said.before and changes:
        ages = ", ".join(
            answer_words(age) if len(said.before) == 1 else f"if {SEX_WORDS[sex]} {answer_words(age)}"
            for sex, age in said.before.items()
        )
        lines.append(f"Before the corrections: {ages}.")
    if said.comment:
        lines.append(f"Comment of {who}: {said.comment}")
    return lines
