"""The film in question: an upload or one of the examples."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Literal

import boneage
from boneage.outputs import film_stem
from boneage.report.wording import SEX_WORDS, age_words
from boneage_page import words

_PACKAGE: Final = Path(boneage.__file__).resolve().parent
_PLACES: Final = (_PACKAGE / "examples" / "films", _PACKAGE.parent / "examples" / "films")
SYNTHETIC: Final = "synthetic.dcm"


@dataclass(frozen=True, eq=False)
class Film:
    """A film's bytes and name, what is known of an example, and a remark on it."""

    name: str
    data: bytes
    sex: Literal["M", "F"] | None = None
    note: str = ""

    @cached_property
    def digest(self) -> str:
        """Hash of the bytes: two films of one hash are the same film."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def stem(self) -> str:
        """Name for what is exported from this film."""
        return film_stem(self.name)


@dataclass(frozen=True)
class Example:
    """An example film of the ``index.csv`` beside it."""

    path: Path
    label: str
    sex: Literal["M", "F"] | None
    note: str

    def load(self) -> Film:
        """Read the film."""
        return Film(self.path.name, self.path.read_bytes(), self.sex, self.note)


def example_films() -> tuple[Example, ...]:
    """Return the example films, youngest first; none where they are not installed."""
    folder = next((place for place in _PLACES if (place / "index.csv").is_file()), None)
    if folder is None:
        return ()
    with (folder / "index.csv").open(newline="", encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if (folder / row["file"]).is_file()]
    rows.sort(key=lambda row: float(row["bone_age_months"]))
    examples = [_example(folder, row) for row in rows]
    if (folder / SYNTHETIC).is_file():
        examples.append(Example(folder / SYNTHETIC, words.SYNTHETIC_BUTTON, None, words.SYNTHETIC_NOTE))
    return tuple(examples)


def _example(folder: Path, row: dict[str, str]) -> Example:
    sex: Literal["M", "F"] = "M" if row["sex"] == "M" else "F"
    age = age_words(float(row["bone_age_months"]))
    training = words.EXAMPLE_TRAINED if row["split"] == "train" else words.EXAMPLE_HELD_OUT
    return Example(
        folder / row["file"],
        words.EXAMPLE_BUTTON.format(sex=SEX_WORDS[sex].capitalize(), age=age),
        sex,
        words.EXAMPLE_NOTE.format(number=row["rsna_id"], age=age, training=training),
    )
