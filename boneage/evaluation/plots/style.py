"""What the plots of an evaluation share: size, colours that also differ in print, and how they are written."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS: Final = {"answer": "#1d4e9e", "measurement": "#0b6e4f", "regression": "#b3541e"}
MARKERS: Final = {"answer": "o", "measurement": "s", "regression": "^"}
"""A route has its own mark, so that it is known without its colour."""
GREY: Final = "#777777"
OLDEST_YEARS: Final = 19


@contextmanager
def plot_style() -> Iterator[None]:
    """Set text and hash so that plots read well in print and equal figures give equal bytes."""
    import matplotlib

    with matplotlib.rc_context({"svg.hashsalt": "boneage", "svg.fonttype": "none", "font.size": 9}):
        yield


def new_figure(*, columns: int = 1, width: float = 7.2, height: float = 4.2) -> tuple[Figure, list[Axes]]:
    """Return a figure of a row of axes with a grid; sizes in inches."""
    from matplotlib.figure import Figure as NewFigure

    figure = NewFigure(figsize=(width, height), layout="constrained")
    axes = list(figure.subplots(1, columns, squeeze=False)[0])
    for one in axes:
        one.grid(color="#dddddd", lw=0.6)
        one.set_axisbelow(True)
    return figure, axes


def in_years(axes: Axes, what: str) -> None:
    """Mark the x axis, which counts months, in years from 0 to 19."""
    ticks = list(range(0, OLDEST_YEARS + 1, 2))
    axes.set_xticks([12 * year for year in ticks], [str(year) for year in ticks])
    axes.set_xlim(0, 12 * OLDEST_YEARS + 4)
    axes.set_xlabel(f"{what}, years")


def to_bytes(figure: Figure, kind: str = "svg") -> bytes:
    """Return the file of a figure, ``svg`` or ``png``."""
    buffer = io.BytesIO()
    options = {"metadata": {"Date": None}} if kind == "svg" else {"dpi": 150}
    figure.savefig(buffer, format=kind, **options)
    return buffer.getvalue()
