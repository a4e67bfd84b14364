"""A folder of answers (the JSON of each film) brought together with labels, without reading a film again."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boneage.errors import UsageError
from boneage.evaluation.labelled import ROUTES, Interval, LabelledFilm, in_label_order, join_report
from boneage.evaluation.labels import Label, labels_by_path
from boneage.outputs import film_stem
from boneage.software import installed_models, is_regression

LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class Made:
    """What gave an answer: ``networks``, the ``table`` that it was looked up in and a ``site`` calibration are named
    ``name:hash``, each sorted and none where there was none.
    """

    version: str
    networks: tuple[str, ...]
    table: tuple[str, ...]
    site: tuple[str, ...]


@dataclass(frozen=True)
class Answers:
    """The labelled films of a folder of answers.

    Attributes
    ----------
    films:
        In the order of the labels.
    made_by:
        What gave the answers, with the number of films, most first. More than one: the folder is mixed.
    strangers:
        Number of answers without a label.
    """

    films: tuple[LabelledFilm, ...]
    made_by: Mapping[Made, int]
    strangers: int


def read_answers(labels: Mapping[str, Label], folder: Path) -> Answers:
    """Read the JSON files that ``--output-dir`` of a batch wrote.

    An answer belongs to the label that names its path; else to the label whose id is the name of the JSON file, or of
    the film, without the ending.

    Raises
    ------
    UsageError
        If the folder is none, a file in it is not an answer, or two answers belong to one label.
    """
    if not folder.is_dir():
        msg = f"{folder} is not a folder"
        raise UsageError("answers_not_a_folder", msg, remedy="name the folder of a batch's JSON files")
    by_path = labels_by_path(labels.values())
    films: dict[str, LabelledFilm] = {}
    made_by: Counter[Made] = Counter()
    strangers = 0
    for path in sorted(folder.glob("*.json")):
        document = _document(path)
        shown = str(document["input"]["path"])
        label = by_path.get(shown) or labels.get(path.stem) or labels.get(film_stem(shown))
        if label is None:
            strangers += 1
            continue
        if label.id in films:
            msg = f"two answers of {folder} belong to the label {label.id}"
            raise UsageError("answers_twice", msg, remedy="empty the folder and read the films again")
        films[label.id] = _film(label, document)
        if document["status"] == "ok":
            made_by[_made(document)] += 1
    return Answers(in_label_order(labels, films), dict(made_by.most_common()), strangers)


def _document(path: Path) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        _ = document["status"], document["reasons"], document["input"]["path"], document["estimates"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{path} is not an answer of this program ({type(error).__name__})"
        raise UsageError("answers_unreadable", msg, remedy="name the folder of a batch's JSON files") from error
    return document


def _film(label: Label, document: Mapping[str, Any]) -> LabelledFilm:
    routes = {"answer": document.get("bone_age"), **(document["estimates"] or {})}
    given = {route: routes[route] for route in ROUTES if routes.get(route)}
    reasons = document["reasons"]
    return LabelledFilm(
        label=label,
        status=str(document["status"]),
        problems=tuple(reason["code"] for reason in reasons if reason.get("severity", "error") == "error"),
        warnings=tuple(reason["code"] for reason in reasons if reason.get("severity") == "warning"),
        months={route: float(age["months"]) for route, age in given.items()},
        intervals={route: _interval(age["interval_95"]) for route, age in given.items() if age.get("interval_95")},
        sex=(document["input"].get("sex") or {}).get("value") or "",
        bound_months=(document.get("bone_age") or {}).get("bound_months"),
    )


def _interval(ends: tuple[float, float]) -> Interval:
    return float(ends[0]), float(ends[1])


def _made(document: Mapping[str, Any]) -> Made:
    software = document.get("software") or {}
    networks = [f"{model['name']}:{model['sha256'][:12]}" for model in software.get("models", ())]
    answers = (document, *(document.get("by_sex") or {}).values())
    routes = [(answer.get("estimates") or {}).get("measurement") or {} for answer in answers]
    looked_up_in = {route.get("reference") for route in routes}
    tables = [table for table in software.get("references", ()) if table["name"] in looked_up_in]
    stamp = document.get("calibration")
    return Made(
        str(software.get("version", "")),
        tuple(sorted(networks)),
        tuple(sorted(f"{table['name']}:{table['version'].removeprefix('sha256:')}" for table in tables)),
        (f"calibration {stamp['name']}:{stamp['sha256'][:12]}",) if stamp else (),
    )


def evaluated_films(
    labels: Mapping[str, Label], *, report: Path | None, answers: Path | None
) -> tuple[tuple[LabelledFilm, ...], tuple[str, ...]]:
    """Return the labelled films of a report, a folder of answers, or a run that wrote both, with remarks on them.

    Raises
    ------
    UsageError
        If neither is given, one cannot be read, or nothing in them has a label.
    """
    if answers is None and report is not None:
        films = join_report(labels, report)
        return films, tuple(_sex_remarks(films))
    if answers is None:
        msg = "there is neither a report nor a folder of answers"
        raise UsageError("which_films", msg, remedy="give one")
    read = read_answers(labels, answers)
    films = read.films if report is None else confirmed_by(join_report(labels, report), read.films)
    if not films:
        msg = f"no answer in {answers} has a label"
        raise UsageError("labels_do_not_fit", msg, remedy="the JSON files must be named by the ids of the labels")
    strangers = [f"{read.strangers} answers without a label are left out."] if read.strangers and not report else []
    return films, (*_made_remarks(read.made_by), *strangers, *_sex_remarks(films))


def _made_remarks(made_by: Mapping[Made, int]) -> Iterator[str]:
    """Yield what gave the answers, and a warning where that is not one and the same, or not what is installed."""
    for made, count in made_by.items():
        parts = (*sorted((*made.networks, *made.table)), *made.site)
        yield f"Answers of {count} films by boneage {made.version}, {', '.join(parts)}."
    if len(made_by) > 1:
        LOGGER.warning("the answers are of different networks, tables or versions")
        yield "**Mixed: the answers are of different networks, tables or versions; read the films again.**"
    installed = {f"{model.name}:{model.sha256[:12]}" for model in installed_models()}
    whole = (installed, {part for part in installed if not is_regression(part)})
    if any(set(made.networks) not in whole for made in made_by):
        LOGGER.warning("the answers are not of the networks that are installed")
        yield "Not of the networks that are installed now."


def _sex_remarks(films: tuple[LabelledFilm, ...]) -> Iterator[str]:
    other = sum(bool(film.label.sex and film.sex) and film.label.sex != film.sex for film in films)
    if other:
        LOGGER.warning("%d films were read with another sex than that of their label", other)
        yield f"**{other} films were read with another sex than that of their label.**"


def confirmed_by(report: tuple[LabelledFilm, ...], answers: tuple[LabelledFilm, ...]) -> tuple[LabelledFilm, ...]:
    """Return the films of a report, each with what its JSON knows beyond it.

    A JSON that does not say what the row says is left from an earlier run (a film that killed its process writes
    none), and the row is believed.
    """
    known = {film.label.id: film for film in answers}
    films = []
    for film in report:
        beside = known.get(film.label.id)
        films.append(beside if beside is not None and _say_the_same(film, beside) else film)
    return tuple(films)


def _say_the_same(row: LabelledFilm, document: LabelledFilm) -> bool:
    one, other = row.months.get("answer"), document.months.get("answer")
    if row.status != document.status or (one is None) != (other is None):
        return False
    return one is None or other is None or abs(one - other) < 0.02
