"""The catalogue of all texts of the page and the reports.

A folder for each language holds a TOML file for each subject, in that texts and tables of texts by name. What a
language lacks is said in English. The files ``package*.toml`` hold what English says by rule or in the messages
themselves (see `boneage.report.speech`), so only the other languages have them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

DEFAULT: Final = "en"


class Catalogue:
    """The texts under a folder.

    Parameters
    ----------
    folder:
        Holds a folder for each language.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, Mapping[str, Any]] = {}

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages that there are texts in, English first."""
        found = sorted(path.name for path in self._folder.iterdir() if path.is_dir() and any(path.glob("*.toml")))
        return (DEFAULT, *(name for name in found if name != DEFAULT))

    def texts(self, language: str) -> Mapping[str, Any]:
        """Return the texts of a language: subject to its texts and tables of texts."""
        if language not in self._read:
            paths = (self._folder / language).glob("*.toml")
            self._read[language] = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in paths}
        return self._read[language]

    def say(self, language: str, key: str, **values: object) -> str:
        """Return a text.

        Parameters
        ----------
        language:
            One of `languages`.
        key:
            ``<subject>.<name>``.
        values:
            What stands for the text's ``{placeholders}``.

        Raises
        ------
        KeyError
            If neither the language nor English has that text.
        """
        text = self._find(language, key)
        if text is None or isinstance(text, Mapping):
            msg = f"there is no text {key!r}" if text is None else f"{key} is a table of texts, not a text"
            raise KeyError(msg)
        return str(text).format(**values) if values else str(text)

    def table(self, language: str, key: str) -> Mapping[str, Any]:
        """Return a table of texts, by the codes that choose among them; empty where there is none.

        Raises
        ------
        KeyError
            If the key is that of a text.
        """
        texts = self._find(language, key)
        if isinstance(texts, str):
            msg = f"{key} is a text, not a table of texts"
            raise KeyError(msg)
        return {} if texts is None else dict(texts)

    def _find(self, language: str, key: str) -> Any:
        for name in dict.fromkeys((language, DEFAULT)):
            found: Any = self.texts(name)
            for part in key.split("."):
                found = found.get(part) if isinstance(found, Mapping) else None
            if found is not None:
                return found
        return None


TEXTS: Final = Catalogue(Path(__file__).resolve().parent)
"""All that the page and the reports say."""
