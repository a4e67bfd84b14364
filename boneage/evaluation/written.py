"""The files of an evaluation: results.md, results.csv and the plots."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from boneage.evaluation.evaluate import evaluate_films
from boneage.evaluation.evaluation_report import About, to_markdown
from boneage.evaluation.labelled import LabelledFilm
from boneage.evaluation.plots import all_plots
from boneage.evaluation.refusal_curve import rankings
from boneage.evaluation.tidy import to_csv
from boneage.outputs import make_folder, write_whole

RESULTS: Final = "results.md"
TABLE: Final = "results.csv"


def write_evaluation(
    films: tuple[LabelledFilm, ...], output: Path, *, title: str, command: str, lines: tuple[str, ...] = ()
) -> str:
    """Evaluate films and write everything found into a folder.

    Parameters
    ----------
    films:
        Labelled films.
    output:
        The folder; plots of an earlier evaluation there that these films do not allow are removed.
    title, command, lines:
        Of the report: its title, the exact command, and remarks.

    Returns
    -------
    str
        The report, which is also ``results.md``.
    """
    evaluation = evaluate_films(films)
    folder = output / "plots"
    make_folder(folder)
    plots = {}
    for name, words, content in all_plots(films, evaluation):
        write_whole(folder / f"{name}.svg", content)
        plots[words] = f"plots/{name}.svg"
    kept = {Path(path).name for path in plots.values()}
    for old in folder.glob("*.svg"):
        if old.name not in kept:
            old.unlink()
    about = About(title, command, date.today().isoformat(), lines, plots)
    text = to_markdown(evaluation, about, rankings(films))
    write_whole(output / RESULTS, text.encode())
    write_whole(output / TABLE, to_csv(evaluation.rows).encode())
    return text
