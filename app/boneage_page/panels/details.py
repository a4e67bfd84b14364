"""The fine print of a result: checks, file, networks, tables and times."""

from __future__ import annotations

import json

import pandas as pd
import streamlit as st

from boneage_page.language import say
from boneage_page.panels.panel import Shown
from boneage_page.speech import speech


def show(shown: Shown) -> None:
    """Show checks, file, networks, tables and times."""
    checks = shown.result.quality.checks
    if checks:
        st.dataframe(
            pd.DataFrame(
                {
                    say("details.check"): [speech().check(check) for check in checks],
                    say("details.passed"): [
                        say("details.yes") if check.passed else say("details.no") for check in checks
                    ],
                    say("details.value"): [_value(check.value) for check in checks],
                    say("details.limit"): [_value(check.limit) for check in checks],
                }
            ),
            hide_index=True,
            alt=say("details.table_alt"),
        )
    data = shown.result.to_dict()
    fine_print = {key: data[key] for key in ("input", "software", "seconds")}
    st.caption(say("details.machine"))
    st.code(json.dumps(fine_print, indent=2, ensure_ascii=False), language=None, height=400)


def _value(value: float | str | None) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
