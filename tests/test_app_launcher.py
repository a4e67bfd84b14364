"""Starting the page: only here, without telemetry, without looking outside."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from boneage import app_launcher
from boneage.app_launcher import ServeOptions, page_path, server_settings
from boneage.errors import BoneAgeError, UsageError


def test_page_is_found() -> None:
    assert page_path().name == "page.py"


def test_installed_page_is_found_before_the_one_of_a_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = (tmp_path / "boneage" / "app" / "page.py", tmp_path / "app" / "page.py")
    monkeypatch.setattr(app_launcher, "_PLACES", places)
    with pytest.raises(BoneAgeError) as caught:
        page_path()
    assert caught.value.code == "page_missing"
    for place in reversed(places):
        place.parent.mkdir(parents=True)
        place.touch()
        assert page_path() == place


def test_settings_keep_to_this_computer_and_send_nothing() -> None:
    settings = server_settings(ServeOptions())
    assert settings["server.address"] == "127.0.0.1"
    assert settings["browser.gatherUsageStats"] is False
    assert settings["logger.hideWelcomeMessage"] is True
    assert settings["client.showErrorDetails"] == "none"


def test_settings_are_known_to_streamlit() -> None:
    from streamlit import config

    known = set(config.get_config_options())
    assert set(server_settings(ServeOptions())) <= known


def test_server_name_is_what_browsers_are_told() -> None:
    options = ServeOptions(address="0.0.0.0", server_name="bones.example", port=9000)
    assert server_settings(options)["browser.serverAddress"] == "bones.example"
    assert options.url == "http://bones.example:9000"


@pytest.mark.parametrize("port", [0, -1, 70000])
def test_port_must_be_one(port: int) -> None:
    with pytest.raises(UsageError):
        ServeOptions(port=port)


def test_page_is_served_on_this_computer_alone_and_leaves_no_file(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = f"from boneage.app_launcher import *; run_app(ServeOptions(port={port}, headless=True))"
    environment = {**os.environ, "HOME": str(tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert _fetch(f"http://127.0.0.1:{port}/_stcore/health") == "ok"
        assert "<title>" in _fetch(f"http://127.0.0.1:{port}/")
    finally:
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=30)
    assert f"http://127.0.0.1:{port}" in output
    assert not list(tmp_path.rglob("*"))


def test_uploads_stay_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    from starlette.datastructures import Headers, UploadFile
    from starlette.formparsers import MultiPartParser

    async def parts() -> AsyncGenerator[bytes, None]:
        yield b'--edge\r\nContent-Disposition: form-data; name="film"; filename="film.dcm"\r\n\r\n'
        for _ in range(5):
            yield bytes(2**20)
        yield b"\r\n--edge--\r\n"

    def rolled_over() -> bool:
        headers = Headers({"content-type": "multipart/form-data; boundary=edge"})
        film = asyncio.run(MultiPartParser(headers, parts()).parse())["film"]
        assert isinstance(film, UploadFile)
        assert film.size == 5 * 2**20
        with film.file as content:
            return bool(content._rolled)  # type: ignore[attr-defined]

    monkeypatch.setattr(MultiPartParser, "spool_max_size", MultiPartParser.spool_max_size)
    assert rolled_over()
    app_launcher.keep_uploads_in_memory()
    assert not rolled_over()


def test_running_the_page_keeps_uploads_in_memory_and_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    from starlette.formparsers import MultiPartParser
    from streamlit import net_util
    from streamlit.web import bootstrap

    started = []
    monkeypatch.setattr(bootstrap, "run", lambda *arguments: started.append(arguments))
    monkeypatch.setattr(bootstrap, "load_config_options", lambda settings: None)
    monkeypatch.setattr(MultiPartParser, "spool_max_size", 1)
    monkeypatch.setattr(net_util, "get_external_ip", lambda: "203.0.113.1")
    monkeypatch.setattr(net_util, "get_internal_ip", lambda: "203.0.113.2")
    app_launcher.run_app(ServeOptions(port=8502))
    assert started[0][3] == server_settings(ServeOptions(port=8502))
    assert MultiPartParser.spool_max_size > app_launcher.LARGEST_UPLOAD_MB * 2**20
    assert (net_util.get_external_ip(), net_util.get_internal_ip()) == (None, None)


def _fetch(url: str, *, seconds: float = 60.0) -> str:
    """Return what is served, waiting for the server to start."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)
