"""Where the data that networks and tables are made from, and judged on, lie."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

VARIABLE: Final = "BONEAGE_DATA"
"""The environment variable that names the folder."""

DEFAULT: Final = Path("../shared/data")
"""Where it lies if the variable is not set, from the folder that the command runs in."""


def data_folder() -> Path:
    """Return the folder of the data; whether anything is there is for its reader to see."""
    return Path(os.environ.get(VARIABLE, DEFAULT))
