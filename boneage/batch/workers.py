"""Who works on the films of a batch: this process, or several whose networks load once each."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from boneage.batch.inputs import FilmRequest
from boneage.batch.journal import Row
from boneage.batch.reading import read_request
from boneage.errors import BoneAgeError, OutputError, ReadError
from boneage.estimate import Estimator
from boneage.options import EstimateOptions
from boneage.outputs import write_reading
from boneage.report.csv_row import csv_row
from boneage.result import errored
from boneage.unforeseen import without_message

LOGGER = logging.getLogger(__name__)
Task = tuple[int, FilmRequest]
EstimatorFactory = Callable[[EstimateOptions], Estimator]


@dataclass(frozen=True)
class Work:
    """What a worker does with each film.

    Attributes
    ----------
    options:
        How the films are read.
    output_dir:
        Folder for the files of each film, ``None`` for none.
    factory:
        Makes the estimator; must be a function of a module where several processes work.
    """

    options: EstimateOptions
    output_dir: Path | None = None
    factory: EstimatorFactory = Estimator


def film_row(estimator: Estimator, request: FilmRequest, output_dir: Path | None) -> Row:
    """Read one film, write its files where wanted, and return its row."""
    reading = read_request(estimator, request)
    if output_dir is not None:
        try:
            write_reading(reading, output_dir, stem=request.stem)
        except OutputError as error:
            reading = replace(reading, result=errored(reading.result.input, error))
        except Exception as error:  # One film's pictures must not end the batch; the row says that they are missing.
            LOGGER.debug("unexpected %s", without_message(error))
            msg = f"an unexpected {type(error).__name__} stopped the writing of this film's files"
            reading = replace(reading, result=errored(reading.result.input, BoneAgeError("unexpected_error", msg)))
    return csv_row(reading.result, identifier=request.id)


def work_here(tasks: Iterable[Task], work: Work) -> Iterator[tuple[int, Row]]:
    """Read the films one after the other in this process."""
    estimator = work.factory(work.options)
    for index, request in tasks:
        yield index, film_row(estimator, request, work.output_dir)


def work_in_processes(tasks: Iterable[Task], work: Work, *, workers: int) -> Iterator[tuple[int, Row]]:
    """Read the films in several processes; rows come as they are finished.

    A film that kills its process (for instance by taking all memory) gets a row that says so, and the others go on.
    """
    pending = deque(tasks)
    while pending:
        flying: dict[Future[Row], Task] = {}
        try:
            with _pool(work, workers) as pool, _giving_up(pool):
                while pending or flying:
                    while pending and len(flying) < 2 * workers:
                        flying[pool.submit(_work, pending[0][1])] = pending[0]
                        pending.popleft()
                    for future in wait(flying, return_when=FIRST_COMPLETED).done:
                        row = future.result()
                        index, _ = flying.pop(future)
                        yield index, row
        except BrokenProcessPool:
            LOGGER.warning("a worker process died; its films are tried once more, one by one")
            for index, request in flying.values():
                yield index, _work_alone(request, work)


@contextmanager
def _giving_up(pool: ProcessPoolExecutor) -> Iterator[None]:
    """Begin no film that still waits once the batch is interrupted: its row would go nowhere."""
    try:
        yield
    except (KeyboardInterrupt, GeneratorExit):
        pool.shutdown(wait=False, cancel_futures=True)
        raise


def _work_alone(request: FilmRequest, work: Work) -> Row:
    """Read a film in a process of its own, which it may kill."""
    try:
        with _pool(work, 1) as pool:
            return pool.submit(_work, request).result()
    except BrokenProcessPool:
        msg = "the process that read this film died, most likely for lack of memory"
        error = ReadError("worker_died", msg, remedy="use fewer --workers, or shrink the film")
        return csv_row(errored(request.shown, error), identifier=request.id)


def _pool(work: Work, workers: int) -> ProcessPoolExecutor:
    # Fresh processes: forking one that has threads of a numerical library may hang it.
    context = multiprocessing.get_context("spawn")
    threads = max(1, (os.cpu_count() or 1) // workers)
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=(work, threads))


_STATE: dict[str, tuple[Estimator, Path | None]] = {}
"""In a worker process: its estimator, kept from film to film."""


def _start(work: Work, threads: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # An interruption is the parent's to handle.
    os.environ["OMP_NUM_THREADS"] = str(threads)  # Read when torch is imported, which has not happened yet.
    _STATE["worker"] = (work.factory(work.options), work.output_dir)


def _work(request: FilmRequest) -> Row:
    estimator, output_dir = _STATE["worker"]
    return film_row(estimator, request, output_dir)
