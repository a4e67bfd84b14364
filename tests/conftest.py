"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

# Threads of a small matrix product wait for each other once something else runs: 40 s of tests become ten minutes.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

if "PYTEST_XDIST_WORKER" in os.environ:  # The same holds where each processor runs tests of its own.
    os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
from cli_runs import Runner

TESTS = Path(__file__).resolve().parent
PROJECT = TESTS.parent


@pytest.hookimpl(tryfirst=True)  # Before pytest-xdist reads the groups.
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of a file, and all that share a browser, in one process where there are several (pytest-xdist)."""
    if not config.pluginmanager.hasplugin("xdist"):
        return
    for item in items:
        item.add_marker(pytest.mark.xdist_group(item.path.relative_to(TESTS).parts[0]))


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
