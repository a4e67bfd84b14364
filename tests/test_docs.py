"""What the documents promise is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCUMENTS = [
    "README.md",
    "docs/results.md",
    "docs/architecture.md",
    "docs/measurements.md",
    "docs/stress.md",
    "docs/adult_height.md",
    "docs/tanner_whitehouse.md",
    "docs/evaluation.md",
    "docs/model_cards.md",
    "docs/reports.md",
    "CHANGELOG.md",
]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(project_root: Path, name: str) -> None:
    document = project_root / name
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text())
    missing = [target for target in targets if "://" not in target and not (document.parent / target).exists()]
    assert missing == []


def test_the_files_of_the_architecture_exist(project_root: Path) -> None:
    block = (project_root / "docs" / "architecture.md").read_text().split("```")[3]
    folder, missing = project_root, []
    for line in block.strip().splitlines():
        name = line.split()[0]
        folder = project_root / "boneage" if line.startswith("  ") else project_root
        if not (folder / name).exists():
            missing.append(name)
    assert missing == []


def test_the_commands_of_the_readme_are_commands(project_root: Path) -> None:
    import typer

    from boneage.cli.main import program

    known = set(typer.main.get_command(program).commands)  # type: ignore[attr-defined]
    used = set(re.findall(r"^boneage ([\w-]+)", (project_root / "README.md").read_text(), flags=re.MULTILINE))
    assert used
    assert used <= known
