"""Whose film it is: asked for, or left out."""

from __future__ import annotations

import pytest
from fake_reading import fake_error, fake_reading
from pydicom.dataset import Dataset
from report_material import MADE, PATIENT, source_with_secrets

from boneage.report.identifiers import Patient, film_name, patient_of, without_path
from boneage.report.material import material_of


def test_patient_of_the_tags() -> None:
    assert patient_of(source_with_secrets()) == PATIENT
    assert PATIENT.words == "Zyxwvut, Child, ID Zyxwvut, born 2014-05-31"


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("Lee^Ann^M=李^安", "Lee, Ann M"),
        ("Only", "Only"),
        ("", ""),
        ("^Given", "Given"),
    ],
)
def test_names_in_words(tag: str, words: str) -> None:
    source = Dataset()
    source.PatientName = tag
    assert patient_of(source) == Patient(words)


def test_tags_that_are_missing_or_odd_are_empty() -> None:
    assert patient_of(Dataset()) == Patient()
    assert Patient().words == ""
    source = Dataset()
    source.PatientBirthDate = "20149999"
    assert patient_of(source).birth_date == ""


def test_the_path_gives_way_to_the_hash() -> None:
    reading = fake_reading()
    assert without_path(reading).result.input.path == "film-abababababab"
    assert without_path(reading).radiograph is reading.radiograph
    assert film_name(fake_error().result) == "film"


def test_material_names_nobody_unless_asked() -> None:
    source = source_with_secrets()
    bare = material_of(fake_reading(), source=source, made=MADE)
    full = material_of(fake_reading(), source=source, with_identifiers=True, made=MADE)
    assert (bare.patient, bare.reading.result.input.path) == (None, "film-abababababab")
    assert (full.patient, full.reading.result.input.path) == (PATIENT, "drawn.png")
    assert material_of(fake_reading(), with_identifiers=True).patient is None
    assert material_of(fake_reading()).made.tzinfo is not None
