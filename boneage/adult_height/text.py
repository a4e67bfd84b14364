"""An answer as plain lines, for a terminal or a letter."""

from __future__ import annotations

from boneage.adult_height.answer import HeightAnswer
from boneage.adult_height.inputs import FIELDS
from boneage.adult_height.scales import SCALES
from boneage.reference.age_words import exact_age_words


def answer_lines(answer: HeightAnswer) -> list[str]:
    """Return an answer line by line: the height with its error first, then the cells, the remarks and the source."""
    lines = [f"{answer.title}: {headline(answer)}"]
    lines += ["  Given:", *(f"    {FIELDS[name].words}: {_value(name, value)}" for name, value in _given(answer))]
    if answer.reason is not None:
        lines.append(f"  What helps: {answer.reason.remedy}")
    if answer.missing:
        lines.append("  Missing:")
        lines += [f"    {FIELDS[name].words} ({name})" for name in answer.missing]
    if answer.error_words:
        lines.append(f"  Error: {answer.error_words}")
    if answer.cells:
        lines.append("  From:")
        lines += [f"    {cell.words}" for cell in answer.cells]
    lines += [f"  Note: {note}" for note in answer.notes]
    lines.append(f"  Source: {answer.reference} ({answer.population}).")
    return lines


def _given(answer: HeightAnswer) -> list[tuple[str, object]]:
    return [(name, value) for name, value in answer.inputs.items() if value is not None]


def _value(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        unit = FIELDS[name].unit
        return exact_age_words(value) if unit == "months" else f"{value:g} {unit}"
    return next((words for scale, words in SCALES.items() if scale == value), str(value))


def headline(answer: HeightAnswer) -> str:
    """Return the answer in one line: ``158.4 cm (± 7.0 cm is twice the stated SD)``, or why there is none."""
    if answer.reason is not None:
        return f"no prediction: {answer.reason.message} [{answer.reason.code}]"
    if answer.predicted_cm is None:
        return "no prediction: inputs are missing"
    if answer.error is None:
        return f"{answer.predicted_cm:.1f} cm (no error stated)"
    return f"{answer.predicted_cm:.1f} cm (± {answer.error.two_sd_cm:.1f} cm is twice the stated SD)"
