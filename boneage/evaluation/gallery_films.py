"""Which films a gallery shows, in which order, and what is known of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from boneage.batch.inputs import FilmRequest
from boneage.batch.reading import read_request
from boneage.estimate import Estimator
from boneage.evaluation.labels import Label
from boneage.outputs import film_stem
from boneage.radiograph.ages import MONTHS_PER_YEAR
from boneage.report.tiles import GalleryFilm


@dataclass(frozen=True)
class Chosen:
    """A film of the gallery before it is read: where it is, its name, and its label where there is one."""

    request: FilmRequest
    id: str
    label: Label | None = None


def choose(requests: Iterable[FilmRequest], labels: Mapping[str, Label]) -> tuple[Chosen, ...]:
    """Join films to their labels by id (or file name without its ending); labelled ones come first, by age.

    Without labels the films keep their order.
    """
    films = []
    for request in requests:
        name = request.id or film_stem(request.path)
        films.append(Chosen(request, name, labels.get(name)))
    return tuple(sorted(films, key=lambda film: float("inf") if film.label is None else film.label.months))


def some_of_each_year(labels: Iterable[Label], *, per_year: int, seed: int = 0) -> tuple[Label, ...]:
    """Draw films of every year of age, boys and girls in turn, the youngest year first.

    Parameters
    ----------
    labels:
        To draw from.
    per_year:
        So many of each year; fewer where there are not so many.
    seed:
        Another one draws other films.
    """
    generator = np.random.default_rng(seed)
    by_year: dict[int, list[Label]] = {}
    for label in sorted(labels, key=lambda known: known.id):
        by_year.setdefault(int(label.months // MONTHS_PER_YEAR), []).append(label)
    drawn: list[Label] = []
    for year in sorted(by_year):
        films = [by_year[year][place] for place in generator.permutation(len(by_year[year]))]
        drawn += sorted(_in_turn(films)[:per_year], key=lambda label: label.months)
    return tuple(drawn)


def _in_turn(films: Sequence[Label]) -> list[Label]:
    """Order films so that the sexes alternate for as long as there are films of both."""
    places: dict[str, int] = {}
    ranked = []
    for film in films:
        places[film.sex] = places.get(film.sex, 0) + 1
        ranked.append((places[film.sex], film))
    return [film for _, film in sorted(ranked, key=lambda pair: pair[0])]


def read_gallery(films: Iterable[Chosen], estimator: Estimator) -> Iterator[GalleryFilm]:
    """Read films one after the other; each is given the sex of its request, or else of its label."""
    for film in films:
        request = film.request
        known = film.label.sex if film.label is not None else None
        sex = request.sex or ("M" if known == "M" else "F" if known == "F" else None)
        reading = read_request(estimator, replace(request, sex=sex))
        yield GalleryFilm(reading, film.id, sex, None if film.label is None else film.label.months)
