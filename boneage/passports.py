"""Passports of the installed networks and tables as Markdown, for the generated block of ``docs/model_cards.md``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from boneage.software import WEIGHTS_FOLDER, installed_references, manifest_entries

BEGIN: Final = "<!-- begin: boneage info --cards -->"
END: Final = "<!-- end: boneage info --cards -->"


def passports() -> str:
    """Return the block between its two marks: networks by the manifest of weights, tables by their own files."""
    entries = manifest_entries()
    lines = [BEGIN, *_table(("network", "does", "form", "trained on", "file", "MB", "sha256"), map(_network, entries))]
    tables = (
        (
            f"`{table['name']}`",
            table["version"],
            table["age_axis"],
            table["split"] or "–",
            table["source"],
            table["population"],
        )
        for table in installed_references()
    )
    lines += ["", *_table(("table", "version", "ages", "split", "source", "population"), tables), ""]
    for terms in dict.fromkeys(str(entry["terms"]) for entry in entries if entry.get("terms")):
        names = ", ".join(f"`{entry['name']}`" for entry in entries if entry.get("terms") == terms)
        lines.append(f"Terms of {names}: {terms}.")
    return "\n".join([*lines, END]) + "\n"


def _network(entry: dict[str, Any]) -> tuple[str, ...]:
    file = WEIGHTS_FOLDER / str(entry.get("file", ""))
    size = f"{file.stat().st_size / 1e6:.1f}" if file.is_file() else "–"
    said = (str(entry.get(key) or "–") for key in ("intended_use", "architecture", "trained_on", "file"))
    return (f"`{entry['name']}`", *said, size, f"`{entry['sha256']}`")


def _table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (headings, ("---",) * len(headings), *rows)]
