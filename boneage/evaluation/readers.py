"""How far several readers of the same films lie apart: the measure that any tool is held against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from boneage.evaluation.groups import ALL
from boneage.evaluation.labels import Label
from boneage.evaluation.metrics import AgeFigures, Figure, Floats, age_figures, bootstrap, root_mean_square
from boneage.evaluation.tidy import FigureRow

READERS = "readers"


def reader_sd(film_sds: Floats) -> Figure:
    """Return the readers' standard deviation in months, pooled over films, with its bootstrap interval over films.

    Parameters
    ----------
    film_sds:
        Standard deviation of the readings of each film (n − 1 in the denominator), shape (n,).
    """
    return bootstrap(film_sds, root_mean_square)


def reader_rows(labels: Iterable[Label]) -> Iterator[FigureRow]:
    """Yield the pooled SD of the readers, and each reader against the mean of the others; nothing for one reading.

    Films with fewer than two readings take no part.
    """
    read = [label for label in labels if len(label.readers) > 1]
    if not read:
        return
    film_sds = np.array([np.std(list(label.readers.values()), ddof=1) for label in read])
    yield FigureRow(READERS, ALL, "sd", reader_sd(film_sds), len(read))
    for reader in sorted({name for label in read for name in label.readers}):
        figures = _against_the_others(reader, [label for label in read if reader in label.readers])
        for metric in ("mad", "rmse", "bias"):
            yield FigureRow(reader, ALL, metric, getattr(figures, metric), figures.films)


def _against_the_others(reader: str, labels: list[Label]) -> AgeFigures:
    others = [[age for name, age in label.readers.items() if name != reader] for label in labels]
    return age_figures([label.readers[reader] for label in labels], [sum(ages) / len(ages) for ages in others])
