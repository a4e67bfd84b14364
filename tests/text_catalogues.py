"""Looking into the texts of a catalogue, as the tests of the page and of the reports do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def leaves(texts: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a catalogue under its full key."""
    if isinstance(texts, str):
        yield path, texts
    else:
        for name, part in texts.items():
            yield from leaves(part, f"{path}.{name}" if path else name)
