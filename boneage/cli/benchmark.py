"""`boneage benchmark`: how long a film takes, and how much memory."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, cast

import typer

from boneage.cli.consoles import output_console, write_json
from boneage.cli.predict import MethodOption, ReferenceOption
from boneage.options import EstimateOptions, Method


def benchmark_command(
    film: Annotated[
        Path | None, typer.Argument(help="A film; default: an example film of a source checkout.", show_default=False)
    ] = None,
    repeats: Annotated[int, typer.Option("--repeats", "-n", min=1, help="Warm readings; their median counts.")] = 5,
    cold_repeats: Annotated[
        int, typer.Option("--cold-repeats", min=1, help="Fresh processes; their median counts.")
    ] = 3,
    sex: Annotated[str, typer.Option("--sex", metavar="M|F|unknown")] = "M",
    method: MethodOption = "auto",
    reference: ReferenceOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the figures as JSON.")] = False,
) -> None:
    """Measure the seconds a film takes, by stage, warm and in a fresh process, and the peak memory."""
    from boneage.benchmark import BenchmarkOptions, benchmark_film, figures_table
    from boneage.radiograph.sexes import parse_sex

    estimate = EstimateOptions(method=cast(Method, method), reference=reference)
    figures = benchmark_film(BenchmarkOptions(film, repeats, cold_repeats, parse_sex(sex) or "unknown", estimate))
    if as_json:
        write_json(figures.to_dict())
    else:
        output_console().print(figures_table(figures))
