"""A site's calibration from its readings and answers: fitted, judged by cross-validation, ready to be written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np

from boneage import __version__
from boneage.calibration.fit import RouteFilms, fit_route
from boneage.calibration.readings import Readings
from boneage.calibration.site import ROUTES, Origin, RouteCalibration, SiteCalibration
from boneage.calibration.validate import FOLDS, REPEATS, BeforeAfter, cross_validate
from boneage.errors import UsageError
from boneage.evaluation.labelled import LabelledFilm, join_report
from boneage.evaluation.labels import read_rows
from boneage.reference.rows import SEXES
from boneage.software import is_regression

MOST_OFFSET_MONTHS: Final = 24.0
"""Readings this far from the answers in the median are not a site's habit but a mistake, and nothing is fitted."""
FAR_OFF_MONTHS: Final = 36.0
"""A film whose reading lies this far from its answer is named, so that the reading can be looked at again."""

_COLUMN: Final = {"combined": "answer", "measurement": "measurement", "regression": "regression"}
"""Route to its name among the answers of a report."""


@dataclass(frozen=True)
class Calibrated:
    """A calibration with what is to be said about it.

    Attributes
    ----------
    site:
        What is to be applied.
    figures:
        Before and after, route by route.
    left_out:
        Why films were left out, with their number.
    far_off:
        Names of films whose reading lies far from the answer.
    repeats:
        Of the cross-validation.
    """

    site: SiteCalibration
    figures: tuple[BeforeAfter, ...]
    left_out: Mapping[str, int]
    far_off: tuple[str, ...]
    repeats: int = REPEATS

    def about(self) -> dict[str, Any]:
        """Return what the file says for people beside what is applied; names of films are not among it."""
        return {
            "left_out": dict(self.left_out),
            "cross_validation": {
                "folds": FOLDS,
                "repeats": self.repeats,
                "figures": [asdict(figure) | {"verdict": figure.verdict} for figure in self.figures],
            },
        }


def site_films(readings: Readings, report: Path) -> tuple[tuple[LabelledFilm, ...], dict[str, int]]:
    """Return the films of a report that may be fitted on, and why the others may not, with their number.

    Raises
    ------
    UsageError
        If the report cannot be read, holds answers that were calibrated already, or no film may be fitted on.

    Notes
    -----
    A grown hand is answered with a bound. The best guess behind it stays where it is while readings go on, and a line
    through both would move the answers of every younger child, so such films are left out.
    """
    rows = read_rows(report, "report", ("path", "id", "status", "model", "version"))
    if any(row.get("calibration") for row in rows):
        msg = f"the answers of {report} have already been corrected by a calibration"
        raise UsageError("already_calibrated", msg, remedy="read the films without --calibration")
    films = join_report(readings.labels, report)
    why = {film.label.id: _why_not(film) for film in films}
    left_out = Counter(readings.left_out) + Counter(reason for reason in why.values() if reason)
    missing = len(readings.labels) - len(films)
    left_out += Counter({"not in the report": missing})
    fit_for_use = tuple(film for film in films if not why[film.label.id])
    if not fit_for_use:
        msg = "no film has an answer to fit on and a reading"
        raise UsageError("nothing_to_fit", msg, remedy="see the report for what stopped the films")
    return fit_for_use, dict(left_out)


def _why_not(film: LabelledFilm) -> str:
    if film.status != "ok":
        return f"{film.status}: {film.problems[0]}" if film.problems else film.status
    if film.sex != film.label.sex:
        return "read with another sex than that of the reading"
    if film.bound_months is not None:
        return "answered with the bound of a grown hand"
    return "" if film.answered else "no answer"


def report_origin(report: Path, origin: Origin) -> Origin:
    """Return what the answers of a report come from, which must be the networks in use.

    Parameters
    ----------
    report:
        Of a batch.
    origin:
        Of the networks and tables in use.

    Raises
    ------
    UsageError
        If the answers come from several versions, from other networks, or from another prior over age than ``origin``.

    Notes
    -----
    The prior stays empty where the report does not say it: where nothing was looked up, and in reports of before it had
    that column.
    """
    rows = [row for row in read_rows(report, "report", ("status", "model", "version")) if _answered(row)]
    made = {(row["model"], row["version"], _lookup_tables(row), row.get("prior", "")) for row in rows}
    if len(made) != 1:
        msg = f"the answers of {report} come from {len(made)} sets of networks, versions, tables and priors"
        raise UsageError("report_mixed", msg, remedy="read all films again in one batch")
    ((models, version, tables, prior),) = made
    named = dict(entry.strip().rpartition(":")[::2] for entry in models.split(";") if entry.strip())
    regressed = any(is_regression(name) for name in named)
    used = {name: sha256 for name, sha256 in origin.models.items() if regressed or not is_regression(name)}
    if {name: sha256[:12] for name, sha256 in used.items()} != named:
        msg = f"the answers of {report} come from other networks than those installed"
        raise UsageError("report_of_other_networks", msg, remedy="read the films again with this version")
    references = dict(entry.split(":", 1) for entry in tables)
    same = references == dict(origin.references) and version == __version__
    if prior and prior != origin.prior:
        msg = f"the answers of {report} were looked up with the prior {prior}, not {origin.prior}"
        raise UsageError("report_of_other_prior", msg, remedy=f"give --prior {prior}, or read the films again")
    return Origin(version, prior, used, references, origin.combination if same else "")


def _answered(row: Mapping[str, str]) -> bool:
    """Tell whether a film has one answer; where the sex was not known it has two, and nothing is fitted on them."""
    return row["status"] == "ok" and bool(row.get("bone_age_months"))


def _lookup_tables(row: Mapping[str, str]) -> tuple[str, ...]:
    """Return the table that an answer was looked up in as ``name:version``, the version empty in an older report."""
    name = row.get("reference", "")
    if not name:
        return ()
    tables = [entry.strip() for entry in row.get("tables", "").split(";")]
    return tuple(table for table in tables if table.startswith(f"{name}:")) or (f"{name}:",)


def calibrate(
    films: Sequence[LabelledFilm],
    *,
    name: str,
    created: str,
    origin: Origin,
    left_out: Mapping[str, int],
    repeats: int = REPEATS,
) -> Calibrated:
    """Fit a calibration on the films of a site, and judge it.

    Parameters
    ----------
    films:
        Answered films with a reading.
    name, created:
        Of the site, and the day of the fit (``YYYY-MM-DD``).
    origin:
        What the answers come from.
    left_out:
        Why films were left out, with their number.
    repeats:
        Of the cross-validation.

    Raises
    ------
    UsageError
        With code ``readings_implausible`` where readings and answers of a sex lie `MOST_OFFSET_MONTHS` apart.
    """
    _check_plausible(films)
    routes: dict[str, RouteCalibration] = {}
    figures: list[BeforeAfter] = []
    for route, chosen in _by_route(films):
        parts = route_films(chosen, route)
        routes[route] = fit_route(parts)
        figures += cross_validate(route, parts, repeats=repeats)
    far_off = [film.label.id for film in films if abs(film.months["answer"] - film.label.months) >= FAR_OFF_MONTHS]
    site = SiteCalibration(name, created, origin, routes)
    return Calibrated(site, tuple(figures), left_out, tuple(far_off), repeats)


def _by_route(films: Sequence[LabelledFilm]) -> Iterable[tuple[str, list[LabelledFilm]]]:
    """Return the films of each route; the answer is a combined one where both routes were taken."""
    for route in ROUTES:
        needed = {"measurement", "regression"} if route == "combined" else {route}
        chosen = [film for film in films if needed <= set(film.months)]
        if chosen:
            yield route, chosen


def route_films(films: Sequence[LabelledFilm], route: str) -> RouteFilms:
    """Return one route's answers and the readings of films that have both."""
    column = _COLUMN[route]
    unknown = (float("nan"), float("nan"))
    intervals = np.array([film.intervals.get(column, unknown) for film in films], dtype=np.float64).reshape(-1, 2)
    return RouteFilms(
        answers=np.array([film.months[column] for film in films], dtype=np.float64),
        readings=np.array([film.label.months for film in films], dtype=np.float64),
        low=intervals[:, 0],
        high=intervals[:, 1],
        sexes=np.array([film.label.sex for film in films], dtype=np.str_),
    )


def _check_plausible(films: Sequence[LabelledFilm]) -> None:
    for sex in SEXES:
        differences = [film.label.months - film.months["answer"] for film in films if film.label.sex == sex]
        if differences and abs(median(differences)) > MOST_OFFSET_MONTHS:
            msg = (
                f"half of the readings of sex {sex} lie more than {MOST_OFFSET_MONTHS:.0f} months from the answers: "
                "this is no habit of a site"
            )
            remedy = "check that readings are months, that rows belong to their films, and the sexes"
            raise UsageError("readings_implausible", msg, remedy=remedy)
