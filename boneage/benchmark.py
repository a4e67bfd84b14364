"""How long a film takes in a process that has read one before (warm) and in a fresh one (cold), and the memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from boneage.errors import BoneAgeError, UsageError
from boneage.estimate import Estimator
from boneage.network_cost import NetworkCost, network_costs
from boneage.options import EstimateOptions, SexWord

if TYPE_CHECKING:
    from rich.table import Table

EXAMPLE: Final = Path(__file__).resolve().parent.parent / "examples" / "films" / "rsna_1744.webp"
"""The film of a source checkout that is used where none is named."""

MEGABYTE: Final = 1024.0**2


@dataclass(frozen=True)
class BenchmarkOptions:
    """What is measured.

    Attributes
    ----------
    film:
        The film; ``None`` takes the example of a source checkout.
    repeats:
        Warm readings, of which the median counts (one more goes before and does not count).
    cold_repeats:
        Fresh processes, of which the median counts.
    sex:
        As for one film; ``unknown`` looks up and regresses twice.
    estimate:
        How the film is read.
    """

    film: Path | None = None
    repeats: int = 5
    cold_repeats: int = 3
    sex: SexWord = "M"
    estimate: EstimateOptions = field(default_factory=EstimateOptions)


@dataclass(frozen=True)
class BenchmarkFigures:
    """What came out.

    Attributes
    ----------
    film, rows, columns, status:
        The film, its size and how its reading ended.
    warm_seconds:
        Median seconds of each stage, and ``total``.
    cold_seconds:
        Median wall-clock seconds of ``boneage predict`` in a fresh process, start-up included.
    warm_peak_mb, cold_peak_mb:
        Largest resident memory of either process in MiB, ``None`` where the system does not tell.
    networks:
        What the networks alone need, beside the stages that run them.
    cores, threads, repeats, cold_repeats:
        The conditions; ``threads`` are those that the networks run on.
    """

    film: str
    rows: int | None
    columns: int | None
    status: str
    warm_seconds: dict[str, float]
    cold_seconds: float
    warm_peak_mb: float | None
    cold_peak_mb: float | None
    cores: int
    threads: int | None
    repeats: int
    cold_repeats: int
    networks: tuple[NetworkCost, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain JSON types."""
        return asdict(self)


def benchmark_film(options: BenchmarkOptions, *, estimator: Estimator | None = None) -> BenchmarkFigures:
    """Measure one film.

    Parameters
    ----------
    options:
        What is measured.
    estimator:
        Reads the warm films; one of the installed package by default.

    Raises
    ------
    UsageError
        If no film is named and none is at hand.
    BoneAgeError
        If the film cannot be read.
    """
    film = options.film or EXAMPLE
    if options.film is None and not film.is_file():
        msg = "no film was named, and this installation has no example film"
        raise UsageError("no_films", msg, remedy="name one: boneage benchmark FILM")
    cold = [_cold_reading(film, options) for _ in range(options.cold_repeats)]
    reader = estimator or Estimator(options.estimate)
    readings = [reader.estimate(film, sex=options.sex).result for _ in range(options.repeats + 1)]
    first, warm = readings[0], readings[1:]
    if first.status == "error":
        problem = first.problems[0]
        raise BoneAgeError(problem.code, problem.message, remedy=problem.remedy)
    stages = [name for name, value in asdict(first.seconds).items() if value is not None]
    return BenchmarkFigures(
        film=film.name,
        rows=first.input.rows,
        columns=first.input.columns,
        status=first.status,
        warm_seconds={name: statistics.median(getattr(result.seconds, name) for result in warm) for name in stages},
        cold_seconds=statistics.median(seconds for seconds, _ in cold),
        warm_peak_mb=_own_peak_mb(),
        cold_peak_mb=max((peak for _, peak in cold if peak is not None), default=None),
        cores=os.cpu_count() or 1,
        threads=_network_threads(),
        repeats=options.repeats,
        cold_repeats=options.cold_repeats,
        networks=network_costs(repeats=options.repeats) if estimator is None else (),
    )


def _cold_reading(film: Path, options: BenchmarkOptions) -> tuple[float, float | None]:
    """Return the wall-clock seconds and peak memory (MiB) of one ``boneage predict`` in a fresh process."""
    words = [sys.executable, "-m", "boneage", "predict", str(film), "--json", "--sex", options.sex]
    words += ["--method", options.estimate.method]
    if options.estimate.reference:
        words += ["--reference", options.estimate.reference]
    start = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if not hasattr(os, "wait4"):
        process.wait()
        return time.perf_counter() - start, None
    _, _, usage = os.wait4(process.pid, 0)
    return time.perf_counter() - start, _megabytes(usage.ru_maxrss)


def _own_peak_mb() -> float | None:
    try:
        import resource
    except ImportError:  # Not on every system.
        return None
    return _megabytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _megabytes(maxrss: int) -> float:
    """Return MiB; Linux counts the peak in KiB, macOS in bytes."""
    return maxrss / MEGABYTE if sys.platform == "darwin" else maxrss / 1024.0


def _network_threads() -> int | None:
    torch = sys.modules.get("torch")
    return None if torch is None else int(torch.get_num_threads())


def figures_table(figures: BenchmarkFigures) -> Table:
    """Return the figures as a table for a terminal."""
    from rich.table import Table

    title = f"{figures.film} ({figures.columns} x {figures.rows}, {figures.status}) on {figures.cores} cores"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("")
    table.add_column("seconds", justify="right")
    for stage, seconds in figures.warm_seconds.items():
        table.add_row(f"warm, {stage}", f"{seconds:.3f}")
    for cost in figures.networks:
        operations = (
            f"{cost.multiplications / 1e9:.2f} G multiplications, {cost.least_seconds:.3f} s as a matrix product"
        )
        table.add_row(f"network alone, {cost.name} ({operations})", f"{cost.seconds:.3f}")
    table.add_row("cold, fresh process", f"{figures.cold_seconds:.3f}")
    for name, peak in (("warm", figures.warm_peak_mb), ("cold", figures.cold_peak_mb)):
        table.add_row(f"peak memory, {name}", "not measured" if peak is None else f"{peak:.0f} MiB")
    return table
