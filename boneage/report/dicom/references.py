"""A reference from a new object to the film that it was made from."""

from __future__ import annotations

from highdicom.sr import CodedConcept
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code


def reference_to(header: Dataset, purpose: Code | None = None) -> Dataset:
    """Return the item of a reference sequence that names the film, and why it is named."""
    item = Dataset()
    item.ReferencedSOPClassUID = header.SOPClassUID
    item.ReferencedSOPInstanceUID = header.SOPInstanceUID
    if purpose is not None:
        item.PurposeOfReferenceCodeSequence = [CodedConcept.from_code(purpose)]
    return item
