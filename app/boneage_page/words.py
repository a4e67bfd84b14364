"""Every text of the page that is not the package's own, in one place."""

from __future__ import annotations

from typing import Final

TITLE: Final = "Bone age from a hand radiograph"
LEAD: Final = (
    "Give one film of a child's hand. The bones are found and measured on it, and the measurements looked up in a "
    "reference table; a second network reads the age directly."
)
PRIVACY: Final = (
    "The film stays in the memory of the program behind this page and is forgotten when the page is closed. "
    "Nothing is stored, and nothing is sent elsewhere."
)

UPLOAD: Final = "Film: DICOM, PNG, JPEG, TIFF, WebP or BMP"
UPLOAD_HELP: Final = "One hand, one view, bones bright or dark. DICOM files may lack an extension."
EXAMPLES: Final = "Or try an example film (sex and published bone age)"
EXAMPLES_SOURCE: Final = (
    "Films of the RSNA Pediatric Bone Age Challenge 2017 (Halabi et al., Radiology 2019;290:498–503), "
    "for non-commercial use."
)
EXAMPLE_BUTTON: Final = "{sex}, {age}"
EXAMPLE_NOTE: Final = "Example film {number}. The clinical reading published with it is {age} of bone age. {training}"
EXAMPLE_TRAINED: Final = "It was among the films used in training, so the answer says nothing about accuracy."
EXAMPLE_HELD_OUT: Final = "It was not used in training."
SYNTHETIC_BUTTON: Final = "Synthetic DICOM"
SYNTHETIC_NOTE: Final = "Synthetic DICOM: an example film with invented tags. Its millimetres mean nothing."

SEX: Final = "Sex"
SEX_CHOICES: Final = {"F": "Girl", "M": "Boy", "unknown": "Unknown"}
SEX_FROM_FILE: Final = "The file says: {sex}."
SEX_FROM_EXAMPLE: Final = "As published with the film."
SEX_NOT_IN_FILE: Final = "The file does not say. Unknown gives both answers."
OWN_AGE: Final = "Chronological age"
OWN_AGE_PLACEHOLDER: Final = "10y4m, 10.3 or 124m"
OWN_AGE_HELP: Final = "It is held against the answer and never changes it. A bare number counts years."
OWN_AGE_FROM_FILE: Final = "Left empty, the file's own is taken: {age}."
MORE: Final = "Method and scale"
METHOD: Final = "Method"
METHOD_CHOICES: Final = {
    "auto": "Both, combined",
    "measurement": "Measured bones alone",
    "regression": "Direct regression alone",
}
SPACING: Final = "Pixel spacing in mm (0: as in the file)"
SPACING_HELP: Final = "Millimetres per pixel in the plane of the bones. It outranks the file."

WORKING: Final = "Reading the film. The first one takes a few seconds longer, as the networks are loaded."

BONE_AGE: Final = "Bone age"
BONE_AGE_IF: Final = "Bone age if {sex}"
INTERVAL: Final = "95 % interval: {words}  \n({low:.0f} to {high:.0f} months)"
NO_ANSWER_IF: Final = "No bone age if {sex}: see the remarks below."
MONTHS: Final = "{months:.1f} months, by {method}"
DIFFERENCE: Final = "Difference"
SDS: Final = "SD score"
NO_OWN_AGE: Final = "Give the chronological age above to see the difference and the SD score."
SDS_SOURCE: Final = "SD score by {reference}."
REFUSED: Final = "**No bone age was read.** {message}"
FAILED: Final = "**This file could not be read.** {message}"
REMEDY: Final = "What helps: {remedy}"
REMEDIES: Final = {
    "sex_unknown": "choose girl or boy above",
    "routes_disagree": "look at the overlay, then choose one route under “Method and scale”",
}
"""What helps on this page where the package's own remedy speaks of the command line, by code."""

ROUTES: Final = "Both routes"
ROUTE_MEASUREMENT: Final = "Measured bones"
ROUTE_REGRESSION: Final = "Direct regression"
ROUTE_ANSWER: Final = "Answer"
ROUTE_OWN: Final = "Chronological"
ROUTE_SOURCE: Final = "reference table {reference}"
ROUTE_PIXELS: Final = "the film itself"
AGE_AXIS: Final = "age in years"
OWN_AGE_LINE: Final = "Dashed line: chronological age."

PICTURES: Final = "The film and what was found on it"
ORIGINAL: Final = "Film"
OVERLAY: Final = "Bones found"
LAYERS: Final = "Show"
LAYER_CHOICES: Final = {"outlines": "Outlines", "axes": "Axes", "joints": "Joints"}
LEGEND: Final = (
    "Green, blue and violet lines: shafts of the bones. Amber and orange areas: epiphyses. Pink areas: carpals. "
    "White dots: joints. A thick amber axis: a bone of unusual length."
)

BONES: Final = "The bones"
BONES_NOTE: Final = "{scale}. Radius and ulna are cut off by the film, so they have no length."
CONTRIBUTIONS: Final = "What the measurements say"
CONTRIBUTIONS_NOTE: Final = (
    "z is how far a measurement lies from what the reference table {reference} expects at the age found, in standard "
    "deviations; weight is its share of all that the measurements say about age."
)

EXPORT: Final = "Take it with you"
PASTE: Final = "To paste into a report"
DOWNLOAD_JSON: Final = "JSON"
DOWNLOAD_CSV: Final = "CSV"
DOWNLOAD_OVERLAY: Final = "Overlay picture"
DOWNLOAD_LABELS: Final = "Label map"
DETAILS: Final = "File, checks and software"
