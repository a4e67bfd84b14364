"""Fit the weights of `boneage.radiograph.polarity` on the training films and report their accuracy on the tuning films.

    python -m boneage.training.polarity

Every third training film is used as it is and once changed: cropped, framed in black, grey or white, turned by quarter
turns, with noise and another gamma. All RSNA films have bone bright; the inverted ones are made by inverting them.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from boneage.radiograph.polarity import CONTRADICTS_BELOW, INVERTED_BELOW, WEIGHTS, polarity_features
from boneage.training.films import FilmRecord, data_root, read_records, stored_pictures

LOGGER = logging.getLogger(__name__)
_GAMMAS: Final = (0.4, 0.6, 0.8, 1.0, 1.3, 1.8, 2.5)
_NOISES: Final = (0.0, 0.01, 0.03)
_FRAMES: Final = (0.0, 0.0, 0.04, 0.1, 0.2)
_FRAME_GREYS: Final = (0.0, 1.0, 1.0, 0.5)
_LONGEST: Final = 320


def load_small(root: Path, records: list[FilmRecord]) -> list[NDArray[np.float32]]:
    """Return the films of ``records``, aspect restored, at most 320 pixels, 0..1."""
    wanted = {record.id: record for record in records if record.height > 0}
    films: dict[str, NDArray[np.float32]] = {}
    for film, picture in stored_pictures(root, wanted):
        record = wanted[film]
        factor = _LONGEST / max(record.height, record.width)
        size = (round(record.width * factor), round(record.height * factor))
        grey = picture.convert("L").resize(size, Image.Resampling.BICUBIC)
        films[film] = np.asarray(grey, dtype=np.float32) / np.float32(255)
    return [films[record.id] for record in records if record.id in films]


def disturbed(film: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Return the film as a careless export might show it, bone still bright."""
    rows, columns = film.shape
    if rng.random() < 0.5:
        part = rng.uniform(0.55, 0.95)
        top, left = int(rng.uniform(0, 1 - part) * rows), int(rng.uniform(0, 1 - part) * columns)
        film = film[top : top + int(part * rows), left : left + int(part * columns)]
    low, high = np.percentile(film, [0.5, 99.5])
    film = np.clip((film - low) / max(float(high - low), 1e-3), 0, 1) ** rng.choice(_GAMMAS)
    film = np.rot90(film + rng.normal(0, 1, film.shape) * rng.choice(_NOISES), int(rng.integers(4)))
    if rng.random() < 0.6:
        widths = [int(rng.choice(_FRAMES) * max(film.shape)) for _ in range(4)]
        grey = float(rng.choice(_FRAME_GREYS))
        film = np.pad(film, ((widths[0], widths[1]), (widths[2], widths[3])), constant_values=grey)
    return film.astype(np.float32)


def measures(films: list[NDArray[np.float32]]) -> NDArray[np.float64]:
    """Return one row of measures a film, in the order of `WEIGHTS`."""
    return np.array([[polarity_features(film)[name] for name in WEIGHTS] for film in films])


def fit(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weights of a logistic regression without intercept; ``-rows`` are the inverted films."""
    from scipy.optimize import minimize

    def loss(weights: NDArray[np.float64]) -> float:
        return float(np.logaddexp(0, -(rows @ weights)).mean() + 1e-5 * (weights**2).sum())

    return np.asarray(minimize(loss, np.zeros(rows.shape[1]), method="BFGS").x)


def report(name: str, scores: NDArray[np.float64]) -> None:
    """Log how many films are judged right as they are and inverted, by both limits."""
    for limit in (INVERTED_BELOW, CONTRADICTS_BELOW):
        kept, turned = float((scores >= limit).mean()), float((-scores < limit).mean())
        LOGGER.info(
            "%s: %d films, limit %g: %.4f kept, %.4f turned when inverted", name, len(scores), limit, kept, turned
        )


def main() -> None:
    """Fit, print the weights to the log, and report."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    root, rng = data_root(), np.random.default_rng(0)
    records = read_records(root)
    train = load_small(root, [record for record in records if record.split == "train"][::3])
    rows = np.concatenate([measures(train), measures([disturbed(film, rng) for film in train])])
    weights = fit(rows)
    LOGGER.info("weights %s", {name: round(float(value), 2) for name, value in zip(WEIGHTS, weights, strict=True)})
    tune = load_small(root, [record for record in records if record.split == "tune"])
    report("tune", measures(tune) @ weights)
    report("tune, disturbed", measures([disturbed(film, rng) for film in tune]) @ weights)


if __name__ == "__main__":
    main()
