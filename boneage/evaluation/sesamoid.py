"""How many films of each year of age show an outlined sesamoid: what can be said where nobody drew one."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from boneage.anatomy import LABEL_VALUES, SESAMOID
from boneage.evaluation.labels import Label
from boneage.radiograph.ages import MONTHS_PER_YEAR
from boneage.reference.rows import SEX_NAMES


@dataclass(frozen=True)
class Shown:
    """Answered films of one year of age and sex, and how many of them have an outlined sesamoid."""

    films: int
    outlined: int

    def __str__(self) -> str:
        """Return it as ``3 of 10 (30 %)``, a dash where there are no films."""
        return f"{self.outlined} of {self.films} ({100 * self.outlined / self.films:.0f} %)" if self.films else "–"


def sesamoids_by_age(answers: Path, labels: Mapping[str, Label]) -> dict[tuple[int, str], Shown]:
    """Count outlined sesamoids by year of age and sex.

    Parameters
    ----------
    answers:
        The ``--output-dir`` of a batch on films named by id.
    labels:
        Labels by id; films without one, and films that were not answered, are left out.

    Returns
    -------
    dict
        (whole year of the label, ``M`` or ``F``) to its films.
    """
    from PIL import Image

    found: dict[tuple[int, str], list[bool]] = defaultdict(list)
    for path in sorted(answers.glob("*.json")):
        label = labels.get(path.stem)
        if label is None or json.loads(path.read_text(encoding="utf-8"))["status"] != "ok":
            continue
        with Image.open(path.with_name(f"{path.stem}_labels.png")) as image:
            outlined = bool((np.asarray(image) == LABEL_VALUES[SESAMOID]).any())
        found[int(label.months // MONTHS_PER_YEAR), label.sex].append(outlined)
    return {place: Shown(len(films), sum(films)) for place, films in sorted(found.items())}


def sesamoids_to_markdown(shown: Mapping[tuple[int, str], Shown], *, command: str) -> str:
    """Return the counts as a Markdown table, one row a year, that names the command."""
    lines = [f"`{command}`", "", "| year of age | " + " | ".join(SEX_NAMES.values()) + " |", "|--:|--:|--:|"]
    for year in sorted({year for year, _ in shown}):
        cells = (str(shown.get((year, sex), Shown(0, 0))) for sex in SEX_NAMES)
        lines.append(f"| {year} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])
