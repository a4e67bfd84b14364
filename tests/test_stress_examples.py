"""The stress test in small, with the shipped networks on films of the examples: what the tool is held to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from boneage.batch.inputs import FilmRequest
from boneage.batch.journal import Journal
from boneage.estimate import Estimator
from boneage.stress.figures import Film, films_of, stress_figures
from boneage.stress.reading import read_under_stress
from boneage.stress.registry import find_changes
from boneage.stress.report import TARGET_MONTHS

pytestmark = pytest.mark.slow

CHANGES = find_changes(["inverted", "turned_-5", "contrast_80", "jpeg_90", "scaled_90"])
FILMS = {"rsna_1744": "M", "rsna_1667": "F"}


@pytest.fixture(scope="module")
def films(project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Film, ...]:
    folder = project_root / "examples" / "films"
    requests = [FilmRequest(folder / f"{name}.webp", name, id=name, sex=sex) for name, sex in FILMS.items()]  # type: ignore[arg-type]
    with Journal(tmp_path_factory.mktemp("stress") / "readings.jsonl") as journal:
        found, left_out = films_of(read_under_stress(requests, CHANGES, Estimator(), journal, run="test"), {})
    assert left_out == ()
    return found


def test_no_film_is_refused_under_them(films: tuple[Film, ...]) -> None:
    found = stress_figures(films, CHANGES)
    assert found.films == len(FILMS)
    assert found.reasons == {}


def test_the_mean_shift_under_changes_that_a_reader_would_not_notice_is_below_a_month(films: tuple[Film, ...]) -> None:
    unseen = [change for change in CHANGES if change.effect == "unseen"]
    assert len(unseen) == 4
    found = stress_figures(films, unseen).routes
    assert found["answer"].mean_absolute.value < TARGET_MONTHS
    assert found["regression"].films == found["measurement"].films == len(FILMS)


def test_no_single_answer_moves_far(films: tuple[Film, ...]) -> None:
    shifts = [film.shift(change.name, "answer") for film in films for change in CHANGES]
    assert max(abs(one.months) for one in shifts if one is not None) < 4
    assert not any(one.verdict_changed for one in shifts if one is not None)


def test_black_and_white_exchanged_change_nothing(films: tuple[Film, ...]) -> None:
    shifts = [film.shift("inverted", "answer") for film in films]
    assert np.abs([one.months for one in shifts if one is not None]).max() < 0.01
