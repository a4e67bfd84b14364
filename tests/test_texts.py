"""The catalogue of texts: every language has the same ones, none is missing, none is left over."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from boneage.texts import DEFAULT, TEXTS, Catalogue

PACKAGE = "package"
"""What English says by rule or in the messages themselves: only the other languages have files of it."""

OTHERS = [name for name in TEXTS.languages if name != DEFAULT]


def leaves(texts: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a catalogue under its full key."""
    if isinstance(texts, str):
        yield path, texts
    else:
        for name, part in texts.items():
            yield from leaves(part, f"{path}.{name}" if path else name)


def texts_of(name: str) -> dict[str, str]:
    """The texts of a language by their keys."""
    return dict(leaves(TEXTS.texts(name)))


def places(text: str) -> set[str]:
    """What a text has places for, with the way a number is written."""
    return {f"{name}:{how}" for _, name, how, _ in string.Formatter().parse(text) if name is not None}


@pytest.fixture(scope="module")
def code(project_root: Path) -> list[ast.AST]:
    """All that the program's modules consist of, but for the catalogue's own."""
    folders = (project_root / "app", project_root / "boneage")
    paths = [path for folder in folders for path in folder.rglob("*.py") if path.parent.name != "texts"]
    return [node for path in paths for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]


def asked_for(code: list[ast.AST]) -> Iterator[ast.expr]:
    """The keys in calls of `say` and `table`, as they are written."""
    for node in code:
        if isinstance(node, ast.Call) and node.args:
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in ("say", "table"):
                yield node.args[0]


def test_there_are_english_and_chinese() -> None:
    assert {"en", "zh"} <= set(TEXTS.languages)


@pytest.mark.parametrize("name", OTHERS)
def test_languages_have_the_same_texts_with_the_same_places(name: str) -> None:
    english = texts_of(DEFAULT)
    other = {key: text for key, text in texts_of(name).items() if not key.startswith(PACKAGE)}
    assert set(other) == set(english)
    assert {key: places(text) for key, text in english.items()} == {key: places(text) for key, text in other.items()}


@pytest.mark.parametrize("name", OTHERS)
def test_words_of_the_package_are_the_same_in_every_other_language(name: str) -> None:
    ours, first = ({key for key in texts_of(each) if key.startswith(PACKAGE)} for each in (name, OTHERS[0]))
    assert ours == first
    assert ours


def test_no_text_is_missing(code: list[ast.AST]) -> None:
    asked = {str(key.value) for key in asked_for(code) if isinstance(key, ast.Constant)}
    there = set(texts_of(DEFAULT)) | set(texts_of(OTHERS[0]))
    assert len(asked) > 100
    assert {key for key in asked if not any(text == key or text.startswith(f"{key}.") for text in there)} == set()


def test_no_text_is_left_over(code: list[ast.AST]) -> None:
    written = {str(node.value) for node in code if isinstance(node, ast.Constant)}
    asked = list(asked_for(code))
    whole = {str(key.value) for key in asked if isinstance(key, ast.Constant)}
    begun = {str(key.values[0].value) for key in asked
             if isinstance(key, ast.JoinedStr) and isinstance(key.values[0], ast.Constant)}  # fmt: skip

    def in_use(key: str) -> bool:
        subject, _, name = key.partition(".")
        tables = (key[:end] for end, sign in enumerate(key) if sign == ".")
        return key in written or any(table in whole for table in tables) or (f"{subject}." in begun and name in written)

    # Those of the published methods are held against the methods: test_report_method_speech.
    there = {key for name in TEXTS.languages for key in texts_of(name) if not key.startswith("package_")}
    assert {key for key in there if not in_use(key)} == set()


def test_chinese_is_written_in_chinese() -> None:
    names = {"page.name", "chooser.synthetic"}
    allowed = {"DICOM", "PNG", "JPEG", "TIFF", "WebP", "BMP", "JSON", "CSV", "PDF", "FHIR", "RSNA", "SDS", "EXIF",
               "SHA", "Radiology", "Halabi", "boneage", "calibrate", "Brush", "Foundation", "Greulich", "Pyle", "RUS",
               "CHN", "Tanner", "Whitehouse", "Bayley", "Pinneau", "Roche", "Wainer", "Thissen", "Khamis", "Guo",
               "Fels", "Hans"}  # fmt: skip
    for key, text in texts_of("zh").items():
        if key.startswith("package_"):
            continue  # Full of names of publications; their own test is test_report_method_speech.
        said = set(re.findall(r"[A-Za-z]{3,}", re.sub(r"\{[^}]*\}", "", text)))
        assert said <= allowed or key in names, (key, said - allowed)


def test_what_a_language_lacks_is_said_in_english(tmp_path: Path) -> None:
    for name, text in (("en", 'a = "one {x}"\nb = "two"\n[c]\nd = "e"'), ("fr", 'a = "un {x}"')):
        (tmp_path / name).mkdir()
        (tmp_path / name / "s.toml").write_text(text)
    (tmp_path / "__init__.py").touch()
    texts = Catalogue(tmp_path)
    assert texts.languages == ("en", "fr")
    assert texts.say("fr", "s.a", x=1) == "un 1"
    assert texts.say("fr", "s.b") == "two"
    assert texts.table("fr", "s.c") == {"d": "e"}
    assert texts.table("fr", "s.none") == {}
    for wrong in ("s.none", "s.c"):
        with pytest.raises(KeyError):
            texts.say("fr", wrong)
    with pytest.raises(KeyError):
        texts.table("fr", "s.a")
