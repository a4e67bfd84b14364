"""A real film of more than 100 MB: it is read and answered, within bounds of time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from made_films import EXAMPLE, LARGEST_ROWS, dicom_film

MOST_PROCESSOR_SECONDS: Final = 20.0
"""Of the whole command, its imports and networks included: it took 4 s (2026-11-26, two cores), of which the film 2.

Time on the processor, since the clock on the wall depends on what else the machine does.
"""

MOST_BYTES: Final = 2 * 2**30
"""Of memory: it took 0.8 GB."""


def answer_of(film: Path, out: Path) -> tuple[dict[str, float], float, int]:
    """The bone age that `boneage predict` reads, the seconds on the processor and the bytes of memory that it took."""
    words = [sys.executable, "-m", "boneage", "predict", str(film), "--sex", "M", "--json"]
    with out.open("wb") as stream:
        process = subprocess.Popen(words, stdout=stream)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    answer: dict[str, float] = json.loads(out.read_text())["bone_age"]
    return answer, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "wait4"), reason="what one process took is not known on this system")
def test_a_film_of_more_than_100_megabytes_is_answered_as_the_film_that_it_was_made_from(tmp_path: Path) -> None:
    film = tmp_path / "large.dcm"
    film.write_bytes(dicom_film(LARGEST_ROWS))
    assert film.stat().st_size > 100 * 2**20
    answer, seconds, memory = answer_of(film, tmp_path / "large.json")
    expected, _, _ = answer_of(EXAMPLE, tmp_path / "small.json")
    print(f"{seconds:.1f} s on the processor, {memory / 2**30:.2f} GB")  # noqa: T201
    assert answer["months"] == pytest.approx(expected["months"], abs=3)
    assert seconds < MOST_PROCESSOR_SECONDS
    assert memory < MOST_BYTES
