"""`boneage experiment`: experiments about the method itself. They can be stopped anywhere and called again."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from boneage.cli.provenance import command_line, today
from boneage.errors import UsageError

if TYPE_CHECKING:
    from boneage.experiments.measured_rows import MeasuredFiles

experiment_app = typer.Typer(
    no_args_is_help=True,
    help="Experiments about the method: how many labels it needs. Needs the training data (BONEAGE_DATA).",
)


@experiment_app.callback()
def _experiment() -> None:
    """Experiments about the method: how many labels it needs. Needs the training data (BONEAGE_DATA)."""
    logging.getLogger().setLevel(logging.INFO)


@experiment_app.command("learning-curve")
def learning_curve_command(
    routes: Annotated[str, typer.Option("--routes", help="Which, with a comma.")] = "measurement,regression,regions",
    sizes: Annotated[
        str, typer.Option("--sizes", help="Numbers of labelled train films.")
    ] = "50,100,200,500,1000,3000,all",
    seeds: Annotated[str, typer.Option("--seeds", help="Each draws other films.")] = "0",
    measured_train: Annotated[
        Path | None, typer.Option("--measured-train", metavar="CSV", help="`boneage reference measure --split train`.")
    ] = None,
    measured_devtest: Annotated[
        Path | None, typer.Option("--measured-devtest", metavar="CSV", help="The same of devtest.")
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", metavar="DIR", help="Folder for learning_curve.csv, .md and .svg.")
    ] = Path("evaluation/learning-curve"),
    run_dir: Annotated[
        Path, typer.Option("--run-dir", metavar="DIR", help="Checkpoints and finished points, used again.")
    ] = Path("runs/learning-curve"),
    cache: Annotated[
        Path, typer.Option("--cache", metavar="DIR", help="Decoded films, made on the first call.")
    ] = Path("cache"),
    shipped_for_all: Annotated[
        bool, typer.Option("--shipped-for-all", help="On all films, take the shipped network and train none.")
    ] = False,
    threads: Annotated[int, typer.Option("--threads", min=1, help="Of the regression's training.")] = 1,
    report_only: Annotated[
        bool, typer.Option("--report-only", help="Fit nothing; write the report of what is finished.")
    ] = False,
    steps: Annotated[int | None, typer.Option("--steps", min=1, hidden=True, help="For trials.")] = None,
) -> None:
    """Fit both routes on few and many labelled films and compare them on devtest."""
    from boneage.experiments.learning_curve import CurveOptions, parse_routes, parse_seeds, parse_sizes, run_points
    from boneage.outputs import make_folder

    make_folder(output)
    options = CurveOptions(
        run_dir=run_dir,
        cache=cache,
        routes=parse_routes(routes),
        sizes=parse_sizes(sizes),
        seeds=parse_seeds(seeds),
        shipped_for_all=shipped_for_all,
        threads=threads,
        steps=steps,
        measured=_measured(measured_train, measured_devtest, "devtest"),
    )
    for point in () if report_only else run_points(options):
        typer.echo(f"{point.key.name}: {len(point.answers)} answers", err=True)
        _write_curve(run_dir, output)
    typer.echo(_write_curve(run_dir, output), nl=False)


@experiment_app.command("ablation")
def ablation_command(
    measured_train: Annotated[
        Path,
        typer.Option("--measured-train", metavar="CSV", help="`boneage reference measure --split train`."),
    ],
    measured_tune: Annotated[
        Path | None, typer.Option("--measured-tune", metavar="CSV", help="The same of tune, to be judged on.")
    ] = None,
    measured_devtest: Annotated[
        Path | None, typer.Option("--measured-devtest", metavar="CSV", help="The same of devtest, in place of tune.")
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", metavar="DIR", help="Folder for ablation.csv and ablation.md.")
    ] = Path("evaluation/ablation"),
    run_dir: Annotated[
        Path, typer.Option("--run-dir", metavar="DIR", help="Keeps the answers of finished tables.")
    ] = Path("runs/ablation"),
    leave_one_out: Annotated[
        bool, typer.Option("--leave-one-out", help="Also try all measurements but one group.")
    ] = False,
    folds: Annotated[int, typer.Option("--folds", help="As of `boneage reference build`.")] = 5,
) -> None:
    """Build tables from lengths, ratios, maturity and all measurements, and compare them on the same films."""
    if (measured_tune is None) == (measured_devtest is None):
        msg = "give exactly one of --measured-tune and --measured-devtest"
        raise UsageError("which_films", msg, remedy="choose on tune; report on devtest")
    from boneage.experiments.ablation import AblationOptions, ablation_figures, run_ablation
    from boneage.experiments.ablation_report import to_csv, to_markdown
    from boneage.experiments.measured_rows import read_measured
    from boneage.outputs import make_folder, write_whole
    from boneage.reference.build import BuildOptions

    make_folder(output)
    split = "tune" if measured_devtest is None else "devtest"
    files = _measured(measured_train, measured_devtest or measured_tune, split)
    assert files is not None
    rows = read_measured(files)
    options = AblationOptions(run_dir / split, leave_one_out, BuildOptions(folds=folds))
    found = ablation_figures(rows, run_ablation(rows, options))
    text = to_markdown(found, command=command_line(), date=today(), split=split, train=len(rows.train))
    write_whole(output / "ablation.csv", to_csv(found).encode())
    write_whole(output / "ablation.md", text.encode())
    typer.echo(text, nl=False)


@experiment_app.command("site-calibration")
def site_calibration_command(
    labels: Annotated[Path, typer.Argument(metavar="LABELS.CSV", help="As for boneage calibrate.", show_default=False)],
    report: Annotated[
        Path, typer.Option("--report", metavar="REPORT.CSV", help="A batch report on them.", show_default=False)
    ],
    output: Annotated[
        Path, typer.Option("--output", metavar="DIR", help="Folder for site_calibration.csv and .md.")
    ] = Path("evaluation/site-calibration"),
    draws: Annotated[int, typer.Option("--draws", min=2, help="Sites of each size and shift.")] = 100,
) -> None:
    """What boneage calibrate does by the number of films and the size of a site's shift, on films with labels."""
    from boneage.calibration.calibrate import route_films, site_films
    from boneage.calibration.readings import read_readings
    from boneage.experiments.site_calibration import site_points, to_csv, to_markdown
    from boneage.outputs import make_folder, write_whole

    films, _ = site_films(read_readings(labels), report)
    make_folder(output)
    points = tuple(site_points(route_films(films, "combined"), draws=draws))
    text = f"`{command_line()}`, {today()}, {len(films)} films, {draws} sites each.\n\n{to_markdown(points)}"
    write_whole(output / "site_calibration.csv", to_csv(points).encode())
    write_whole(output / "site_calibration.md", text.encode())
    typer.echo(text, nl=False)


def _measured(train: Path | None, judged: Path | None, split: str) -> MeasuredFiles | None:
    """Return the measured films that were named, with the labels of the training data; ``None`` for none."""
    from boneage.experiments.measured_rows import MeasuredFiles
    from boneage.training.films import data_root

    if train is None and judged is None:
        return None
    if train is None or judged is None:
        msg = "measured films of both splits are needed"
        raise UsageError("no_measured_films", msg, remedy="boneage reference measure FILE.csv --split SPLIT makes them")
    return MeasuredFiles(train, judged, data_root() / "rsna" / "labels.csv", split)


def _write_curve(run_dir: Path, output: Path) -> str:
    """Write the report of the finished points; returns the Markdown."""
    from boneage.experiments.curve_report import to_csv, to_markdown, to_svg
    from boneage.experiments.learning_curve import SPLIT, curve_of
    from boneage.outputs import write_whole

    curve = curve_of(run_dir)
    if curve is None:
        return "no point is finished yet\n"
    text = to_markdown(curve, command=command_line(), date=today(), split=SPLIT)
    write_whole(output / "learning_curve.csv", to_csv(curve).encode())
    write_whole(output / "learning_curve.md", text.encode())
    write_whole(output / "learning_curve.svg", to_svg(curve, split=SPLIT))
    return text
