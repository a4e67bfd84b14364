"""What the page says of a result, in its language."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

APP = Path(__file__).resolve().parent.parent / "app"
sys.path.insert(0, str(APP))

from boneage_page import language  # noqa: E402
from boneage_page.speech import speech  # noqa: E402

from boneage.result import Chronological, PixelSpacing, Reason  # noqa: E402


@pytest.fixture
def speaking(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes the page speak a language."""
    return lambda name: [
        monkeypatch.setattr(f"boneage_page.{module}.current", lambda: name) for module in ("language", "speech")
    ]  # fmt: skip


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
