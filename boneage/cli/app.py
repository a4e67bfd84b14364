"""`boneage app`: the page in the browser."""

from __future__ import annotations

from typing import Annotated

import typer


def app_command(
    port: Annotated[int, typer.Option("--port", help="Port of the page.")] = 8501,
    address: Annotated[
        str, typer.Option("--address", help="Address to listen on; the default is reachable from this computer alone.")
    ] = "127.0.0.1",
    server_name: Annotated[
        str | None, typer.Option("--server-name", help="Host name under which other computers reach the page.")
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")] = True,
) -> None:
    """Open the page: upload a film, see its age, overlay and bones. Nothing leaves this computer."""
    from boneage.app_launcher import ServeOptions, run_app

    run_app(ServeOptions(port, address, server_name, None if browser else True))
