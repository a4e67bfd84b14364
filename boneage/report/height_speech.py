"""What the prediction of adult height says, in a language: its notes and refusals by their keys, its table cells."""

from __future__ import annotations

from typing import Any

from boneage.keyed_text import ExactAge, KeyedText
from boneage.reference.published import Cell
from boneage.report.speech import Speech


def height_text(text: str, speech: Speech) -> str:
    """Return a note, an error in words or a refusal; English where the language has no words for it."""
    said = speech.table("package_heights.notes").get(getattr(text, "key", ""))
    if speech.is_english or said is None or not isinstance(text, KeyedText):
        return text
    return str(said).format(**{name: _value(value, speech) for name, value in text.values.items()})


def height_cell(cell: Cell, speech: Speech) -> str:
    """Return a cell of a table in one line."""
    if speech.is_english:
        return cell.words
    row = " ".join(_word(part, speech) for part in cell.row.split(" "))
    return speech.say(
        "package_heights.cell",
        table=_parts(cell.table, speech),
        row=row,
        column=_parts(cell.column, speech),
        value=cell.value,
    )


def height_population(words: str, speech: Speech) -> str:
    """Return the children that a method rests on."""
    return str(speech.table("package_heights.populations").get(words, words))


def _value(value: Any, speech: Speech) -> Any:
    if isinstance(value, ExactAge):
        months = round(value.months, 1)
        return speech.say("package.age", years=int(months // 12), months=f"{round(months % 12, 1):g}")
    if isinstance(value, KeyedText):
        return height_text(value, speech)
    if isinstance(value, tuple):
        return speech.say("lines.clause").join(_word(one, speech) for one in value)
    return _parts(value, speech) if isinstance(value, str) else value


def _parts(text: str, speech: Speech) -> str:
    """Return words of a table, as a whole or part by part; names of publications stay as they are."""
    whole = _word(text, speech)
    if whole != text:
        return whole
    return speech.say("package.comma").join(_word(part, speech) for part in text.split(", "))


def _word(text: str, speech: Speech) -> str:
    name, _, number = text.partition(" ")
    if name == "Table":
        return speech.say("package_heights.table", number=number)
    return str(speech.table("package_heights.words").get(text, text))
