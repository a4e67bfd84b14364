"""A film: an upload or one of the examples."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import boneage
from boneage.outputs import film_stem
from boneage_page.language import say
from boneage_page.speech import speech

_PACKAGE: Final = Path(boneage.__file__).resolve().parent
_PLACES: Final = (_PACKAGE / "examples" / "films", _PACKAGE.parent / "examples" / "films")
SYNTHETIC: Final = "synthetic.dcm"


@dataclass(frozen=True, eq=False)
class Film:
    """A film's name and bytes, and what is known of an example.

    Attributes
    ----------
    name:
        Of the file.
    digest:
        Hash of the bytes: two films of one hash are the same film.
    data:
        The bytes, ``None`` once they were let go.
    sex:
        As published with an example film; of an upload ``None``.
    example:
        The example, so that its note can be said in any language.
    """

    name: str
    digest: str
    data: bytes | None
    sex: Literal["M", "F"] | None = None
    example: Example | None = None

    @property
    def stem(self) -> str:
        """Name for what is exported from this film."""
        return film_stem(self.name)


@dataclass(frozen=True)
class Example:
    """An example film of the ``index.csv`` beside it; ``number``, age and split are empty for the synthetic one."""

    path: Path
    sex: Literal["M", "F"] | None = None
    number: str = ""
    months: float = 0.0
    trained: bool = False

    @property
    def label(self) -> str:
        """What its button says."""
        if not self.number:
            return say("chooser.synthetic")
        sex = speech().sex(self.sex)
        return say("chooser.example", sex=sex[:1].upper() + sex[1:], age=speech().age(self.months))

    @property
    def note(self) -> str:
        """What the page says about it."""
        if not self.number:
            return say("chooser.synthetic_note")
        training = say("chooser.example_trained") if self.trained else say("chooser.example_held_out")
        return say("chooser.example_note", number=self.number, age=speech().age(self.months), training=training)

    def load(self) -> Film:
        """Read the film."""
        return film_of(self.path.name, self.path.read_bytes(), sex=self.sex, example=self)


def film_of(name: str, data: bytes, *, sex: Literal["M", "F"] | None = None, example: Example | None = None) -> Film:
    """Return the film of a file's bytes."""
    return Film(name, hashlib.sha256(data).hexdigest(), data, sex, example)


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
        examples.append(Example(folder / SYNTHETIC))
    return tuple(examples)


def _example(folder: Path, row: dict[str, str]) -> Example:
    sex: Literal["M", "F"] = "M" if row["sex"] == "M" else "F"
    return Example(
        folder / row["file"], sex, row["rsna_id"], float(row["bone_age_months"]), trained=row["split"] == "train"
    )
