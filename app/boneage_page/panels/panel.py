"""What a panel is: a name, what it shows of a film, and for which films there is something to show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from boneage.result import Reading, Result
from boneage_page.shelf import Entry


@dataclass(frozen=True, eq=False)
class Shown:
    """The film that is shown.

    Attributes
    ----------
    entry:
        The film, whose it is, and what is asked about it.
    result:
        What is said about it.
    reading:
        With its pictures; ``None`` where they were let go to save memory.
    """

    entry: Entry
    result: Result
    reading: Reading | None


def _always(result: Result) -> bool:
    return True


@dataclass(frozen=True)
class Panel:
    """One panel.

    Attributes
    ----------
    name:
        Of its texts: its title stands under ``[panels]`` of ``page.toml``, all else in ``<name>.toml``.
    show:
        Shows it. It runs only while its tab is open.
    applies:
        Whether there is anything to show of a film.
    """

    name: str
    show: Callable[[Shown], None]
    applies: Callable[[Result], bool] = _always
