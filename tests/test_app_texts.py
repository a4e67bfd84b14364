"""The texts of the page: every language has the same ones, none is missing, none is left over."""

from __future__ import annotations

import ast
import re
import string
import sys
from pathlib import Path
from typing import Any

import pytest
from text_catalogues import leaves

APP = Path(__file__).resolve().parent.parent / "app"
sys.path.insert(0, str(APP))

from boneage_page import language  # noqa: E402
from boneage_page.speech import speech  # noqa: E402

from boneage.result import Chronological, PixelSpacing, Reason  # noqa: E402

CALLS = {"say", "table"}


def texts_of(name: str) -> dict[str, str]:
    """The texts of a language by their keys."""
    return dict(leaves(language.catalogue(name)))


def placeholders(text: str) -> set[str]:
    """The names that a text has places for."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def keys_in_use() -> set[str]:
    """The keys that the page asks for; every one is written out."""
    found = set()
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                key = node.args[0]
                assert isinstance(key, ast.Constant), f"{path.name}: a text's key must be written out"
                found.add(str(key.value))
    return found


OTHERS = [name for name in language.languages() if name != language.DEFAULT]


@pytest.fixture
def speaking(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes the page speak a language."""
    return lambda name: [
        monkeypatch.setattr(f"boneage_page.{module}.current", lambda: name) for module in ("language", "speech")
    ]  # fmt: skip


def test_there_are_english_and_chinese() -> None:
    assert {"en", "zh"} <= set(language.languages())


@pytest.mark.parametrize("name", OTHERS)
def test_languages_have_the_same_texts_with_the_same_places(name: str) -> None:
    english = texts_of("en")
    other = texts_of(name)
    assert set(other) == set(english)
    assert {key: placeholders(text) for key, text in english.items()} == {
        key: placeholders(other[key]) for key in english
    }


def test_no_text_is_missing_and_none_is_left_over() -> None:
    used, there = keys_in_use(), {key for name in language.languages() for key in texts_of(name)}
    assert {key for key in used if not any(text == key or text.startswith(f"{key}.") for text in there)} == set()
    tables = {key for key in used if key not in there}
    left_over = {key for key in there if key not in used and not any(key.startswith(f"{table}.") for table in tables)}
    # The name of a language is read from its own catalogue.
    assert left_over == {"page.name"}


def test_chinese_is_written_in_chinese() -> None:
    names = {"page.name", "chooser.synthetic"}
    plain = re.compile(r"[A-Za-z]{3,}")
    allowed = {"DICOM", "PNG", "JPEG", "TIFF", "WebP", "BMP", "JSON", "CSV", "PDF", "FHIR", "RSNA", "SDS", "EXIF",
               "Radiology", "Halabi", "boneage", "calibrate", "Brush", "Foundation", "Greulich", "Pyle", "RUS", "CHN",
               "Tanner", "Whitehouse", "Bayley", "Pinneau", "Roche", "Wainer", "Thissen", "Khamis", "Guo",
               "Fels"}  # fmt: skip
    for key, text in texts_of("zh").items():
        words = set(plain.findall(re.sub(r"\{[^}]*\}", "", text)))
        assert words <= allowed or key in names, (key, words - allowed)


def test_chinese_ages_differences_and_verdicts(speaking: Any) -> None:
    speaking("zh")
    assert speech().age(124.4) == "10岁4个月"
    assert speech().interval((113.0, 135.0)) == "9岁5个月至11岁3个月"
    assert speech().difference(-6.0) == "比生活年龄落后6个月"
    assert speech().difference(30.0) == "比生活年龄超前2岁6个月"
    assert speech().difference(0.2) == "与生活年龄相同"
    assert speech().verdict(Chronological(100.0, -30.0, -2.4, "table")).startswith("落后")
    assert speech().spacing(
        PixelSpacing(0.1, "magnification_corrected", True, "divided by the magnification of 1.082")
    ) == ("探测器间距除以放大倍数 1.082")


def test_numbers_and_names_of_a_message_are_carried_over(speaking: Any) -> None:
    speaking("zh")
    small = Reason("hand_too_small", "the hand is too small to measure: 19 pixels from wrist to knuckles, 25 needed")
    assert speech().message(small) == "手太小，无法测量：腕部至指掌关节 19 像素，至少需要 25"
    cut = Reason("cut_off", "the film cuts the hand off at: tip_3, wrist")
    assert speech().message(cut) == "手在以下部位被片缘截断：第3指尖（中指）、腕关节"


def test_what_the_page_has_no_words_for_is_said_in_english(speaking: Any) -> None:
    speaking("zh")
    assert speech().message(Reason("brand_new", "something new happened")) == "something new happened"
    assert speech().remedy(Reason("brand_new", "x", "do this")) == "do this"
    changed = Reason("hand_too_small", "the words were changed and have no number")
    assert speech().message(changed) == changed.message


def test_english_is_the_package_own(speaking: Any) -> None:
    speaking("en")
    assert speech().age(124.0) == "10 y 4 mo"
    assert speech().bone("metacarpal_3") == "Metacarpal 3 (middle)"
    assert speech().message(Reason("cut_off", "the film cuts the hand off at: wrist")).startswith("the film cuts")


def test_unknown_text_and_table_are_errors() -> None:
    with pytest.raises(KeyError):
        language.say("film.no_such_text")
    with pytest.raises(KeyError):
        language.say("film.layer_names")
    with pytest.raises(KeyError):
        language.table("film.original")
