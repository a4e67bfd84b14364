"""Films and manifests are never written over: what a batch would write must not be among what it reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from boneage.batch.inputs import FilmRequest
from boneage.errors import UsageError
from boneage.outputs import SUFFIXES, check_not_inputs


def check_overlap(
    inputs: Sequence[Path], requests: Sequence[FilmRequest], reports: Iterable[Path], output_dir: Path | None
) -> None:
    """See that no output of a batch is one of its inputs.

    Parameters
    ----------
    inputs:
        As given: files, folders or a manifest.
    requests:
        The films behind them, with their stems.
    reports:
        The report and what is kept beside it.
    output_dir:
        Folder for the files of each film, ``None`` for none.

    Raises
    ------
    UsageError
        ``output_is_an_input``.
    """
    written = list(reports)
    if output_dir is not None:
        written += [output_dir / f"{request.stem}{suffix}" for request in requests for suffix in SUFFIXES]
    check_not_inputs(written, (*inputs, *(request.path for request in requests)))


def check_folders(inputs: Sequence[Path], output_dir: Path | None) -> None:
    """See that no folder of films lies in the folder for outputs, whose files are no films.

    Raises
    ------
    UsageError
        ``output_is_an_input``.
    """
    if output_dir is None:
        return
    outputs = output_dir.resolve()
    for path in inputs:
        if path.is_dir() and outputs in (path.resolve(), *path.resolve().parents):
            msg = f"the folder of films {path} is, or lies in, the folder for the outputs {output_dir}"
            raise UsageError("output_is_an_input", msg, remedy="name another folder for the outputs")
