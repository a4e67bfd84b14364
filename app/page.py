"""The page: one film in, its bone age out. Run it with ``boneage app``.

It asks the package and shows what it says; no number is computed here.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = str(Path(__file__).resolve().parent)
if HERE not in sys.path:
    sys.path.insert(0, HERE)

from boneage_page.flow import show_page  # noqa: E402

show_page()
