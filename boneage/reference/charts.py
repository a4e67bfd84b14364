"""The curves of a measurement table as growth charts: small multiples, one picture for each kind of measurement."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from boneage.outputs import make_folder, write_whole
from boneage.reference.measurement_table import MeasurementTable, SexTable
from boneage.reference.rows import SEX_NAMES, SEXES, Sex
from boneage.reference.tables import find_reference, load_reference

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FEWEST_PANELS: Final = 3
"""Kinds that fewer parts of the hand have share one picture, named `OTHERS`."""
OTHERS: Final = "others"
_COLUMNS: Final = 5
_COLOURS: Final[dict[Sex, str]] = {"M": "#1b5fa6", "F": "#b5361c"}
_DPI: Final = 75
_FILMS_HEIGHT: Final = 0.16
"""Share of a panel's height that the most films behind any cell take up."""


def draw_charts(name_or_path: str | Path, output_dir: Path) -> tuple[Path, ...]:
    """Draw the charts of a table as ``NAME_KIND.png``.

    Parameters
    ----------
    name_or_path:
        Name of an installed table, or path of a CSV.
    output_dir:
        Where the pictures go.

    Returns
    -------
    tuple of pathlib.Path
        The pictures. Equal tables give equal bytes.

    Raises
    ------
    TableError
        If there is no such table.
    OutputError
        ``output_not_writable``.
    """
    table = load_reference(name_or_path)
    digest = hashlib.sha256(find_reference(name_or_path).read_bytes()).hexdigest()[:12]
    make_folder(output_dir)
    drawn = []
    for kind, measurements in kinds_of(table.measurements).items():
        path = output_dir / f"{table.name}_{kind}.png"
        figure = _draw(table, kind, measurements, digest)
        with io.BytesIO() as picture:
            figure.savefig(picture, format="png", dpi=_DPI, metadata={"Software": None})
            write_whole(path, picture.getvalue())
        drawn.append(path)
    return tuple(drawn)


def kinds_of(measurements: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Group measurements by what stands after the part of the hand, in their order; rare kinds together at the end."""
    kinds: dict[str, list[str]] = {}
    for name in measurements:
        kinds.setdefault(name.partition(".")[2] or name, []).append(name)
    grouped = {kind: tuple(names) for kind, names in kinds.items() if len(names) >= FEWEST_PANELS}
    rare = tuple(name for names in kinds.values() if len(names) < FEWEST_PANELS for name in names)
    return grouped | ({OTHERS: rare} if rare else {})


def _draw(table: MeasurementTable, kind: str, measurements: tuple[str, ...], digest: str) -> Figure:
    import matplotlib
    from matplotlib.figure import Figure

    columns = min(_COLUMNS, len(measurements))
    rows = -(-len(measurements) // columns)
    most = max(float(np.nanmax(cells.n)) if np.isfinite(cells.n).any() else 0.0 for cells in table.sexes.values())
    with matplotlib.rc_context({"font.size": 8, "font.family": "DejaVu Sans"}):
        figure = Figure(figsize=(2.5 * columns + 0.4, 1.9 * rows + 1.3), layout="constrained")
        panels = figure.subplots(rows, columns, squeeze=False, sharex=True).ravel()
        for axes, name in zip(panels, measurements, strict=False):
            _panel(axes, table, table.measurements.index(name), most)
            title = name if kind == OTHERS else name.partition(".")[0]
            axes.set_title(title.replace("_", " "), fontsize=8)
        for axes in panels[len(measurements) :]:
            axes.set_axis_off()
        unit = table.units[table.measurements.index(measurements[0])]
        heading = "other measurements" if kind == OTHERS else f"{kind.replace('_', ' ')} ({unit})"
        figure.suptitle(f"{heading}: mean, ±1 SD (shaded) and ±2 SD (dotted) by age in years", fontsize=10)
        figure.supxlabel(_caption(table, most, digest), fontsize=7)
    return figure


def _caption(table: MeasurementTable, most: float, digest: str) -> str:
    metadata = table.metadata
    split = f", split {metadata.split}" if metadata.split else ""
    sexes = ", ".join(f"{SEX_NAMES[sex]} {'blue' if sex == 'M' else 'red'}" for sex in SEXES if sex in table.sexes)
    films = f"bars at the foot: films within 6 months, at most {most:.0f}" if most else "number of films not stated"
    return (
        f"Table {metadata.name}, version {metadata.version}, file sha256 {digest}\n{metadata.source}{split}\n"
        f"{sexes}; {films}"
    )


def _panel(axes: Axes, table: MeasurementTable, row: int, most: float) -> None:
    for sex in SEXES:
        if sex in table.sexes:
            _curves(axes, table.sexes[sex], row, _COLOURS[sex], most)
    axes.set_xlim(0, 19)
    axes.set_xticks(range(0, 19, 6))
    axes.tick_params(length=2, labelbottom=True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _curves(axes: Axes, cells: SexTable, row: int, colour: str, most: float) -> None:
    known = np.isfinite(cells.mean[row])
    years, mean, sd = cells.ages[known] / 12, cells.mean[row, known], cells.sd[row, known]
    axes.fill_between(years, mean - sd, mean + sd, color=colour, alpha=0.15, linewidth=0)
    axes.plot(years, mean, color=colour, linewidth=1.2)
    for side in (-2.0, 2.0):
        axes.plot(years, mean + side * sd, color=colour, linewidth=0.7, linestyle=":")
    films = np.nan_to_num(cells.n[row])
    if most > 0:
        axes.fill_between(
            cells.ages / 12, 0, _FILMS_HEIGHT * films / most, transform=axes.get_xaxis_transform(),
            color=colour, alpha=0.25, linewidth=0, step="mid",
        )  # fmt: skip
