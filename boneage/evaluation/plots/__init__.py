"""The plots of an evaluation, one file each."""

from __future__ import annotations

from collections.abc import Iterator

from boneage.evaluation.evaluate import Evaluation
from boneage.evaluation.labelled import ROUTES, LabelledFilm
from boneage.evaluation.plots.bland_altman import draw_bland_altman
from boneage.evaluation.plots.calibration import draw_calibration, draw_coverage_by_age
from boneage.evaluation.plots.error_by_age import draw_error_by_age
from boneage.evaluation.plots.refusal import draw_error_against_refusal
from boneage.evaluation.plots.routes import draw_routes
from boneage.evaluation.plots.style import plot_style, to_bytes


def all_plots(
    films: tuple[LabelledFilm, ...], evaluation: Evaluation, *, kind: str = "svg"
) -> Iterator[tuple[str, str, bytes]]:
    """Yield name, words and file of every plot that the films allow.

    Parameters
    ----------
    films, evaluation:
        What is drawn.
    kind:
        ``svg`` or ``png``.
    """
    with plot_style():
        figures = (
            *((f"bland_altman_{route}", f"Bland-Altman, {route}", draw_bland_altman(films, route)) for route in ROUTES),
            ("error_by_age", "Bias and mean absolute difference by age", draw_error_by_age(films)),
            ("calibration", "Nominal against observed coverage", draw_calibration(evaluation)),
            ("coverage_by_age", "Coverage and width of the 95 % interval by age", draw_coverage_by_age(evaluation)),
            ("routes", "Both routes against each other", draw_routes(films)),
            ("error_against_refusal", "Error against refusal", draw_error_against_refusal(films)),
        )
        for name, words, figure in figures:
            if figure is not None:
                yield name, words, to_bytes(figure, kind)
