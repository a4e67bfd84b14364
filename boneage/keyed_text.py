"""English words that another language can say by their key: a text with the values that stand in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from boneage.reference.age_words import exact_age_words


@dataclass(frozen=True)
class ExactAge:
    """An age within a text, which each language says in its own way.

    Examples
    --------
    >>> f"{ExactAge(126.5)}"
    '10 y 6.5 mo'
    """

    months: float

    def __str__(self) -> str:
        return exact_age_words(self.months)


class KeyedText(str):
    """A text that is used as any other, and knows by which key and values another language says the same.

    Attributes
    ----------
    key:
        Names the text among those of its subject.
    values:
        What stands in its places: numbers, `ExactAge`, words, other texts, or a tuple of words to choose from.
    """

    key: str
    values: Mapping[str, Any]


def keyed(key: str, english: str, **values: Any) -> KeyedText:
    """Return a text.

    Parameters
    ----------
    key:
        Its key.
    english:
        What it says, with a place for each value as for `str.format`.
    values:
        What stands in the places.

    Examples
    --------
    >>> text = keyed("table_for", "Table for {group} children at {age}.", group="average", age=ExactAge(120))
    >>> text, text.key, text.values["group"]
    ('Table for average children at 10 y 0 mo.', 'table_for', 'average')
    """
    spoken = {name: "; or ".join(value) if isinstance(value, tuple) else value for name, value in values.items()}
    text = KeyedText(english.format(**spoken))
    text.key, text.values = key, values
    return text
