"""From readings and a report to a calibration, and its words."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from labelled_films import labelled

from boneage import __version__
from boneage.calibration.calibrate import Calibrated, calibrate, report_origin, route_films, site_films
from boneage.calibration.file import load_calibration, write_calibration
from boneage.calibration.readings import read_readings
from boneage.calibration.report import to_markdown
from boneage.calibration.site import Origin
from boneage.errors import UsageError
from boneage.evaluation.labelled import LabelledFilm

ORIGIN = Origin(__version__, "flat", {"locator": "a" * 64, "regression": "b" * 64}, {"rsna": "sha256:12"}, "cc")


def films_of(
    count: int, *, offset: Mapping[str, float], noise: float = 4.0, half: float = 20.0, seed: int = 1
) -> list[LabelledFilm]:
    """Films of both sexes in turn, the readings so many months above the answers."""
    generator = np.random.default_rng(seed)
    films = []
    for number in range(count):
        sex = "MF"[number % 2]
        age = float(generator.uniform(50, 190))
        answer, measured, direct = (age + generator.normal(0, noise, 3)).tolist()
        films.append(labelled(str(number), age + offset[sex], answer, sex=sex, half=half, routes=(measured, direct)))
    return films


def made(films: list[LabelledFilm]) -> Calibrated:
    about = {"name": "Hospital X", "created": "2026-01-31"}
    return calibrate(films, **about, origin=ORIGIN, left_out={"no reading": 2}, repeats=1)


@pytest.fixture(scope="module")
def shifted() -> Calibrated:
    return made(films_of(100, offset={"M": 8.0, "F": 0.0}))


def test_every_route_and_sex_has_its_correction(shifted: Calibrated) -> None:
    assert list(shifted.site.routes) == ["combined", "measurement", "regression"]
    for route in shifted.site.routes.values():
        assert route.by_sex["M"].shift(120.0) == pytest.approx(8.0, abs=2.0)
        assert abs(route.by_sex["F"].shift(120.0)) < 2.0
    groups = {(figure.route, figure.group) for figure in shifted.figures}
    assert groups == {(route, group) for route in shifted.site.routes for group in ("all", "M", "F")}


def test_what_helps_is_said_by_sex(shifted: Calibrated) -> None:
    text = to_markdown(shifted)
    assert "100 films with an answer and a reading: 50 of boys, 50 of girls." in text
    assert "Left out: no reading 2." in text
    assert "**Boys: calibration helps**" in text
    assert "corrected = answer + " in text
    assert "Girls: ages are left as they are." in text


def test_what_does_not_help_is_said_plainly() -> None:
    text = to_markdown(made(films_of(60, offset={"M": 0.0, "F": 0.0})))
    assert "There is nothing to correct" in text
    assert "helps" not in text


def test_few_films_are_said() -> None:
    text = to_markdown(made(films_of(12, offset={"M": 9.0, "F": 9.0})))
    assert "fewer than the 50 films" in text
    assert "6 films, fewer than 25: not corrected" in text


def test_far_off_films_are_named_for_the_user_and_not_in_the_file(tmp_path: Path) -> None:
    films = films_of(60, offset={"M": 0.0, "F": 0.0})
    odd = films[7]
    films[7] = replace(odd, label=replace(odd.label, id="child-77", months=odd.months["answer"] + 50))
    calibrated = made(films)
    assert calibrated.far_off == ("child-77",)
    assert "child-77" in to_markdown(calibrated)
    write_calibration(calibrated.site, tmp_path / "site.json", about=calibrated.about())
    assert "child-77" not in (tmp_path / "site.json").read_text()


def test_the_file_applies_what_was_fitted(shifted: Calibrated, tmp_path: Path) -> None:
    write_calibration(shifted.site, tmp_path / "site.json", about=shifted.about())
    loaded = load_calibration(tmp_path / "site.json")
    assert loaded.origin == ORIGIN
    for route, fitted in shifted.site.routes.items():
        for sex in ("M", "F"):
            months, interval = fitted.correct(sex, 130.0, (110.0, 150.0))
            again, interval_again = loaded.routes[route].correct(sex, 130.0, (110.0, 150.0))
            assert again == pytest.approx(months, abs=1e-3)
            assert interval_again == pytest.approx(interval, abs=1e-3)


def test_readings_two_years_off_are_refused() -> None:
    with pytest.raises(UsageError) as caught:
        made(films_of(40, offset={"M": 0.0, "F": 40.0}))
    assert caught.value.code == "readings_implausible"


def test_one_route_alone_has_no_combined_correction() -> None:
    films = []
    for film in films_of(60, offset={"M": 5.0, "F": 5.0}):
        months = {"answer": film.months["measurement"], "measurement": film.months["measurement"]}
        films.append(replace(film, months=months))
    assert list(made(films).site.routes) == ["measurement"]


def test_a_route_without_intervals_is_not_widened() -> None:
    film = replace(films_of(2, offset={"M": 0.0, "F": 0.0})[0], intervals={"answer": (1.0, 2.0)})
    assert route_films([film], "combined").has_intervals
    assert not route_films([film], "regression").has_intervals


COLUMNS = (
    "path", "id", "status", "reason_code", "sex", "bone_age_months", "lower_95_months", "upper_95_months",
    "measurement_months", "regression_months", "reference", "sha256", "model", "version", "tables", "calibration",
    "prior", "bone_age_at_or_above_months",
)  # fmt: skip
MODELS = f"locator:{'a' * 12}; regression:{'b' * 12}"


def report_of(folder: Path, *changes: Mapping[str, str]) -> Path:
    """A report of boys a, b, c, …, one for each change."""
    path = folder / "report.csv"
    usual = {
        "status": "ok", "sex": "M", "bone_age_months": "100", "lower_95_months": "80", "upper_95_months": "120",
        "measurement_months": "102", "regression_months": "98", "reference": "rsna", "model": MODELS,
        "version": __version__, "tables": "brush:1; rsna:sha256:12", "prior": "flat",
    }  # fmt: skip
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        for name, change in zip("abcdefg", changes, strict=False):
            writer.writerow({**usual, "path": f"{name}.png", "id": name, **change})
    return path


def readings_of(folder: Path, names: str) -> Path:
    path = folder / "readings.csv"
    path.write_text("id,sex,reading_months\n" + "".join(f"{name},M,105\n" for name in names))
    return path


def test_only_films_answered_with_an_age_of_the_same_sex_are_fitted_on(tmp_path: Path) -> None:
    refused = {"status": "refused", "reason_code": "not_a_hand", "bone_age_months": ""}
    grown = {"bone_age_at_or_above_months": "186"}
    report = report_of(tmp_path, {}, refused, {"sex": "F"}, {"sex": "unknown", "bone_age_months": ""}, grown)
    films, left_out = site_films(read_readings(readings_of(tmp_path, "abcdef")), report)
    assert [film.label.id for film in films] == ["a"]
    assert left_out == {
        "answered with the bound of a grown hand": 1,
        "refused: not_a_hand": 1,
        "read with another sex than that of the reading": 2,
        "not in the report": 1,
    }


def test_the_readings_of_a_report_belong_to_its_own_rows(tmp_path: Path) -> None:
    """A folder for every patient, equal file names: the report with a column of readings is given alone."""
    films = [{"path": f"p{number}/IM1.dcm", "id": "", "bone_age_months": f"{number}00"} for number in (1, 2)]
    report = report_of(tmp_path, *films)
    head, *lines = report.read_text().splitlines()
    report.write_text("\n".join([f"{head},reading_months", f"{lines[0]},101", f"{lines[1]},199"]) + "\n")
    found, left_out = site_films(read_readings(report), report)
    assert [(film.label.months, film.months["answer"]) for film in found] == [(101.0, 100.0), (199.0, 200.0)]
    assert left_out == {}


def test_a_film_without_a_reading_takes_no_place_of_another(tmp_path: Path) -> None:
    films = [{"path": f"p{number}/IM1.dcm", "id": "", "bone_age_months": f"{number}00"} for number in (1, 2)]
    report = report_of(tmp_path, *films)
    (tmp_path / "readings.csv").write_text("path,sex,reading_months\np1/IM1.dcm,M,101\n")
    (film,), _ = site_films(read_readings(tmp_path / "readings.csv"), report)
    assert film.months["answer"] == 100.0


def test_answers_that_were_calibrated_are_refused(tmp_path: Path) -> None:
    report = report_of(tmp_path, {}, {"calibration": "Hospital X:abababababab"})
    with pytest.raises(UsageError) as caught:
        site_films(read_readings(readings_of(tmp_path, "ab")), report)
    assert caught.value.code == "already_calibrated"


def test_no_film_to_fit_on_is_wrong_usage(tmp_path: Path) -> None:
    report = report_of(tmp_path, {"status": "error", "bone_age_months": ""})
    with pytest.raises(UsageError) as caught:
        site_films(read_readings(readings_of(tmp_path, "a")), report)
    assert caught.value.code == "nothing_to_fit"


def test_the_origin_of_a_report_of_this_version_is_the_installed_one(tmp_path: Path) -> None:
    assert report_origin(report_of(tmp_path, {}, {}), ORIGIN) == ORIGIN


def test_a_report_of_the_measurement_alone_needs_no_regression_network(tmp_path: Path) -> None:
    found = report_origin(report_of(tmp_path, {"model": MODELS.split(";")[0]}), ORIGIN)
    assert list(found.models) == ["locator"]


def test_a_network_that_the_report_did_not_have_is_another_set(tmp_path: Path) -> None:
    more = replace(ORIGIN, models={**ORIGIN.models, "wrist": "c" * 64})
    with pytest.raises(UsageError) as caught:
        report_origin(report_of(tmp_path, {}), more)
    assert caught.value.code == "report_of_other_networks"


def test_an_older_report_does_not_say_its_table(tmp_path: Path) -> None:
    found = report_origin(report_of(tmp_path, {"tables": ""}), ORIGIN)
    assert (dict(found.references), found.combination) == ({"rsna": ""}, "")


def test_an_older_report_does_not_say_its_prior(tmp_path: Path) -> None:
    found = report_origin(report_of(tmp_path, {"prior": ""}), ORIGIN)
    assert found == replace(ORIGIN, prior="")
    calibrated = calibrate(films_of(60, offset={"M": 0, "F": 0}), name="X", created="2026-01-31", origin=found,
                           left_out={}, repeats=1)  # fmt: skip
    assert "does not say which prior" in to_markdown(calibrated)
    assert "does not say which prior" not in to_markdown(made(films_of(60, offset={"M": 0, "F": 0})))


def test_a_film_of_unknown_sex_does_not_make_a_report_mixed(tmp_path: Path) -> None:
    unknown = {"sex": "unknown", "bone_age_months": "", "reference": "", "prior": ""}
    assert report_origin(report_of(tmp_path, {}, unknown), ORIGIN) == ORIGIN


def test_a_report_of_another_version_says_so(tmp_path: Path) -> None:
    found = report_origin(report_of(tmp_path, {"version": "0.0.0"}), ORIGIN)
    assert (found.version, found.combination) == ("0.0.0", "")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ([{"model": f"locator:{'0' * 12}"}], "report_of_other_networks"),
        ([{"model": f"stranger:{'a' * 12}"}], "report_of_other_networks"),
        ([{}, {"version": "0.0.0"}], "report_mixed"),
        ([{"status": "refused"}], "report_mixed"),
        ([{"prior": "population"}], "report_of_other_prior"),
        ([{}, {"prior": "population"}], "report_mixed"),
    ],
)
def test_a_report_of_other_networks_is_refused(tmp_path: Path, changes: list[Mapping[str, str]], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        report_origin(report_of(tmp_path, *changes), ORIGIN)
    assert caught.value.code == code
