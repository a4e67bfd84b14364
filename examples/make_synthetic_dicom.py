"""Wrap one of the example films as a DICOM object, so that the DICOM path can be tried and tested on a hand.

The pixels are those of a public RSNA film. **Every tag is invented**: there is no such patient, study or detector, and
the pixel spacing is a plausible round number, not a measurement. Lengths in millimetres from this file mean nothing.

Run from the project root::

    python examples/make_synthetic_dicom.py examples/films/rsna_1744.webp examples/films/synthetic.dcm
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ComputedRadiographyImageStorage, ExplicitVRLittleEndian, JPEGLSLossless, generate_uid

UID_SEED = "boneage synthetic example"
COMMENT = "SYNTHETIC: pixels of a public RSNA bone age film; every tag, the pixel spacing included, is invented"


def _uid(name: str) -> UID:
    """Return the same UID at every run, so that the file is reproducible."""
    return generate_uid(entropy_srcs=[UID_SEED, name])


def synthetic_dataset(pixels: np.ndarray, *, sex: str, age: str) -> Dataset:
    """Build a computed-radiography object round an 8-bit grey picture.

    Parameters
    ----------
    pixels:
        ``uint8`` array (rows, columns), bone bright.
    sex, age:
        Invented PatientSex (``M`` or ``F``) and PatientAge (for instance ``147M``).

    Returns
    -------
    Dataset
        With file meta information, compressed as JPEG-LS lossless.
    """
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.file_meta.MediaStorageSOPClassUID = ComputedRadiographyImageStorage
    ds.file_meta.MediaStorageSOPInstanceUID = _uid("instance")
    ds.SOPClassUID = ComputedRadiographyImageStorage
    ds.SOPInstanceUID = _uid("instance")
    ds.StudyInstanceUID, ds.SeriesInstanceUID = _uid("study"), _uid("series")
    ds.ImageType = ["DERIVED", "SECONDARY"]
    ds.Modality, ds.ConversionType = "CR", "WSD"
    ds.Manufacturer, ds.ManufacturerModelName = "SYNTHETIC", "SYNTHETIC"
    ds.PatientName, ds.PatientID = "SYNTHETIC^SYNTHETIC", "SYNTHETIC"
    ds.PatientBirthDate, ds.PatientSex, ds.PatientAge = "", sex, age
    ds.PatientIdentityRemoved, ds.DeidentificationMethod = "YES", "invented tags"
    ds.StudyID, ds.StudyDate, ds.StudyTime, ds.AccessionNumber, ds.ReferringPhysicianName = "SYNTHETIC", "", "", "", ""
    ds.SeriesNumber, ds.InstanceNumber = 1, 1
    ds.StudyDescription = "SYNTHETIC left hand"
    ds.SeriesDescription = "SYNTHETIC left hand, invented tags"
    ds.ImageComments = COMMENT
    ds.BodyPartExamined, ds.ViewPosition, ds.Laterality, ds.ImageLaterality = "HAND", "PA", "L", "L"
    ds.PatientOrientation = ""
    ds.ImagerPixelSpacing = [0.1, 0.1]
    ds.EstimatedRadiographicMagnificationFactor = 1.02
    ds.DistanceSourceToDetector, ds.DistanceSourceToPatient = 1020, 1000
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.Rows, ds.Columns = pixels.shape
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 8, 8, 7, 0
    ds.RescaleSlope, ds.RescaleIntercept, ds.RescaleType = 1, 0, "US"
    ds.PresentationLUTShape = "IDENTITY"
    ds.PixelData = np.ascontiguousarray(pixels).tobytes()
    ds.compress(JPEGLSLossless, generate_instance_uid=False)
    return ds


def main() -> None:
    """Read a picture and write the synthetic DICOM."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("film", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--sex", default="M", choices=["M", "F"])
    parser.add_argument("--age", default="147M", help="invented PatientAge, for instance 147M")
    options = parser.parse_args()
    with Image.open(options.film) as picture:
        pixels = np.asarray(picture.convert("L"))
    synthetic_dataset(pixels, sex=options.sex, age=options.age).save_as(options.output, enforce_file_format=True)


if __name__ == "__main__":
    main()
