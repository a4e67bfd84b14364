"""`boneage app` on a free port with a home and a temporary folder of its own, so that what it leaves behind is seen."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from make_dicom import SECRET

PROJECT: Final = Path(__file__).resolve().parents[2]
SECRETS: Final = (SECRET, "20140531", "2014-05-31", "rsna_", "synthetic.dcm")
"""What no log and no file of the server may hold: tags of the films that the tests upload, and the films' names."""

OF_LIBRARIES: Final = (".cache/matplotlib/", ".config/matplotlib/")
"""What a library keeps for itself in a home, whatever film is read: a list of the computer's fonts."""


class Served:
    """The page, until the end. Nothing may have gone wrong within it, been said of a film, or been left behind."""

    def __enter__(self) -> Served:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self._place = tempfile.TemporaryDirectory()
        self.home, self.temporary = (Path(self._place.name) / name for name in ("home", "tmp"))
        places = {"HOME": self.home, "TMPDIR": self.temporary}
        for folder in places.values():
            folder.mkdir()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
        environment |= {name: str(folder) for name, folder in places.items()}
        words = [sys.executable, "-m", "boneage", "--verbose", "app", "--no-browser", "--port", str(port)]
        self._said = tempfile.TemporaryFile()  # A pipe that nobody empties would stop the server once it is full.
        self._process = subprocess.Popen(
            words, cwd=PROJECT, env=environment, stdout=self._said, stderr=subprocess.STDOUT
        )
        deadline = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=5):
                    return self
            except (urllib.error.URLError, ConnectionError):
                if time.monotonic() > deadline:
                    self._process.kill()
                    raise
                time.sleep(0.1)

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        said, left = self.said(), self.left_behind()
        leaks = self.files_with(SECRETS)
        self._said.close()
        self._place.cleanup()
        assert "Traceback" not in said, said
        assert not [secret for secret in SECRETS if secret.lower() in said.lower()], said
        assert leaks == []
        assert left == []

    def said(self) -> str:
        """All that the server has written to standard output and standard error."""
        descriptor = self._said.fileno()
        return os.pread(descriptor, os.fstat(descriptor).st_size, 0).decode(errors="replace")

    def left_behind(self) -> list[str]:
        """The files in the server's home and temporary folder, without those of `OF_LIBRARIES`."""
        found = [path.relative_to(folder).as_posix() for folder, path in self._files()]
        return sorted(name for name in found if not name.startswith(OF_LIBRARIES))

    def files_with(self, secrets: Sequence[str]) -> list[str]:
        """The files there, whosever they are, with one of these words in their bytes or name."""
        return [
            path.name
            for _, path in self._files()
            if any(secret.encode() in path.name.encode() + path.read_bytes() for secret in secrets)
        ]

    def _files(self) -> list[tuple[Path, Path]]:
        return [
            (folder, path) for folder in (self.home, self.temporary) for path in folder.rglob("*") if path.is_file()
        ]
