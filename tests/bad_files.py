"""Files that no bone age can be read from, made on the spot."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ComputedRadiographyImageStorage, ExplicitVRLittleEndian, generate_uid

PATIENT = "Mustermann^Erika"


def dicom(path: Path, *, pixels: np.ndarray | None = None, **tags: object) -> Path:
    """Write a small DICOM film of a named patient; ``pixels`` of shape (rows, columns) or (rows, columns, 3)."""
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.SOPClassUID = data.file_meta.MediaStorageSOPClassUID = ComputedRadiographyImageStorage
    data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    data.PatientName, data.PatientID, data.Modality = PATIENT, "PID-4711", "CR"
    if pixels is not None:
        data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
        data.BitsAllocated = data.BitsStored = 8
        data.HighBit, data.PixelRepresentation = 7, 0
        data.Rows, data.Columns = pixels.shape[:2]
        data.PixelData = pixels.astype(np.uint8).tobytes()
        data["PixelData"].VR = "OB"
    for name, value in tags.items():
        setattr(data, name, value)
    data.save_as(path, enforce_file_format=True)
    return path


def noise(*shape: int) -> np.ndarray:
    """Grey noise."""
    return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)


def make_bad_files(folder: Path) -> dict[str, tuple[Path, int]]:
    """Make every kind of bad file; name to path and the exit code that `predict` must end with."""
    made: dict[str, tuple[Path, int]] = {"missing": (folder / "missing.png", 1), "folder": (folder, 1)}

    def add(name: str, code: int, content: bytes) -> None:
        path = folder / name
        path.write_bytes(content)
        made[name] = (path, code)

    add("empty.png", 1, b"")
    add("empty.dcm", 1, b"")
    add("text.dcm", 1, b"this is no film, whatever its name says\n" * 50)
    add("text.png", 1, b"nor is this")
    whole = dicom(folder / "whole.dcm", pixels=noise(256, 200)).read_bytes()
    add("truncated.dcm", 1, whole[: len(whole) // 2])
    add("header_only.dcm", 1, whole[:132])
    Image.fromarray(noise(256, 200)).save(folder / "whole.png")
    png = (folder / "whole.png").read_bytes()
    add("truncated.png", 1, png[: len(png) // 2])
    made["no_pixels.dcm"] = (dicom(folder / "no_pixels.dcm"), 1)
    frames = dicom(
        folder / "frames.dcm", pixels=noise(256, 200), NumberOfFrames=3, PixelData=noise(3, 256, 200).tobytes()
    )
    made["frames.dcm"] = (frames, 1)
    colour = {"SamplesPerPixel": 3, "PhotometricInterpretation": "RGB", "PlanarConfiguration": 0}
    made["colour.dcm"] = (dicom(folder / "colour.dcm", pixels=noise(256, 200, 3), **colour), 1)
    Image.new("L", (300, 400), 40).save(folder / "blank.png")
    made["blank.png"] = (folder / "blank.png", 3)
    Image.new("L", (1, 1), 200).save(folder / "dot.png")
    made["dot.png"] = (folder / "dot.png", 3)
    Image.new("1", (20_000, 20_000)).save(folder / "huge.png")
    made["huge.png"] = (folder / "huge.png", 1)
    if os.geteuid() != 0:  # Root may read everything.
        add("locked.png", 1, png)
        (folder / "locked.png").chmod(0)
    return made
