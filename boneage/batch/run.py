"""A whole batch: one row for every input, in input order, written at the end and never half."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from boneage.batch.inputs import FilmRequest, find_films
from boneage.batch.journal import Journal, Row, file_hash, film_key, run_digest
from boneage.batch.overlap import check_folders, check_overlap
from boneage.batch.workers import EstimatorFactory, Task, Work, work_here, work_in_processes
from boneage.errors import UsageError
from boneage.estimate import Estimator
from boneage.options import EstimateOptions
from boneage.outputs import make_folder, write_whole
from boneage.report.csv_row import csv_text

LOGGER = logging.getLogger(__name__)
Progress = Callable[[int, int], None]
"""Told how many films are done, of how many."""


@dataclass(frozen=True)
class BatchOptions:
    """How a batch is run.

    Attributes
    ----------
    output:
        The report, a CSV.
    output_dir:
        Folder for the JSON and pictures of each film, ``None`` for none.
    workers:
        Number of processes.
    resume:
        Keep the rows that an earlier run of the same report has done.
    estimate:
        How the films are read.
    factory:
        Makes the estimator of each process.
    """

    output: Path
    output_dir: Path | None = None
    workers: int = 1
    resume: bool = False
    estimate: EstimateOptions = field(default_factory=EstimateOptions)
    factory: EstimatorFactory = Estimator

    def __post_init__(self) -> None:
        if self.workers < 1:
            msg = f"{self.workers} workers can do nothing"
            raise UsageError("bad_workers", msg, remedy="give --workers a number from 1 on")
        if self.output.is_dir():
            msg = f"the report {self.output} is a folder"
            raise UsageError("output_is_a_folder", msg, remedy="name a file, for instance report.csv")

    @property
    def journal(self) -> Path:
        """Where the rows that are done are kept, beside the report."""
        return self.output.with_name(f"{self.output.name}.done.jsonl")


@dataclass(frozen=True)
class BatchSummary:
    """How a batch ended: the number of films by status, and how many rows were kept from an earlier run."""

    counts: dict[str, int]
    kept: int

    @property
    def films(self) -> int:
        """Number of rows."""
        return sum(self.counts.values())


def run_batch(inputs: Sequence[Path], options: BatchOptions, *, progress: Progress | None = None) -> BatchSummary:
    """Read all films and write the report.

    Parameters
    ----------
    inputs:
        Files and folders, or one manifest.
    options:
        How the batch is run.
    progress:
        Told after every film how many of how many are done.

    Raises
    ------
    UsageError
        If there is no film to read, the manifest is not one, or an output would be written over an input.
    OutputError
        If the report cannot be written; this is found out before the first film is read.
    """
    check_folders(inputs, options.output_dir)
    make_folder(options.output.parent)
    if options.output_dir is not None:
        make_folder(options.output_dir)
    outputs = [options.output, options.journal, *([options.output_dir] if options.output_dir else [])]
    requests = find_films(inputs, leave_out=outputs)
    check_overlap(inputs, requests, (options.output, options.journal), options.output_dir)
    run = run_digest(options.estimate)
    with Journal(options.journal, options.resume) as journal:
        rows = _kept_rows(requests, journal, run, options)
        kept = len(rows)
        LOGGER.info("%d films, %d of them done before", len(requests), kept)
        tasks = [(index, request) for index, request in enumerate(requests) if index not in rows]
        for index, row in _work(tasks, options):
            rows[index] = row
            journal.add(film_key(requests[index], run, _hash_in(row)), row)
            if progress is not None:
                progress(len(rows), len(requests))
    text = csv_text([rows[index] for index in range(len(requests))])
    write_whole(options.output, text.encode("utf-8", "backslashreplace"))
    return BatchSummary(dict(Counter(str(row["status"]) for row in rows.values())), kept)


def _work(tasks: list[Task], options: BatchOptions) -> Iterator[tuple[int, Row]]:
    work = Work(options.estimate, options.output_dir, options.factory)
    if options.workers == 1 or len(tasks) <= 1:
        return work_here(tasks, work)
    return work_in_processes(tasks, work, workers=min(options.workers, len(tasks)))


def _kept_rows(requests: Sequence[FilmRequest], journal: Journal, run: str, options: BatchOptions) -> dict[int, Row]:
    """Return the rows that need no work, by index: same film, same words about it, same run, its files still there."""
    kept: dict[int, Row] = {}
    if not journal.rows:
        return kept
    for index, request in enumerate(requests):
        key = None if request.problem else film_key(request, run, file_hash(request.path))
        there = options.output_dir is None or (options.output_dir / f"{request.stem}.json").is_file()
        if key in journal.rows and there:
            kept[index] = journal.rows[key]
    return kept


def _hash_in(row: Row) -> str | None:
    return str(row["sha256"]) if row["sha256"] else None
