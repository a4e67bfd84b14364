"""`boneage adult-height`: adult height from present height and, by all methods but one, bone age."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from boneage.cli.consoles import write_json
from boneage.cli.exits import OK, REFUSED, WRONG_USAGE


def adult_height_command(
    method: Annotated[
        str,
        typer.Option(
            "--method",
            metavar="bayley-pinneau|roche-wainer-thissen|khamis-guo|khamis-roche|tanner-1975|all",
            help="Published method, or all of them.",
        ),
    ] = "bayley-pinneau",
    sex: Annotated[str | None, typer.Option("--sex", metavar="M|F")] = None,
    height: Annotated[float | None, typer.Option("--height-cm", metavar="CM", help="Standing height.")] = None,
    length: Annotated[
        float | None,
        typer.Option("--recumbent-length-cm", metavar="CM", help="Measured lying; takes the height's place."),
    ] = None,
    bone_age: Annotated[str | None, typer.Option("--bone-age", metavar="AGE", help="10y6m, 10.5 or 126m.")] = None,
    scale: Annotated[
        str,
        typer.Option(
            "--bone-age-scale",
            metavar="SCALE",
            help="greulich_pyle, automatic (this tool's), fels, tw2_rus, tw2_rus_japanese, tw3_rus, jp_rus, rus_chn.",
        ),
    ] = "greulich_pyle",
    chronological_age: Annotated[str | None, typer.Option("--chronological-age", metavar="AGE")] = None,
    weight: Annotated[float | None, typer.Option("--weight-kg", metavar="KG")] = None,
    midparent: Annotated[
        float | None, typer.Option("--midparent-cm", metavar="CM", help="Plain mean of both parents' heights.")
    ] = None,
    group: Annotated[
        str,
        typer.Option("--group", metavar="auto|accelerated|average|retarded", help="Bayley-Pinneau table."),
    ] = "auto",
    menarche: Annotated[
        bool | None, typer.Option("--menarche/--no-menarche", help="Girls of 11 to 14 years, tanner-1975.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the answer as JSON.")] = False,
) -> None:
    """Predict adult height by a published method, with its stated error and the table cells used.

    Exit code: 0 a prediction (by one method at least), 2 wrong usage or inputs missing, 3 refused.
    """
    from boneage.adult_height.methods import METHODS, predict
    from boneage.adult_height.text import answer_lines
    from boneage.radiograph.ages import parse_age
    from boneage.radiograph.sexes import parse_sex

    given: dict[str, Any] = {
        "sex": None if sex is None else parse_sex(sex),
        "height_cm": height,
        "recumbent_length_cm": length,
        "bone_age_months": None if bone_age is None else parse_age(bone_age),
        "bone_age_scale": scale,
        "chronological_age_months": None if chronological_age is None else parse_age(chronological_age),
        "weight_kg": weight,
        "midparent_height_cm": midparent,
        "maturity_group": group,
        "menarche": menarche,
    }
    answers = [predict(key, **given) for key in (METHODS if method == "all" else (method,))]
    if as_json:
        data = [answer.to_dict() for answer in answers]
        write_json(data if method == "all" else data[0])
    else:
        for line in ("\n\n".join("\n".join(answer_lines(answer)) for answer in answers)).splitlines():
            typer.echo(line)
    status = {answer.status for answer in answers}
    raise typer.Exit(OK if "ok" in status else REFUSED if "refused" in status else WRONG_USAGE)
