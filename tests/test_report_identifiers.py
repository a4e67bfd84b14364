"""Whose film it is: asked for, or left out."""

from __future__ import annotations

import pytest
from fake_reading import fake_error, fake_reading
from make_dicom import to_bytes
from pydicom.charset import convert_encodings
from pydicom.dataset import Dataset
from pydicom.valuerep import PersonName
from report_material import MADE, PATIENT, source_with_secrets

from boneage.report.identifiers import Patient, film_name, patient_of, without_path
from boneage.report.input import source_of_bytes
from boneage.report.material import material_of


def test_patient_of_the_tags() -> None:
    assert patient_of(source_with_secrets()) == PATIENT
    assert PATIENT.words == "Zyxwvut, Child, ID Zyxwvut, born 2014-05-31, film of 2025-11-17"


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("Lee^Ann^M=李^安", "Lee, Ann M (李安)"),
        ("=王^小东", "王小东"),
        ("王小东", "王小东"),
        ("Hong^Gildong=洪^吉洞=홍^길동", "Hong, Gildong (洪吉洞)"),
        ("Only", "Only"),
        ("", ""),
        ("^Given", "Given"),
    ],
)
def test_names_in_words(tag: str, words: str) -> None:
    source = Dataset()
    source.PatientName = tag
    assert patient_of(source) == Patient(words)


@pytest.mark.parametrize("character_set", ["GB18030", "ISO_IR 192"])
def test_a_chinese_name_is_read_in_the_character_set_of_its_file(character_set: str) -> None:
    source = source_with_secrets()
    source.SpecificCharacterSet = character_set
    source.PatientName = "Wang^Xiaodong=王^小东"
    read_back = source_of_bytes(to_bytes(source))
    assert read_back is not None
    assert patient_of(read_back).name == "Wang, Xiaodong (王小东)"


def test_switches_of_the_character_set_are_not_part_of_a_name() -> None:
    source = Dataset()
    family, given = ("王".encode("gb2312"), "小东".encode("gb2312"))
    raw = b"Wang^Xiaodong=\x1b$)A" + family + b"^\x1b$)A" + given
    source.PatientName = PersonName(raw, convert_encodings(["", "ISO 2022 IR 58"]))
    assert patient_of(source).name == "Wang, Xiaodong (王小东)"


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
