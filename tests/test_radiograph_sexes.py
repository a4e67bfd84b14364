"""Words for a sex."""

from __future__ import annotations

import pytest

from boneage.errors import UsageError
from boneage.radiograph.sexes import parse_sex


@pytest.mark.parametrize(
    ("word", "sex"),
    [("M", "M"), ("m", "M"), ("male", "M"), (" Boy ", "M"), ("F", "F"), ("FEMALE", "F"), ("girl", "F")],
)
def test_words_are_understood(word: str, sex: str) -> None:
    assert parse_sex(word) == sex


@pytest.mark.parametrize("word", ["unknown", "Unknown", "U", "other"])
def test_unknown_is_not_guessed(word: str) -> None:
    assert parse_sex(word) is None


@pytest.mark.parametrize("word", ["", "mm", "fm", "1", "nan", "x"])
def test_other_words_are_wrong_usage(word: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_sex(word)
    assert caught.value.code == "unknown_sex_word"
    assert "unknown" in caught.value.remedy
