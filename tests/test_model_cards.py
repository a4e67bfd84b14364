"""The model cards keep step with what is installed, and quote no figure that the results do not have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cli_runs import Runner

from boneage import passports as room
from boneage.passports import BEGIN, END, passports
from boneage.software import installed_references, manifest_entries

FIELDS = ("Intended use", "Out of scope", "Labels and training", "Figures", "Known failures")


@pytest.fixture(scope="module")
def cards(project_root: Path) -> str:
    return (project_root / "docs" / "model_cards.md").read_text()


def _sections(cards: str) -> dict[str, str]:
    """Return the text under each heading that names something in code quotes."""
    parts = re.split(r"^## (.*)$", cards, flags=re.MULTILINE)
    named = zip(parts[1::2], parts[2::2], strict=True)
    return {name.group(1): body for heading, body in named if (name := re.search("`(.*)`", heading))}


def test_the_block_is_what_is_installed(cards: str) -> None:
    """If this fails: put what `boneage info --cards` writes in place of the block."""
    assert cards[cards.index(BEGIN) : cards.index(END) + len(END)] + "\n" == passports()


def test_every_network_has_its_card(cards: str) -> None:
    sections = _sections(cards)
    assert set(sections) == {*(entry["name"] for entry in manifest_entries()), "rsna"}
    for name, body in sections.items():
        assert [field for field in FIELDS if f"**{field}**" not in body] == [], name


def test_every_card_is_of_the_weights_that_are_installed(cards: str) -> None:
    """If this fails a network was replaced: read its card again, above all its figures, then put the new hash there."""
    sections = _sections(cards)
    for entry in manifest_entries():
        assert f"Weights `{entry['sha256'][:12]}`" in sections[entry["name"]]
    (version,) = [table["version"] for table in installed_references() if table["name"] == "rsna"]
    assert f"Version `{version}`" in sections["rsna"]


def test_every_figure_of_a_card_stands_in_the_results(cards: str, project_root: Path) -> None:
    """If this fails the results were measured again: take the card's figures from them."""
    documents = [(project_root / "docs" / name).read_text() for name in ("results.md", "regression.md")]
    quoted = set(re.findall(r"-?\d+\.\d \(-?\d+\.\d–-?\d+\.\d\)", cards))
    assert len(quoted) > 10
    assert {figure for figure in quoted if not any(figure in document for document in documents)} == set()


def test_the_shared_card_names_what_is_not_known(cards: str) -> None:
    shared = cards.split("## What all cards share")[1].split("\n## ")[0]
    for word in ("ethnicity", "device", "disease", "Intended use", "Out of scope", "non-commercial", "not measured"):
        assert word in shared


def test_the_command_writes_the_block(capsys: pytest.CaptureFixture[str]) -> None:
    ran = Runner(capsys)("info", "--cards")
    assert (ran.code, ran.out) == (0, passports())


def test_terms_stand_once_for_all_networks_that_share_them(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = tuple(
        {"name": name, "sha256": name * 64, "file": "nothing", "terms": terms}
        for name, terms in (("a", "free"), ("b", "bound"), ("c", "free"))
    )
    monkeypatch.setattr(room, "manifest_entries", lambda: entries)
    text = passports()
    assert "Terms of `a`, `c`: free.\nTerms of `b`: bound.\n" in text
    assert f"| `c` | – | – | – | nothing | – | `{'c' * 64}` |" in text
