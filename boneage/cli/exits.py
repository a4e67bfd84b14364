"""Exit codes: 0 a result, 1 not read or processed, 2 wrong usage, 3 refused by the quality check."""

from __future__ import annotations

from typing import Final

from boneage.errors import BoneAgeError, Refusal, TableError, UsageError

OK: Final = 0
FAILED: Final = 1
WRONG_USAGE: Final = 2
REFUSED: Final = 3
INTERRUPTED: Final = 130

OF_STATUS: Final = {"ok": OK, "error": FAILED, "refused": REFUSED}
"""Exit code by the status of a result."""


def exit_code_of(error: BoneAgeError) -> int:
    """Return the exit code of an error."""
    if isinstance(error, (UsageError, TableError)):
        return WRONG_USAGE
    return REFUSED if isinstance(error, Refusal) else FAILED
