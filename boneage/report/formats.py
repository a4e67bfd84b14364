"""The formats of `boneage report`: the one list behind the command's choices, its help, the documents and the tests.

Importing this module imports no writer; each is opened when its format is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

from boneage.errors import UsageError

if TYPE_CHECKING:
    from boneage.report.material import Material
    from boneage.result import Reading


@dataclass(frozen=True)
class Format:
    """One format of a report.

    Attributes
    ----------
    name:
        As ``--format`` takes it.
    media_type:
        MIME type.
    ending:
        What follows the film's name in a file name.
    words:
        What it is, for people.
    writer:
        ``module:function`` within `boneage.report`, from `Material` to the bytes of the file.
    needs_film:
        Whether it shows pictures or pixels, so that an earlier result is not enough.
    needs_dicom:
        Whether it joins the study of the film, which must be DICOM.
    needs_answer:
        Whether it has nothing to say of a film that was refused or could not be read.
    needs_age:
        Whether it has nothing to say of a film without a bone age, be it the program's or one that a reader settled on.
    needs_picture:
        Whether it has nothing to say of a film that could not be read; of a refused one it shows why.
    has_language:
        Whether it is for people to read, and is written in the language asked for.
    """

    name: str
    media_type: str
    ending: str
    words: str
    writer: str
    needs_film: bool = False
    needs_dicom: bool = False
    needs_answer: bool = False
    needs_age: bool = False
    needs_picture: bool = False
    has_language: bool = False

    def says_nothing_of(self, reading: Reading) -> bool:
        """Tell whether there is no such report of a film, because there is no answer or no picture."""
        answered = bool(reading.result.answers())
        aged = answered or reading.result.settled is not None
        no_picture = self.needs_picture and reading.radiograph is None
        return no_picture or (self.needs_answer and not answered) or (self.needs_age and not aged)

    @property
    def is_text(self) -> bool:
        """Whether the file is one to look at on a terminal."""
        return self.media_type.startswith("text/") or self.media_type.endswith("json")

    def write(self, material: Material) -> bytes:
        """Return the bytes of the report.

        Raises
        ------
        UsageError
            ``report_needs_answer``, ``report_needs_film`` or ``report_needs_dicom`` where the material lacks it, and
            what the writer itself raises.
        """
        reading = material.reading
        if self.says_nothing_of(reading) and not reading.result.answers():
            msg = f"the film has no bone age, so there is no {self.name} report of it"
            raise UsageError(
                "report_needs_answer", msg, remedy="pdf, dicom-sr, text, json, csv and fhir say why there is none"
            )
        if self.needs_film and reading.result.answers() and reading.radiograph is None:
            raise self.no_film()
        if self.needs_dicom and material.source is None:
            raise self.no_dicom()
        module, _, function = self.writer.partition(":")
        write: Callable[[Material], bytes] = getattr(import_module(f"boneage.report.{module}"), function)
        return write(material)

    def no_film(self) -> UsageError:
        """Return the error of a result without its film."""
        msg = f"a {self.name} report needs the film, and an earlier result does not hold it"
        return UsageError("report_needs_film", msg, remedy="name the film itself")

    def no_dicom(self) -> UsageError:
        """Return the error of a film that is no DICOM file."""
        msg = f"a {self.name} report joins the study of its film, and this film is not DICOM"
        return UsageError("report_needs_dicom", msg, remedy="name the DICOM file of the film, or choose pdf")


DICOM_MEDIA_TYPE: Final = "application/dicom"

FORMATS: Final[tuple[Format, ...]] = (
    Format(
        "pdf",
        "application/pdf",
        "_report.pdf",
        "one page to look at, then the measurements",
        "pdf:write_pdf",
        needs_film=True,
        has_language=True,
    ),
    Format(
        "dicom-sr",
        DICOM_MEDIA_TYPE,
        "_sr.dcm",
        "DICOM structured report (TID 1500) of the study",
        "dicom_files:write_structured_report",
        needs_film=True,
        needs_dicom=True,
    ),
    Format(
        "dicom-sc",
        DICOM_MEDIA_TYPE,
        "_sc.dcm",
        "DICOM secondary capture of the overlay",
        "dicom_files:write_secondary_capture",
        needs_film=True,
        needs_dicom=True,
        needs_picture=True,
    ),
    Format(
        "dicom-pdf",
        DICOM_MEDIA_TYPE,
        "_pdf.dcm",
        "the PDF as a DICOM object of the study",
        "dicom_files:write_encapsulated_pdf",
        needs_film=True,
        needs_dicom=True,
        has_language=True,
    ),
    Format(
        "dicom-seg",
        DICOM_MEDIA_TYPE,
        "_seg.dcm",
        "DICOM segmentation of the bones",
        "dicom_files:write_segmentation",
        needs_film=True,
        needs_dicom=True,
        needs_answer=True,
    ),
    Format(
        "fhir",
        "application/fhir+json",
        "_fhir.json",
        "FHIR R4 bundle: observation, diagnostic report, device",
        "fhir:write_fhir",
    ),
    Format("json", "application/json", "_report.json", "the whole result", "plain:write_json"),
    Format("csv", "text/csv", "_report.csv", "one row, the columns of boneage batch", "plain:write_csv"),
    Format("text", "text/plain", "_report.txt", "what boneage predict prints", "plain:write_text", has_language=True),
    Format(
        "growth-api",
        "application/json",
        "_growth.json",
        "the bone age fields of a request to the RCPCH growth chart API",
        "growth_api:write_growth_api",
        needs_age=True,
    ),
)
"""Every format, in the order in which they are listed."""

WITH_LANGUAGE: Final = tuple(entry.name for entry in FORMATS if entry.has_language)
FORMAT_NAMES: Final = tuple(entry.name for entry in FORMATS)


def format_named(name: str) -> Format:
    """Return a format by its name.

    Raises
    ------
    UsageError
        ``unknown_report_format``.
    """
    for entry in FORMATS:
        if entry.name == name:
            return entry
    msg = f"unknown report format {name!r}"
    raise UsageError("unknown_report_format", msg, remedy=f"use one of: {', '.join(FORMAT_NAMES)}")
