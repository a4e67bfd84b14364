"""Starts the page (``boneage app``): on this computer only unless asked, without telemetry, without looking outside."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from boneage.errors import BoneAgeError, UsageError

LOGGER = logging.getLogger(__name__)

LARGEST_UPLOAD_MB: Final = 200

_PACKAGE: Final = Path(__file__).resolve().parent

_PLACES: Final = (_PACKAGE / "app" / "page.py", _PACKAGE.parent / "app" / "page.py")
"""Where the page lies: within the installed package, or beside the package in a checkout."""


@dataclass(frozen=True)
class ServeOptions:
    """Where the page is served.

    Attributes
    ----------
    port:
        TCP port.
    address:
        Address to listen on; the default is reachable from this computer alone.
    server_name:
        Host name under which other computers reach the page; needed where ``address`` is not this computer alone.
    headless:
        Whether to leave the browser closed; ``None`` opens one where there is a display.
    """

    port: int = 8501
    address: str = "127.0.0.1"
    server_name: str | None = None
    headless: bool | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.port <= 65535:
            msg = f"port {self.port} is outside 1 to 65535"
            raise UsageError("bad_port", msg, remedy="choose a free port, for instance 8501")

    @property
    def url(self) -> str:
        """What to open in a browser."""
        return f"http://{self.server_name or self.address}:{self.port}"


def page_path() -> Path:
    """Return the path of the page's script.

    Raises
    ------
    BoneAgeError
        With code ``page_missing`` where the installation lacks it.
    """
    for path in _PLACES:
        if path.is_file():
            return path
    msg = "the page is not part of this installation"
    raise BoneAgeError("page_missing", msg, remedy="install the package again, or use boneage predict")


def server_settings(options: ServeOptions) -> dict[str, Any]:
    """Return the Streamlit settings that the page runs under."""
    return {
        "global.developmentMode": False,
        "browser.gatherUsageStats": False,
        "browser.serverAddress": options.server_name or options.address,
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,
        "client.toolbarMode": "viewer",
        "logger.hideWelcomeMessage": True,
        "runner.magicEnabled": False,
        "server.address": options.address,
        "server.fileWatcherType": "none",
        "server.headless": options.headless,
        "server.maxUploadSize": LARGEST_UPLOAD_MB,
        "server.port": options.port,
        "theme.light.primaryColor": "#0f766e",
        "theme.dark.primaryColor": "#2dd4bf",
    }


def run_app(options: ServeOptions | None = None) -> None:
    """Serve the page until interrupted.

    Raises
    ------
    BoneAgeError
        With code ``page_missing`` where the installation lacks the page.
    """
    chosen = options or ServeOptions()
    page = page_path()
    from streamlit.web import bootstrap

    _ask_nobody_outside()
    keep_uploads_in_memory()
    settings = server_settings(chosen)
    bootstrap.load_config_options(settings)
    LOGGER.warning("The page is at %s (stop it with Ctrl+C)", chosen.url)
    bootstrap.run(str(page), False, [], settings)


def keep_uploads_in_memory() -> None:
    """Let no upload touch the disk: the server's form parser puts what is larger than 1 MB into a temporary file."""
    from starlette.formparsers import MultiPartParser

    MultiPartParser.spool_max_size = (LARGEST_UPLOAD_MB + 1) * 2**20


def _ask_nobody_outside() -> None:
    """Stop Streamlit from asking a server on the internet for this computer's address when a host name is new to it."""
    from streamlit import net_util

    net_util.get_external_ip = lambda: None
    net_util.get_internal_ip = lambda: None
