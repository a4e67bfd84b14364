"""Typed errors: every failure that a user can meet has a code, a cause and a remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from boneage.segmentation.bone_map import HandCheck


class BoneAgeError(Exception):
    """Base of all errors that `boneage` raises on purpose.

    Parameters
    ----------
    code:
        Short machine-readable name, for instance ``not_a_dicom``. Stable between versions.
    message:
        The cause in one sentence, without any patient data.
    remedy:
        What the user can do about it, in one sentence.
    """

    def __init__(self, code: str, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy


class ReadError(BoneAgeError):
    """The file could not be read as a single grey radiograph (exit code 1)."""


class OutputError(BoneAgeError):
    """A result could not be written (exit code 1)."""


class UsageError(BoneAgeError):
    """An option has a value that makes no sense (exit code 2)."""


class Refusal(BoneAgeError):
    """The film was read, but it is not a hand that an age may be read from (exit code 3).

    ``checks`` are the quality checks that led to it, for the result and the overlay; ``others`` what else would have
    stopped an age, under codes of their own.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        remedy: str = "",
        checks: tuple[HandCheck, ...] = (),
        others: tuple[Refusal, ...] = (),
    ) -> None:
        super().__init__(code, message, remedy=remedy)
        self.checks = checks
        self.others = others


class TableError(BoneAgeError):
    """A reference table violates its own format: ages, SDs, units or gaps (exit code 2)."""


class WeightsError(BoneAgeError):
    """Network weights are missing, or their hash is not the one in the manifest (exit code 1)."""
