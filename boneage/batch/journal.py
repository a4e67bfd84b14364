"""The rows that are already done, one JSON line each, so that a batch can go on where it was stopped."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from boneage.batch.inputs import FilmRequest
from boneage.errors import TableError, WeightsError
from boneage.options import EstimateOptions
from boneage.outputs import not_writable, write_whole
from boneage.radiograph.source import MAX_FILE_BYTES
from boneage.report.csv_row import Cell

Row = dict[str, Cell]


def run_digest(options: EstimateOptions) -> str:
    """Return a hash of what an answer depends on besides the film.

    That is the version, the options, the networks with their passports (which hold the interval of the regression), the
    reference table, and the fitted combination and quality gate.
    """
    from boneage import __version__
    from boneage.software import WEIGHTS_FOLDER, installed_models

    try:
        models = [asdict(model) for model in installed_models()]
    except WeightsError:  # Each film will say so in its row.
        models = []
    asked = asdict(options)
    if options.calibration is None:
        del asked["calibration"]
    fitted = [file_hash(WEIGHTS_FOLDER / name) for name in ("manifest.json", "combination.json", "quality.json")]
    parts = {
        "version": __version__,
        "options": asked,
        "models": models,
        "table": _table_hash(options),
        "fitted": fitted,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _table_hash(options: EstimateOptions) -> str:
    from boneage.reference.tables import DEFAULT_REFERENCE, find_reference

    try:
        table = find_reference(options.reference or DEFAULT_REFERENCE)
        stem = table.name.removesuffix(".gz").removesuffix(".csv")
        beside = (table.with_name(stem + end) for end in (".correlation.csv", ".json"))
        contents = [path.read_bytes() for path in (table, *beside) if path.is_file()]
        return hashlib.sha256(b"".join(hashlib.sha256(content).digest() for content in contents)).hexdigest()
    except (TableError, OSError):
        return ""


def film_key(request: FilmRequest, run: str, sha256: str | None) -> str | None:
    """Return what makes a row the same again: the film's hash, what is said of it, the run (``None``: no hash)."""
    if sha256 is None:
        return None
    said = (request.shown, request.id, request.sex, request.chronological_age_months, request.pixel_spacing_mm)
    return hashlib.sha256(json.dumps([run, sha256, request.stem, *said]).encode()).hexdigest()


def file_hash(path: Path) -> str | None:
    """Return the hash of a file's bytes, ``None`` where it is no film: not readable, no regular file, or too large.

    A pipe would be waited for without end, and a device read without end.
    """
    try:
        if not path.is_file() or path.stat().st_size > MAX_FILE_BYTES:
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


@dataclass
class Journal:
    """The journal of one report, ``<report>.done.jsonl``, appended to after every film.

    Parameters
    ----------
    path:
        The file.
    resume:
        Whether to keep the rows that it holds; otherwise it starts empty.
    """

    path: Path
    resume: bool = False

    def __post_init__(self) -> None:
        self._file: IO[str] | None = None
        self.rows: dict[str, Row] = self._read() if self.resume else {}

    def __enter__(self) -> Journal:
        # Begun afresh with the rows that are kept: a line that was cut off must not spoil the next one.
        write_whole(self.path, "".join(_line(key, row) for key, row in self.rows.items()).encode())
        self._file = self.path.open("a", encoding="utf-8")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def add(self, key: str | None, row: Row) -> None:
        """Note a row as done. Rows of films that failed are not noted: a later run tries them again.

        Raises
        ------
        OutputError
            With code ``output_not_writable``, for instance where the disk is full.
        """
        if key is None or row["status"] == "error" or self._file is None:
            return
        self.rows[key] = row
        try:
            self._file.write(_line(key, row))
            self._file.flush()
        except OSError as error:
            raise not_writable(self.path, error) from error

    def _read(self) -> dict[str, Row]:
        """Return the rows by key; a last line that was cut off by an interruption is passed over."""
        rows: dict[str, Row] = {}
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return rows
        for line in lines:
            try:
                entry = json.loads(line)
                rows[entry["key"]] = entry["row"]
            except (ValueError, KeyError, TypeError):
                continue
        return rows


def _line(key: str, row: Row) -> str:
    return json.dumps({"key": key, "row": row}) + "\n"
