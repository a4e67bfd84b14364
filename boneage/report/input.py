"""From the file that a report is asked of to its material: a film that is read now, or an earlier result."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boneage.errors import ReadError
from boneage.options import EstimateOptions
from boneage.report.formats import Format
from boneage.report.material import Material, material_of
from boneage.report.speech import ENGLISH, Speech
from boneage.result import Reading, Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydicom.dataset import Dataset


def is_result(path: Path) -> bool:
    """Tell by its first character whether a file is a JSON object; films are told apart by their content too."""
    try:
        with path.open("rb") as file:
            return file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
    except (OSError, ValueError):  # The reader of films says what is wrong with the path.
        return False


def earlier_result(
    path: Path, formats: Sequence[Format], *, with_identifiers: bool = False, speech: Speech = ENGLISH
) -> Material:
    """Return the material of a result that `boneage predict` wrote.

    Raises
    ------
    ReadError
        ``result_unreadable`` where the file is no such JSON.
    UsageError
        ``report_needs_film`` where a format needs more than the result.
    """
    for entry in formats:
        if entry.needs_film:
            raise entry.no_film()
    try:
        result = Result.from_dict(json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        msg = "the file is JSON, but not a result that this version reads"
        raise ReadError("result_unreadable", msg, remedy="write it again with boneage predict --json") from None
    return material_of(Reading(result), with_identifiers=with_identifiers, speech=speech)


def film_material(
    path: Path,
    formats: Sequence[Format],
    options: EstimateOptions,
    said: Mapping[str, Any],
    *,
    with_identifiers: bool = False,
    speech: Speech = ENGLISH,
) -> Material:
    """Read a film and return the material of its reports.

    Parameters
    ----------
    path:
        The film.
    formats:
        What is asked for; what needs DICOM is refused for another film before it is read.
    options, said:
        As `boneage.estimate.Estimator` and its ``estimate`` take them.
    with_identifiers:
        Whether the reports may name the patient.
    speech:
        The language of what is written for people.

    Raises
    ------
    UsageError
        ``report_needs_dicom``.
    TableError
        If the reference table is missing or broken.
    """
    from boneage.estimate import Estimator

    source = dicom_source(path)
    needing = [entry for entry in formats if entry.needs_dicom]
    if needing and source is None and path.is_file():
        raise needing[0].no_dicom()
    estimator = Estimator(options)
    estimator.check()
    reading = estimator.estimate(path, **said)
    return material_of(reading, source=source, with_identifiers=with_identifiers, speech=speech)


def dicom_source(path: Path) -> Dataset | None:
    """Return the data set of a DICOM file; ``None`` where the file is none or cannot be parsed.

    What is wrong with a damaged file is said by the reader of films.
    """
    from boneage.radiograph.source import load_bytes, sniff

    try:
        data = load_bytes(path)
    except ReadError:
        return None
    return source_of_bytes(data) if sniff(data) == "DICOM" else None


def source_of_bytes(data: bytes) -> Dataset | None:
    """Return the data set of a DICOM file's bytes; ``None`` where they cannot be parsed."""
    import io

    from pydicom import dcmread

    from boneage.radiograph.tags import quiet_pydicom

    with quiet_pydicom():
        try:
            return dcmread(io.BytesIO(data), force=True)
        except Exception:  # A broken file breaks the parser anywhere, and the text may quote a value.
            return None
