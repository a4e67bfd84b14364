"""`boneage evaluate`: how far the answers lie from labels."""

from __future__ import annotations


def evaluate_command() -> None:
    """Compare answers with labelled bone ages."""
