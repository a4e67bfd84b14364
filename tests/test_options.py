"""What a user may ask for."""

from __future__ import annotations

import pytest

from boneage.errors import UsageError
from boneage.options import METHODS, EstimateOptions


def test_every_method_is_accepted() -> None:
    assert [EstimateOptions(method=method).method for method in METHODS] == ["auto", "measurement", "regression"]


def test_unknown_method() -> None:
    with pytest.raises(UsageError) as caught:
        EstimateOptions(method="magic")  # type: ignore[arg-type]
    assert caught.value.code == "unknown_method"
