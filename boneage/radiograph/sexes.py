"""The words for a child's sex that are understood. Sex is never guessed."""

from __future__ import annotations

from typing import Final

from boneage.errors import UsageError
from boneage.radiograph.radiograph import Sex

_WORDS: Final[dict[str, Sex | None]] = {
    **dict.fromkeys(("m", "male", "boy", "man"), "M"),
    **dict.fromkeys(("f", "female", "girl", "woman"), "F"),
    **dict.fromkeys(("unknown", "unk", "u", "other", "o", "?"), None),
}  # type: ignore[dict-item]


def parse_sex(word: str) -> Sex | None:
    """Turn a word for a sex into ``M``, ``F`` or ``None`` (unknown), whatever its case.

    Raises
    ------
    UsageError
        ``unknown_sex_word`` if the word is none of those that are understood.

    Examples
    --------
    >>> parse_sex("Girl"), parse_sex("m"), parse_sex("unknown")
    ('F', 'M', None)
    """
    key = word.strip().lower()
    if key not in _WORDS:
        msg = "the sex is not a word that is understood"
        raise UsageError("unknown_sex_word", msg, remedy="write M, F or unknown (male, female, boy, girl work too)")
    return _WORDS[key]
