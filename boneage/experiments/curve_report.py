"""The learning curve on paper: CSV, Markdown and a plot."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Final

from boneage.experiments.curve import Curve, SizeFigure
from boneage.experiments.points import ROUTES, Route

COLUMNS: Final = (
    "route", "n", "seed", "labels_counted", "films", "mad", "low", "high", "date", "steps", "seconds", "fitted_films",
    "unanswered", "how",
)  # fmt: skip
"""``films``: judged films behind the figure; ``fitted_films``: films that the route was fitted on."""

_COLOURS: Final[dict[Route, str]] = {"measurement": "#0b6e4f", "regression": "#b3541e", "regions": "#3b5bb5"}

_WORDS: Final[dict[Route, str]] = {
    "measurement": "measured bones",
    "regression": "regression of the whole hand",
    "regions": "regression of the regions",
}


def to_csv(curve: Curve) -> str:
    """Return one row for each point."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for point, mad in curve.points:
        key = point.key
        figures = [f"{value:.4g}" for value in (mad.value, mad.low, mad.high)]
        fit = ["" if value is None else value for value in (point.steps, point.seconds)]
        row = [key.route, key.n, key.seed, key.n + curve.extra_labels[key.route], curve.films, *figures]
        writer.writerow([*row, point.date[:10], *fit, point.fitted_films, point.unanswered, point.how])
    return buffer.getvalue()


def to_markdown(curve: Curve, *, command: str, date: str, split: str, about: Iterable[str] = ()) -> str:
    """Return the curve as Markdown.

    Parameters
    ----------
    curve:
        The figures.
    command:
        The exact command that gave them.
    date:
        ISO date of the report.
    split:
        The judged films.
    about:
        Further lines.
    """
    extra = curve.extra_labels
    there = {size.route for size in curve.sizes}
    shown = [route for route in ROUTES if route in there or route != "regions"]
    others = [route for route in shown if route != "measurement"]
    lines = [
        "# Learning curve",
        "",
        f"`{command}`",
        "",
        f"{date}, `{split}`, n = {curve.films} films that every point answers ({curve.left_out} others left out). "
        "Mean absolute difference in months with 95 % bootstrap intervals over films, and over seeds where a size has "
        "several. All routes are fitted on the same labelled `train` films; smaller sets lie within larger ones.",
        "",
        f"Labels: the measurement route needs n age labels and {extra['measurement']:,} annotated films (epiphyses and "
        "carpals, or joints, drawn) that its networks learn from, whatever n is. The regression needs n age labels and "
        f"the {extra['regression']:,} films with joints by which the hand is found: it sees the same hand frame. The "
        "regression of the regions begins with the encoders of the segmentation, so it needs what that needs.",
        "",
        f"| age labels | {' | '.join(f'{_WORDS[route]} | labels in all' for route in shown)} |"
        + "".join(f" {_WORDS[route]} − measured |" for route in others),
        "|" + "--:|" * (1 + 2 * len(shown) + len(others)),
    ]
    by_key = {(size.route, size.n): size for size in curve.sizes}
    for n in sorted({size.n for size in curve.sizes}):
        cells = [f"{n:,}"]
        for route in shown:
            size = by_key.get((route, n))
            cells += [_cell(size), f"{n + extra[route]:,}" if size else "–"]
        cells += [str(curve.differences.get((route, n), "–")) for route in others]
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "Where a regression becomes the better route, straight lines over the logarithm of the labels:", ""]
    for route in ROUTES[1:]:
        for name, crossings in (
            ("age labels alone", curve.crossings),
            ("all labels counted", curve.crossings_all_labels),
        ):
            found = crossings.get(route)
            said = found.said("the regression") if found else "not both routes are there yet"
            lines.append(f"- {_WORDS[route]}, {name}: {said}.")
    lines += ["", *_how(curve), *about]
    return "\n".join(lines) + "\n"


def _cell(size: SizeFigure | None) -> str:
    if size is None:
        return "–"
    return str(size.mad) + (f", {len(size.seeds)} seeds" if len(size.seeds) > 1 else "")


def _how(curve: Curve) -> list[str]:
    """Return a line for each point: what gave its answers, steps and processor time."""
    lines = ["How each point was fitted:", ""]
    for point, mad in curve.points:
        parts = [f"{point.key.route}, {point.key.n:,}, seed {point.key.seed}: {mad}; {point.how}"]
        parts += [f"{point.steps} steps"] if point.steps else []
        parts += [f"{point.seconds:.0f} processor seconds"] if point.seconds else []
        parts += [f"{point.unanswered} films without an answer"] if point.unanswered else []
        lines.append(f"- {', '.join(parts)}")
    return lines


def to_svg(curve: Curve, *, split: str) -> bytes:
    """Return the plot: error over labels (logarithmic), with intervals, both routes; equal curves give equal bytes."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context({"svg.hashsalt": "boneage", "svg.fonttype": "none", "font.size": 9}):
        figure = Figure(figsize=(7.2, 4.2), layout="constrained")
        axes = figure.subplots()
        for route in ROUTES:
            sizes = [size for size in curve.sizes if size.route == route]
            if not sizes:
                continue
            colour, n = _COLOURS[route], [size.n for size in sizes]
            values = [size.mad.value for size in sizes]
            below = [size.mad.value - size.mad.low for size in sizes]
            above = [size.mad.high - size.mad.value for size in sizes]
            axes.errorbar(
                n, values, yerr=(below, above), color=colour, marker="o", ms=4, capsize=3, label=_WORDS[route]
            )
            counted = [size + curve.extra_labels[route] for size in n]
            axes.plot(
                counted, values, color=colour, ls=":", lw=1, label=f"{_WORDS[route]}, annotated films counted too"
            )
            seeds = [(point.key.n, mad.value) for point, mad in curve.points if point.key.route == route]
            axes.plot(*zip(*seeds, strict=True), color=colour, marker="x", ms=4, ls="", alpha=0.5)
        axes.set_xscale("log")
        axes.set_xlabel("labelled films")
        axes.set_ylabel(f"mean absolute difference on {split}, months")
        axes.set_title(f"n = {curve.films} {split} films, 95 % intervals; crosses: single seeds", fontsize=9)
        ticks = sorted({size.n for size in curve.sizes})
        axes.set_xticks(ticks, [f"{n:,}" for n in ticks])
        axes.minorticks_off()
        axes.set_ylim(bottom=0)
        axes.grid(color="#dddddd", lw=0.6)
        axes.legend(frameon=False)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()
