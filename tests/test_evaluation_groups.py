"""Groups of films."""

from __future__ import annotations

from labelled_films import labelled

from boneage.evaluation.groups import people_groups, quality_groups


def test_groups_by_sex_and_age() -> None:
    films = [labelled("1", 47.9, 50), labelled("2", 48, 50, sex="F"), labelled("3", 50, 60, sex="")]
    found = {name: [film.label.id for film in members] for name, members in people_groups(films).items()}
    assert found == {
        "all": ["1", "2", "3"],
        "boys": ["1"],
        "girls": ["2"],
        "under 4 y": ["1"],
        "4 to 8 y": ["2", "3"],
        "boys, under 4 y": ["1"],
        "girls, 4 to 8 y": ["2"],
    }


def test_groups_by_quality() -> None:
    films = [
        labelled("1", 50, 50),
        labelled("2", 50, 50, warnings=("mirrored", "blurred")),
        labelled("3", 50, 50, warnings=("mirrored",)),
    ]
    found = {name: [film.label.id for film in members] for name, members in quality_groups(films).items()}
    assert found == {
        "no quality warning": ["1"],
        "any quality warning": ["2", "3"],
        "warning blurred": ["2"],
        "warning mirrored": ["2", "3"],
    }
