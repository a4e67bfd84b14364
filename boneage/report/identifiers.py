"""Whose film it is: read only when a report is asked to say so, and kept out of every other export.

A film's path may name the child as well, so it is left out by default; the film then goes by the hash of its bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from boneage.result import Reading, Result

if TYPE_CHECKING:
    from pydicom.dataset import Dataset


_FIRST_IDEOGRAPH: Final = 0x2E80
"""Chinese, Japanese and Korean signs begin here."""

_ESCAPE: Final = re.compile(r"\x1b\$?[(-/][@-~]")
"""Switches between character sets (ISO 2022) that the DICOM library leaves in a name that it has decoded."""


@dataclass(frozen=True)
class Patient:
    """Name, identity number, birth date and date of the film (ISO, ``2014-05-31``) as tagged; empty where not.

    ``sex`` is that of the patient's record (``M``, ``F``, ``O``), which a reading may have been told otherwise.
    """

    name: str = ""
    number: str = ""
    birth_date: str = ""
    film_date: str = ""
    sex: str = ""

    @property
    def words(self) -> str:
        """All but the sex in one line."""
        number = f"ID {self.number}" if self.number else ""
        born = f"born {self.birth_date}" if self.birth_date else ""
        film = f"film of {self.film_date}" if self.film_date else ""
        return ", ".join(part for part in (self.name, number, born, film) if part)


def patient_of(source: Dataset) -> Patient:
    """Return whose film a DICOM data set is; a tag that cannot be read counts as empty."""
    from boneage.radiograph.patient import birth_date, examination_date
    from boneage.radiograph.tags import quiet_pydicom, raw, text

    with quiet_pydicom():
        name, number = (raw(source, tag) for tag in ("PatientName", "PatientID"))
        born, taken = (day.isoformat() if day else "" for day in (birth_date(source), examination_date(source)))
        written = "" if number is None else str(number).strip()
        return Patient(_name_words(name), written, born, taken, text(source, "PatientSex"))


def film_name(result: Result) -> str:
    """Return what a film is called where its path is left out: twelve digits of the hash of its bytes."""
    return f"film-{result.input.sha256[:12]}" if result.input.sha256 else "film"


def without_path(reading: Reading) -> Reading:
    """Return the reading under the film's own name in place of its path."""
    result = reading.result
    named = replace(result, input=replace(result.input, path=film_name(result)))
    return Reading(named, reading.radiograph, reading.bone_map)


def _name_words(name: object) -> str:
    """Return a DICOM person name (``Family^Given^Middle``) as ``Family, Given Middle``.

    A name may be there in letters and, after a ``=``, in ideographs (PS3.5 6.2.1.2); then both are returned, the latter
    in brackets. Ideographs are written without a space or comma between family and given name.
    """
    if name is None:
        return ""
    plain = _ESCAPE.sub("", str(name))
    letters, ideographs = [_group_words(group) for group in f"{plain}=".split("=")[:2]]
    return f"{letters} ({ideographs})" if letters and ideographs else letters or ideographs


def _group_words(group: str) -> str:
    family, _, others = group.partition("^")
    parts = [part for part in (family.strip(), " ".join(others.replace("^", " ").split())) if part]
    ideographic = all(ord(sign) >= _FIRST_IDEOGRAPH for part in parts for sign in part if not sign.isspace())
    return "".join("".join(parts).split()) if ideographic else ", ".join(parts)
