"""The wheel holds what the tool needs, and works from a folder that is not the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from boneage import __version__

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=project_root, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel, without what it depends on, into a folder of its own."""
    folder = tmp_path_factory.mktemp("site")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(folder)]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    return folder


def elsewhere(site: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python on the installed wheel, from a folder that holds nothing of the project."""
    environment = os.environ | {"PYTHONPATH": str(site)}
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=site.parent, env=environment, capture_output=True, text=True, check=False)


def test_the_wheel_holds_code_weights_tables_and_page(wheel: Path, project_root: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    weights = {f"boneage/weights/{path.name}" for path in (project_root / "boneage" / "weights").iterdir()}
    folder = project_root / "data" / "reference_tables"
    tables = {f"boneage/reference_tables/{path.relative_to(folder).as_posix()}" for path in folder.rglob("*.csv")}
    assert "boneage/weights/manifest.json" in weights <= names
    assert tables <= names
    assert {"boneage/app/page.py", "boneage/result/result.schema.json", "boneage/cli/main.py"} <= names
    assert {"boneage/texts/en/page.toml", "boneage/texts/en/pdf.toml", "boneage/texts/zh/package.toml"} <= names
    assert f"boneage-{__version__}.dist-info/licenses/LICENSE" in names
    assert not [name for name in names if name.startswith(("tests/", "examples/", "docs/"))]


def test_every_network_of_the_manifest_is_in_the_wheel(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    models = json.loads(archive.read("boneage/weights/manifest.json"))["models"]
    assert models
    assert {f"boneage/weights/{model['file']}" for model in models} <= set(archive.namelist())


def test_the_installed_tool_knows_itself(site: Path) -> None:
    program = (
        "import boneage; from boneage.app_launcher import page_path; print(boneage.__file__, page_path(), sep='\\n')"
    )
    ran = elsewhere(site, "-c", program)
    assert [Path(line).is_relative_to(site) for line in ran.stdout.split("\n") if line] == [True, True], ran.stderr
    info = json.loads(elsewhere(site, "-m", "boneage", "info", "--json").stdout)
    assert info["version"] == __version__
    assert info["models"]
    assert info["references"]


def test_the_installed_tool_reads_a_film(site: Path, project_root: Path) -> None:
    film = project_root / "examples" / "films" / "rsna_1744.webp"
    ran = elsewhere(site, "-m", "boneage", "predict", str(film), "--sex", "M", "--json", "--output-dir", "out")
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["status"] == "ok"
    assert (site.parent / "out" / "rsna_1744_overlay.png").is_file()


def test_torch_is_pinned_to_one_version(project_root: Path) -> None:
    """A range would admit a newest build with gigabytes for a GPU."""
    project = tomllib.loads((project_root / "pyproject.toml").read_text())["project"]
    assert [name for name in project["dependencies"] if name.startswith("torch")] == ["torch==2.13.0"]
