"""`boneage tanner-whitehouse`: a reader's stages, to a score and a bone age."""

from __future__ import annotations

from typing import Annotated

import typer

from boneage.cli.consoles import write_json
from boneage.cli.exits import OK, WRONG_USAGE
from boneage.errors import UsageError


def tanner_whitehouse_command(
    system: Annotated[
        str,
        typer.Option(
            "--system",
            metavar="SYSTEM",
            help="tw3-rus, tw2-rus, tw2-carpal, tw2-20bone, the last three also with -japanese, jp-rus, rus-chn.",
        ),
    ] = "tw3-rus",
    sex: Annotated[str | None, typer.Option("--sex", metavar="M|F")] = None,
    stages: Annotated[
        str, typer.Option("--stages", metavar="BONE=STAGE,...", help='For instance "radius=F,ulna=E,...".')
    ] = "",
    list_stages: Annotated[bool, typer.Option("--list", help="List the system's bones and their stages.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write the answer as JSON.")] = False,
) -> None:
    """Turn the stages that a reader picked into score and bone age, by the published tables.

    Exit code: 0 a score, 2 wrong usage or bones not rated.
    """
    from boneage.radiograph.sexes import parse_sex
    from boneage.tanner_whitehouse.rate import parse_stages, rate
    from boneage.tanner_whitehouse.systems import find_system
    from boneage.tanner_whitehouse.text import rating_lines

    known = None if sex is None else parse_sex(sex)
    if known is None:
        msg = "the sex is needed: the scores of boys and girls differ"
        raise UsageError("sex_needed", msg, remedy="say --sex M or --sex F")
    if list_stages:
        chosen = find_system(system)
        listed = {bone: list(chosen.allowed(bone, known)) for bone in chosen.bones(known)}
        if as_json:
            write_json({"system": chosen.key, "sex": known, "stages": listed})
        else:
            for bone, allowed in listed.items():
                typer.echo(f"{bone}: {' '.join(allowed)}")
        return
    rating = rate(system, known, parse_stages(stages))
    if as_json:
        write_json(rating.to_dict())
    else:
        for line in rating_lines(rating):
            typer.echo(line)
    raise typer.Exit(OK if rating.status == "ok" else WRONG_USAGE)
