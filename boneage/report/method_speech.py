"""What a published method says, in a language: its notes and refusals by their keys, its table cells, its children."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from boneage.keyed_text import ExactAge, KeyedText
from boneage.reference.published import Cell
from boneage.report.speech import Speech

Subject = Literal["heights", "stages"]
"""Prediction of adult height, or the stages of Tanner and Whitehouse."""

SUBJECTS: Final[tuple[Subject, ...]] = ("heights", "stages")


@dataclass(frozen=True)
class MethodSpeech:
    """The words of one subject; English is what the methods themselves say.

    Attributes
    ----------
    speech:
        The language.
    subject:
        Whose words: the texts are those of ``package_<subject>``.
    """

    speech: Speech
    subject: Subject

    def text(self, text: str) -> str:
        """Return a note, an error in words or a refusal; English where the language has no words for it."""
        said = self._table("notes").get(getattr(text, "key", ""))
        if self.speech.is_english or said is None or not isinstance(text, KeyedText):
            return text
        return str(said).format(**{name: self._value(value) for name, value in text.values.items()})

    def cell(self, cell: Cell) -> str:
        """Return a cell of a table in one line."""
        if self.speech.is_english:
            return cell.words
        row = " ".join(self._word(part) for part in cell.row.split(" "))
        column = self.words(cell.column)
        return self.speech.say("package.cell", table=self.words(cell.table), row=row, column=column, value=cell.value)

    def population(self, words: str) -> str:
        """Return the children that a method rests on."""
        return str(self._table("populations").get(words, words))

    def words(self, text: str) -> str:
        """Return words of a table, as a whole or part by part; names of publications stay as they are."""
        if self.speech.is_english:
            return text
        whole = self._word(text)
        if whole != text:
            return whole
        return self.speech.say("package.comma").join(self._word(part) for part in text.split(", "))

    def _table(self, name: str) -> Any:
        return self.speech.table(f"package_{self.subject}.{name}")

    def _value(self, value: Any) -> Any:
        if isinstance(value, ExactAge):
            months = round(value.months, 1)
            return self.speech.say("package.age", years=int(months // 12), months=f"{round(months % 12, 1):g}")
        if isinstance(value, KeyedText):
            return self.text(value)
        if isinstance(value, tuple):
            return self.speech.say("lines.clause").join(self._word(one) for one in value)
        return self.words(value) if isinstance(value, str) else value

    def _word(self, text: str) -> str:
        name, _, number = text.partition(" ")
        if name == "Table":
            return self.speech.say("package.numbered_table", number=number)
        return str(self._table("words").get(text, text))
