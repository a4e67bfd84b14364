"""The registry of checks, and the document that is made of it."""

from __future__ import annotations

from pathlib import Path

from boneage.quality.registry import all_checks, to_markdown


def test_every_check_says_its_limit_reason_and_remedy() -> None:
    checks = all_checks()
    assert len({check.name for check in checks}) == len(checks)
    for check in checks:
        assert check.warn is not None or check.refuse is not None, check.name
        assert len(check.reason) > 20, check.name
        assert check.remedy, check.name
        assert check.code.islower()
        if check.warn is not None and check.refuse is not None:
            assert (check.warn > check.refuse) == (check.side == "at least"), check.name


def test_the_document_is_in_step_with_the_registry(project_root: Path) -> None:
    page = (project_root / "docs" / "quality_gate.md").read_text(encoding="utf-8")
    assert to_markdown() in page


def test_what_the_gate_must_know_is_there() -> None:
    codes = {check.code for check in all_checks()}
    assert codes >= {
        "not_a_hand", "two_hands", "cut_off", "hand_rotated", "inverted_film", "mirrored", "hand_too_small",
        "too_blurred", "flat_contrast", "metal", "veil_over_hand", "mature_hand", "unlike_training",
    }  # fmt: skip
