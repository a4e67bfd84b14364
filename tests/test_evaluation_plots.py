"""Plots show what the films say."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from labelled_films import labelled

from boneage.evaluation.evaluate import evaluate_films
from boneage.evaluation.plots import all_plots
from boneage.evaluation.plots.bland_altman import draw_bland_altman
from boneage.evaluation.plots.calibration import draw_coverage_by_age
from boneage.evaluation.plots.error_by_age import draw_error_by_age
from boneage.evaluation.plots.refusal import LEAST_FILMS, draw_error_against_refusal
from boneage.evaluation.plots.routes import draw_routes
from boneage.evaluation.plots.style import plot_style, to_bytes

FILMS = (
    *(labelled(str(i), 100.0, 100.0 + i, half=50.0 + i, routes=(100.0 + i, 105.0)) for i in range(40)),
    *(labelled(f"r{i}", 60, None, routes=(20, 90)) for i in range(10)),
)


def test_bland_altman_lines_are_bias_and_limits() -> None:
    """Differences 0 to 39: mean 19.5, SD sqrt(40 · 41 / 12)."""
    figure = draw_bland_altman(FILMS, "answer")
    assert figure is not None
    heights = sorted(float(np.asarray(line.get_ydata())[0]) for line in figure.axes[0].lines[1:])
    sd = np.sqrt(40 * 41 / 12)
    assert heights == pytest.approx([19.5 - 1.96 * sd, 19.5, 19.5 + 1.96 * sd], abs=1e-3)
    points = figure.axes[0].lines[0]
    assert list(points.get_ydata()) == list(range(40))
    assert points.get_xdata()[39] == pytest.approx((100 + 139) / 2)


def test_error_against_refusal_begins_at_the_programs_own_refusals() -> None:
    figure = draw_error_against_refusal(FILMS)
    assert figure is not None
    by_width = figure.axes[0].lines[0]
    assert by_width.get_label() == "ranked by interval width"
    shares, mads = by_width.get_xdata(), by_width.get_ydata()
    assert (shares[0], mads[0]) == (20, 19.5)
    assert (shares[-1], mads[-1]) == (100 * (10 + 40 - LEAST_FILMS) / 50, 9.5)
    (program,) = [line for line in figure.axes[0].lines if str(line.get_label()).startswith("the program")]
    assert (program.get_xdata()[0], program.get_ydata()[0]) == (20, 19.5)


def test_error_by_age_leaves_years_of_few_films_out() -> None:
    films = [labelled(str(i), 62, 65) for i in range(6)] + [labelled("x", 150, 150)]
    figure = draw_error_by_age(films)
    assert figure is not None
    assert next(list(line.get_ydata()) for line in figure.axes[0].lines if len(line.get_xdata()) == 1) == [3]
    assert draw_error_by_age(films[5:]) is None


def test_refused_films_are_marked_among_the_routes() -> None:
    figure = draw_routes(FILMS)
    assert figure is not None
    (refused,) = [line for line in figure.axes[0].lines if line.get_label() == "refused"]
    assert (list(refused.get_xdata()), list(refused.get_ydata())) == ([20] * 10, [90] * 10)


def test_no_intervals_no_coverage() -> None:
    films = [labelled(str(i), 62, 65, half=None) for i in range(6)]
    assert draw_coverage_by_age(evaluate_films(films, resamples=10)) is None


def test_all_plots_are_pictures_with_words_and_the_same_each_time() -> None:
    evaluation = evaluate_films(FILMS, resamples=20)
    plots = {name: content for name, _, content in all_plots(FILMS, evaluation)}
    assert len(plots) == 8
    for content in plots.values():
        assert ET.fromstring(content).tag.endswith("svg")
    assert re.search(rb">labelled bone age, years<", plots["error_by_age"])
    with plot_style():
        figure = draw_bland_altman(FILMS, "answer")
        assert figure is not None
        assert to_bytes(figure) == plots["bland_altman_answer"]
        assert to_bytes(figure, "png").startswith(b"\x89PNG")


def test_no_answer_no_plot() -> None:
    films = (labelled("1", 50, None),)
    assert list(all_plots(films, evaluate_films(films, resamples=10))) == []
