"""Whether the code runs for a browser session, or is called from elsewhere (a test, a tool)."""

from __future__ import annotations

from streamlit.runtime.scriptrunner import get_script_run_ctx


def in_session() -> bool:
    """Tell whether there is a session, so that its state may be asked."""
    return get_script_run_ctx(suppress_warning=True) is not None
