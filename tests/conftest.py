"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

# Threads of a small matrix product wait for each other once something else runs: 40 s of tests become ten minutes.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

if "PYTEST_XDIST_WORKER" in os.environ:  # The same holds where each processor runs tests of its own.
    os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
from cli_runs import Runner

PROJECT = Path(__file__).resolve().parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files with slow tests first, after those in a browser: a long one at the end leaves a process idle."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: (item.path.parent.name != "browser", item.path not in slow))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep the tests of a file, and those that share a browser, in one process where there are several.

    There are two browsers, for one half of the alphabet each: for a good part of the time a browser waits.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            _, in_browser, name = file.partition("/browser/test_browser_")
            return f"browser {name[0] < 'm'}" if in_browser else file

    return ByFile(config, log)


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The root of the checkout."""
    return PROJECT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The shared data set (environment variable ``BONEAGE_DATA``); skips, saying so, where it is missing."""
    folder = Path(os.environ.get("BONEAGE_DATA", PROJECT.parent / "shared" / "data"))
    if not (folder / "rsna" / "labels.csv").is_file():
        pytest.skip(f"the shared data set is not at {folder}; set BONEAGE_DATA")
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Runner:
    """Run the command line in this process."""
    return Runner(capsys)
