"""Standard output carries the result alone; everything else is for standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from rich.console import Console

    from boneage.batch.run import Progress

Item = TypeVar("Item")

PLAIN_WIDTH = 110
"""Columns of a table that is not shown on a terminal."""


def output_console() -> Console:
    """Return the console of results. Into a file or a pipe it writes plain text of a settled width."""
    from rich.console import Console

    return Console() if sys.stdout.isatty() else Console(width=PLAIN_WIDTH)


def write_json(data: Any) -> None:
    """Write plain JSON types to standard output, and nothing else; escaped where its encoding lacks a character."""
    import json

    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(data, indent=2, allow_nan=False)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


@contextmanager
def progress_on_stderr(title: str) -> Iterator[Progress]:
    """Show progress on standard error: a bar on a terminal, a line for every tenth elsewhere."""
    if not sys.stderr.isatty():
        yield _TenthLines(title)
        return
    from rich.console import Console
    from rich.progress import Progress as Bars

    with Bars(console=Console(stderr=True)) as bars:
        bar = bars.add_task(title, total=None)
        yield lambda done, total: bars.update(bar, completed=done, total=total)


def with_progress(items: Iterable[Item], total: int, title: str) -> Iterator[Item]:
    """Hand items on, with progress on standard error; ``total`` is how many there will be at most."""
    with progress_on_stderr(title) as progress:
        for done, item in enumerate(items, start=1):
            yield item
            progress(done, total)


class _TenthLines:
    """Writes a line when a further tenth of the work is done."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._tenths = 0

    def __call__(self, done: int, total: int) -> None:
        if total and done * 10 // total > self._tenths:
            self._tenths = done * 10 // total
            sys.stderr.write(f"{self._title}: {done} of {total}\n")
