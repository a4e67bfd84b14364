"""`boneage info`: what is installed."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from boneage.cli.consoles import output_console, write_json


def info_command(
    as_json: Annotated[bool, typer.Option("--json", help="Write it as JSON.")] = False,
    cards: Annotated[
        bool, typer.Option("--cards", help="Write the passports of networks and tables as Markdown.")
    ] = False,
) -> None:
    """Tell the versions, the networks with their hashes, the reference tables and the labels."""
    if cards:
        from boneage.passports import passports

        sys.stdout.write(passports())
        return
    from boneage.software import describe_installation

    description = describe_installation()
    if as_json:
        write_json(description)
        return
    from rich.table import Table

    console = output_console()
    console.print(f"boneage {description['version']}, Python {description['python']}")
    for key, title in (("models", "Networks"), ("references", "Reference tables")):
        entries = description[key]
        if not entries:
            console.print(f"{title}: none installed")
            continue
        table = Table(title=title, title_justify="left", box=None, pad_edge=False)
        shown = ("name", "version", "sha256", "trained_on", "terms", "source")
        columns = [column for column in shown if any(entry.get(column) for entry in entries)]
        for column in columns:
            table.add_column(column, overflow="fold")
        for entry in entries:
            table.add_row(*(str(entry.get(column) or "") for column in columns))
        console.print(table)
    console.print("Libraries: " + ", ".join(f"{name} {version}" for name, version in description["libraries"].items()))
    console.print(f"Labels: {len(description['labels'])}, bones: {len(description['bones'])} (names with --json)")
