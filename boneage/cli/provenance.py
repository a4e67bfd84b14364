"""What a report says of itself: the command that made it, and the day."""

from __future__ import annotations

import shlex
import sys
from datetime import date


def command_line() -> str:
    """Return the command that is running, quoted as a shell takes it."""
    return shlex.join(["boneage", *sys.argv[1:]])


def today() -> str:
    """Return the computer's day, ``YYYY-MM-DD``."""
    return date.today().isoformat()
