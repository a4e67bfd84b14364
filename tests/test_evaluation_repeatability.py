"""Repeatability on numbers whose spread is known, and on rooms whose answers are."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from cli_runs import Runner
from stand_ins import RealReaderRooms, StandInRooms, bone_map

from boneage.batch.inputs import FilmRequest
from boneage.errors import Refusal, UsageError
from boneage.estimate import Estimator
from boneage.evaluation.repeat_reading import RepeatedReading, comparable_values, read_repeatedly
from boneage.evaluation.repeatability import (
    ALL,
    NEAR_ZERO,
    Repeatability,
    by_film,
    finite_root_mean_square,
    names_of,
    repeatability,
)
from boneage.evaluation.repeatability_report import About, kind_figures, summary, to_csv, to_markdown
from boneage.evaluation.variants import ORIGINAL, VARIANTS
from boneage.measurement.definitions import KINDS
from boneage.measurement.measurements import BoneMeasurement
from boneage.measurement.phantom import CARPAL_DISCS, bone_map_of, phantom_hand
from boneage.radiograph.radiograph import Radiograph
from boneage.result import Input, Reading, Result
from boneage.segmentation.bone_map import BoneMap, HandFrame

LENGTH = "metacarpal_3.length_ratio"


def read(film: str, variant: str, values: Mapping[str, float], status: str = "ok") -> RepeatedReading:
    return RepeatedReading(film, variant, status, values)


def figure_of(name: str, variant: str, readings: list[RepeatedReading]) -> Repeatability:
    variants = list(dict.fromkeys(one.variant for one in readings if one.variant != ORIGINAL.name))
    return next(one for one in repeatability(by_film(readings), [name], variants) if one.variant == variant)


TWO_FILMS = [
    read("a", ORIGINAL.name, {LENGTH: 1.0, "age.answer": 100.0}),
    read("a", "v", {LENGTH: 1.02, "age.answer": 103.0}),
    read("a", "w", {LENGTH: 0.98, "age.answer": 100.0}),
    read("b", ORIGINAL.name, {LENGTH: 0.5, "age.answer": 50.0}),
    read("b", "v", {LENGTH: 0.54, "age.answer": 46.0}),
]


def test_a_pair_has_its_difference_over_root_two() -> None:
    found = figure_of(LENGTH, "v", TWO_FILMS)
    assert found.film_sd == pytest.approx(np.array([0.02, 0.04]) / np.sqrt(2))
    assert found.cv == pytest.approx(100 * np.sqrt(np.mean([(0.02 / 1.01) ** 2, (0.04 / 0.52) ** 2]) / 2))
    assert found.sd == pytest.approx(np.sqrt((0.02**2 + 0.04**2) / 2 / 2))
    assert found.between_sd == pytest.approx((1.01 - 0.52) / np.sqrt(2))


def test_all_variants_of_a_film_count_together() -> None:
    found = figure_of(LENGTH, ALL, TWO_FILMS)
    assert found.film_names == ("a", "b")
    assert found.film_sd[0] == pytest.approx(0.02)
    assert found.film_largest == pytest.approx([0.02, 0.04])


def test_ages_have_months_and_no_percentage() -> None:
    found = figure_of("age.answer", ALL, TWO_FILMS)
    assert np.isnan(found.cv)
    assert found.film_largest == pytest.approx([3, 4])


def test_what_may_be_near_zero_has_no_percentage() -> None:
    name = "metacarpal_3.gap_ratio"
    readings = [read("a", ORIGINAL.name, {name: 0.0}), read("a", "v", {name: 0.1})]
    found = figure_of(name, "v", readings)
    assert np.isnan(found.cv)
    assert found.sd == pytest.approx(0.1 / np.sqrt(2))
    known = {kind.name for kind in KINDS} | {field.name for field in fields(BoneMeasurement)}
    assert known >= NEAR_ZERO


def test_a_measurement_that_comes_or_goes_is_counted() -> None:
    readings = [*TWO_FILMS, read("b", "w", {}), read("c", ORIGINAL.name, {}), read("c", "w", {LENGTH: 1.0})]
    found = figure_of(LENGTH, "w", readings)
    assert found.film_names == ("a",)
    assert found.unequal == pytest.approx(2 / 3)


def test_films_that_are_not_answered_as_they_are_are_left_out() -> None:
    readings = [read("a", ORIGINAL.name, {}, "refused"), read("b", ORIGINAL.name, {LENGTH: 1.0})]
    assert list(by_film(readings)) == ["b"]
    assert names_of(by_film(TWO_FILMS)) == (LENGTH, "age.answer")


def test_refused_variants_do_not_count_as_lost() -> None:
    readings = [*TWO_FILMS, read("b", "w", {}, "refused")]
    assert figure_of(LENGTH, "w", readings).unequal == 0
    table = "\n".join(
        to_markdown(repeatability(by_film(readings), [LENGTH, "age.answer"], ["v", "w"]), by_film(readings), ABOUT)
    )
    assert "| w | 1 | 1 | 0.0" in table
    assert "| v | 2 | 0 | " in table


ABOUT = About("boneage x", "2026-01-02", "of the tests", 3)


def test_the_root_mean_square_of_nothing_is_unknown() -> None:
    assert np.isnan(finite_root_mean_square(np.array([np.nan])))


def test_kinds_are_pooled_over_bones() -> None:
    other = "metacarpal_2.length_ratio"
    readings = [
        read("a", ORIGINAL.name, {LENGTH: 1.0, other: 1.0, "age.answer": 9.0}),
        read("a", "v", {LENGTH: 1.0, other: 1.1, "age.answer": 9.0}),
    ]
    (kind,) = kind_figures(repeatability(by_film(readings), names_of(by_film(readings)), ["v"]))
    assert (kind.kind, kind.bones, kind.films) == ("length_ratio", 2, 1)
    assert kind.sd.value == pytest.approx(0.1 / np.sqrt(2) / np.sqrt(2))
    assert kind.typical_sd == pytest.approx(0.1 / np.sqrt(2) / 2)
    assert kind.worst[0] == "metacarpal_2"


def test_the_report_says_where_it_comes_from_and_the_csv_has_every_figure() -> None:
    readings = by_film(TWO_FILMS)
    figures = repeatability(readings, names_of(readings), ["v", "w"])
    text = "\n".join(to_markdown(figures, readings, ABOUT))
    assert text.startswith("`boneage x`, 2026-01-02: 2 films (of the tests)")
    assert "not answered as they are: 3" in text
    assert "| `length_ratio` | 1 | 2 |" in text
    assert "Each variant against" in text
    assert "Each variant against" not in "\n".join(summary(figures, readings, ABOUT))
    rows = list(csv.DictReader(io.StringIO(to_csv(figures))))
    assert [(row["measurement"], row["variant"]) for row in rows[:2]] == [(LENGTH, "all"), (LENGTH, "v")]
    assert float(rows[1]["cv_percent"]) == pytest.approx(figures[1].cv, rel=1e-3)
    assert [row["cv_percent"] for row in rows[3:]] == ["", "", ""]


def hand(scale: float) -> Reading:
    """The drawn hand on a film with so many pixels per pixel of the frame."""
    found = bone_map_of(phantom_hand(), carpals=CARPAL_DISCS)
    frame = HandFrame(np.array([[scale, 0.0, 0.0], [0.0, scale, 0.0]]), found.frame.shape)
    moved = BoneMap(found.labels, found.pixels, found.joints, found.joint_confidence, frame)
    return Reading(Result("ok", Input("x")), Radiograph(found.pixels, "PNG", ""), moved)


def test_sizes_of_variants_are_those_of_the_unchanged_film() -> None:
    one, other = comparable_values(hand(2.0)), comparable_values(hand(2.5), scale=1.25)
    assert set(one) == set(other)
    assert one["metacarpal_3.length_px"] > 100
    assert one["metacarpal_3.joint_length_px"] > one["metacarpal_3.length_px"]
    assert {name: other[name] for name in one} == pytest.approx(one)
    assert comparable_values(hand(2.5))["metacarpal_3.shaft_area_px2"] == pytest.approx(
        one["metacarpal_3.shaft_area_px2"] * 1.25**2
    )


def test_nothing_is_compared_of_a_refused_film() -> None:
    refused = hand(1.0)
    assert comparable_values(replace(refused, result=Result("refused", Input("x")))) == {}


def test_every_variant_is_read_with_the_sex_of_the_film(tmp_path: Path) -> None:
    path = tmp_path / "film.png"
    path.write_bytes(ORIGINAL.encode(np.linspace(0, 1, 200 * 160, dtype=np.float32).reshape(200, 160)))
    rooms = RealReaderRooms()
    rooms.segment = lambda radiograph: rooms.calls.append(("segment", radiograph.sex)) or bone_map()  # type: ignore[method-assign,func-returns-value]
    readings = list(read_repeatedly([FilmRequest(path, "film.png", id="7", sex="F")], Estimator(rooms=rooms)))
    assert [one.variant for one in readings] == [ORIGINAL.name, *(variant.name for variant in VARIANTS)]
    assert {one.film for one in readings} == {"7"}
    assert [call for call in rooms.calls if call[0] == "segment"] == [("segment", "F")] * len(readings)
    assert all(one.values["age.answer"] == readings[0].values["age.answer"] for one in readings)


def test_both_answers_of_an_unknown_sex_are_compared(tmp_path: Path) -> None:
    path = tmp_path / "film.png"
    path.write_bytes(b"any")
    reading = Estimator(rooms=StandInRooms()).estimate(path, sex="unknown")
    assert {"age.answer if boy", "age.answer if girl"} <= set(comparable_values(reading))


def test_a_refused_film_has_no_variants(tmp_path: Path) -> None:
    path = tmp_path / "film.png"
    path.write_bytes(b"any")
    rooms = StandInRooms(errors={"segment": Refusal("not_a_hand", "no hand")})
    readings = list(read_repeatedly([FilmRequest(path, "film.png")], Estimator(rooms=rooms)))
    assert [(one.variant, one.status) for one in readings] == [(ORIGINAL.name, "refused")]


def test_the_command_writes_its_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("boneage.estimate.InstalledRooms", lambda options: RealReaderRooms())
    films, page = tmp_path / "films", tmp_path / "page.md"
    films.mkdir()
    for name in ("1", "2", "3"):
        (films / f"{name}.png").write_bytes(ORIGINAL.encode(np.random.default_rng(0).random((90, 80), np.float32)))
    page.write_text("before\n<!-- repeatability: begin -->\nold\n<!-- repeatability: end -->\nafter\n")
    output = tmp_path / "out"
    ran = Runner(capsys)("evaluate-repeatability", "--films", films, "--limit", 2, "--output", output, "--docs", page)
    assert ran.code == 0
    assert "2 films (named by the user)" in ran.out
    assert (output / "repeatability.md").read_text() == ran.out
    assert "age.answer if boy,all,2," in (output / "repeatability.csv").read_text()
    text = page.read_text()
    assert text.startswith("before\n")
    assert "old" not in text
    assert "2 films (named by the user)" in text


@pytest.mark.parametrize("words", [(), ("--films", "x", "--rsna", "tune")])
def test_films_come_from_one_place(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    ran = Runner(capsys)("evaluate-repeatability", *words)
    assert ran.code == 2
    assert "which_films" in ran.err


def test_a_film_whose_row_is_wrong_is_not_read() -> None:
    """A sex that is no sex must not become one that is unknown."""
    rooms = StandInRooms()
    wrong = FilmRequest(Path("film.png"), "film.png", problem=UsageError("unknown_sex_word", "'Q' is no sex"))
    (reading,) = read_repeatedly([wrong], Estimator(rooms=rooms))
    assert (reading.status, reading.values) == ("error", {})
    assert not any(call[0] == "read" for call in rooms.calls)
