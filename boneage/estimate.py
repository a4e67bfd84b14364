"""One film through all rooms: read, segment, measure, look up, regress, combine.

The chronological age never reaches the rooms: it is held against the finished answer and is no input of it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from boneage.errors import BoneAgeError, ReadError, UsageError
from boneage.furnish import furnish
from boneage.options import EstimateOptions, OwnAge, SexWord
from boneage.outputs import shown_path
from boneage.result import Estimates, Input, Reading, Result, SexAnswer, errored, input_of, result_reasons
from boneage.rooms import Film, InstalledRooms, Rooms
from boneage.sex_answer import AnswerFinder
from boneage.unforeseen import without_message
from boneage.unknown_sex import BOTH_SEXES, both_answers, own_age
from boneage.walk import Known, Listener, Walk

if TYPE_CHECKING:
    from boneage.correction.correction import Correction
    from boneage.measurement.measurements import Measurements
    from boneage.radiograph.radiograph import Radiograph
    from boneage.segmentation.bone_map import BoneMap

LOGGER = logging.getLogger(__name__)


class Estimator:
    """Reads bone ages from films.

    Parameters
    ----------
    options:
        Method and reference of every film.
    rooms:
        The rooms to walk through; those of the installed package by default.

    Notes
    -----
    Networks and tables load with the first film that needs them and stay for the next.
    """

    def __init__(self, options: EstimateOptions | None = None, *, rooms: Rooms | None = None) -> None:
        self.options = options or EstimateOptions()
        self._rooms = rooms or InstalledRooms(self.options)
        self._finder = AnswerFinder(self.options, self._rooms)

    def check(self) -> None:
        """See that the reference table is there and sound, and that a calibration fits, before any film is opened.

        Raises
        ------
        TableError
            If the table is not.
        UsageError
            If the calibration was fitted with other networks, tables or options.
        """
        if self.options.method != "regression":
            self._rooms.open_reference()
        _ = self._finder.calibrator

    def estimate(
        self,
        path: str | Path,
        *,
        sex: SexWord | None = None,
        chronological_age_months: OwnAge | None = None,
        pixel_spacing_mm: float | None = None,
    ) -> Reading:
        """Read the bone age from a file.

        Parameters
        ----------
        path:
            DICOM or raster file.
        sex:
            ``M``, ``F`` or ``unknown`` (both answers, whatever the file says); ``None`` asks the file.
        chronological_age_months:
            The child's own age, held against the answer; ``unknown`` leaves it out, whatever the file says, and
            ``None`` asks the file.
        pixel_spacing_mm:
            Millimetres per pixel; outranks the file.

        Returns
        -------
        Reading
            Always: a film that was refused or could not be read has that as its status, with the reasons.
        """
        known = Known(sex, chronological_age_months, pixel_spacing_mm)
        return self._estimate(Path(path), str(path), known)

    def estimate_bytes(
        self,
        data: bytes,
        *,
        name: str = "upload",
        sex: SexWord | None = None,
        chronological_age_months: OwnAge | None = None,
        pixel_spacing_mm: float | None = None,
        listener: Listener | None = None,
    ) -> Reading:
        """Read the bone age from the bytes of a file; ``name`` stands for its path, ``listener`` is told of every stage
        as it begins. Otherwise as `estimate`.
        """
        return self._estimate(data, name, Known(sex, chronological_age_months, pixel_spacing_mm), listener)

    def revise(self, reading: Reading, correction: Correction) -> Reading:
        """Look the age of a hand up again with a reader's corrections; nothing is segmented anew.

        Parameters
        ----------
        reading:
            As this estimator gave it, or revised: corrections do not add up, each stands for itself.
        correction:
            Moved bones, parts left out, the reader's own age.

        Raises
        ------
        UsageError
            With code ``nothing_to_correct`` where no bones were found; ``bad_correction`` for an end off the film.
        """
        from boneage.correction.correction import off_film

        if reading.radiograph is None or reading.bone_map is None:
            msg = "no bones were found on this film, so there is nothing to correct"
            raise UsageError("nothing_to_correct", msg, remedy="use a film on which the hand is found")
        if off := off_film(correction.moved, reading.radiograph.pixels.shape):
            msg = f"the ends of {', '.join(off)} lie off the film"
            raise UsageError("bad_correction", msg, remedy="give the ends in pixels of the film, [x, y]")
        own = reading.result.chronological
        walk = Walk(reading.result.input.path)
        if own is not None:
            walk.own_age, walk.own_in_whole_years = own.months, own.in_whole_years
        return self._walked(walk, lambda walk: self._again(walk, reading, correction))

    def _again(self, walk: Walk, reading: Reading, correction: Correction) -> None:
        from boneage.correction.apply import corrected
        from boneage.correction.record import record_of

        assert reading.radiograph is not None
        assert reading.bone_map is not None
        walk.radiograph, walk.bone_map = reading.radiograph, reading.bone_map
        self._note(walk)
        with walk.stage("measure"):
            found = self._rooms.measure(walk.bone_map)
            walk.correction = record_of(correction, found, reading)
            self._hold_reader(walk)
            hand = corrected(found, walk.bone_map.frame, correction)
            walk.measurements, walk.speaking = hand.shown, hand.speaking
            walk.left_out = frozenset(correction.excluded)
            walk.values = _all_values(hand.speaking, walk.bone_map, walk.radiograph)

    def _estimate(self, film: Film, name: str, known: Known, listener: Listener | None = None) -> Reading:
        def find(walk: Walk) -> None:
            self._read(walk, film, known)
            self._find_bones(walk)

        own = known.chronological_age_months
        own_age = None if isinstance(own, str) else own
        return self._walked(Walk(shown_path(name), own_age=own_age, listener=listener), find)

    def _walked(self, walk: Walk, find: Callable[[Walk], None]) -> Reading:
        """Go through the rooms: ``find`` fills the walk up to the measurements, the age follows."""
        try:
            find(walk)
            result = self._find_age(walk)
        except BoneAgeError as error:
            walk.note(*getattr(error, "checks", ()))
            result = self._stopped(walk, error)
        except MemoryError:
            msg = "there is not enough memory for this film"
            result = self._stopped(
                walk, ReadError("out_of_memory", msg, remedy="close other programs, or shrink the film")
            )
        except Exception as error:  # One film must not end a batch, nor show its tags in a traceback to the user.
            LOGGER.debug("unexpected %s", without_message(error))
            msg = f"an unexpected {type(error).__name__} stopped the reading of this film"
            remedy = "please report it with the version that boneage info prints"
            result = self._stopped(walk, BoneAgeError("unexpected_error", msg, remedy=remedy))
        return Reading(result, walk.radiograph, walk.bone_map)

    def _read(self, walk: Walk, film: Film, known: Known) -> None:
        with walk.stage("read"):
            walk.radiograph = self._rooms.read(film, pixel_spacing_mm=known.pixel_spacing_mm, sex=known.sex)
        if known.chronological_age_months is None:
            walk.own_age, walk.own_in_whole_years = walk.radiograph.age_months, walk.radiograph.age_in_whole_years
        self._note(walk)

    def _find_bones(self, walk: Walk) -> None:
        from boneage.measurement.millimetres import believed

        assert walk.radiograph is not None
        with walk.stage("segment"):
            walk.bone_map = self._rooms.segment(walk.radiograph)
        self._note(walk)
        with walk.stage("measure"):
            walk.measurements = self._rooms.measure(walk.bone_map)
            walk.radiograph = believed(walk.radiograph, walk.measurements, walk.bone_map.frame.scale)
            walk.remark(*result_reasons(walk.radiograph.notices))
            walk.values = _all_values(walk.measurements, walk.bone_map, walk.radiograph)

    def _note(self, walk: Walk) -> None:
        """Take over what the rooms so far have noticed and checked, and look at the film with the quality gate."""
        if walk.radiograph is not None:
            walk.remark(*result_reasons(walk.radiograph.notices))
        if walk.bone_map is not None:
            walk.remark(*result_reasons(walk.bone_map.notices))
            walk.note(*walk.bone_map.checks)
        if walk.radiograph is not None and walk.bone_map is not None:
            with walk.stage("segment"):
                findings = self._rooms.inspect(walk.radiograph, walk.bone_map)
            walk.judge(findings)

    def _find_age(self, walk: Walk) -> Result:
        assert walk.radiograph is not None
        age, sex = walk.own_age, walk.radiograph.sex
        if sex is not None:
            return self._result(walk, self._finder.answer(walk, sex, age), by_sex=None)
        answers = both_answers(walk, lambda sex: self._finder.answer(walk, sex, age))
        calibrator = self._finder.calibrator
        stamp = None if calibrator is None else calibrator.stamp()
        return self._result(walk, SexAnswer(None, chronological=own_age(walk), calibration=stamp), answers)

    def _hold_reader(self, walk: Walk) -> None:
        """Hold the age that a reader settled on against the child's own, as the program's is, for each sex.

        It is done before the lookup, which may refuse: a reader's age stands without the program's.
        """
        assert walk.radiograph is not None
        said, age, known = walk.correction, walk.own_age, walk.radiograph.sex
        if said is None or said.final_months is None or age is None:
            return
        held = {}
        for sex in BOTH_SEXES if known is None else (known,):
            with walk.assuming(sex) if known is None else nullcontext():
                held[str(sex)] = self._finder.hold_against(walk, said.final_months, age, sex)
        walk.correction = replace(said, chronological=held)

    def _result(
        self,
        walk: Walk,
        answer: SexAnswer,
        by_sex: dict[str, SexAnswer] | None,
    ) -> Result:
        assert walk.radiograph is not None
        found = Result(
            "ok",
            input_of(walk.name, walk.radiograph),
            walk.reasons(),
            bone_age=answer.bone_age,
            by_sex=by_sex,
            estimates=answer.estimates,
            chronological=answer.chronological,
            pattern_profile=answer.pattern_profile,
            calibration=answer.calibration,
            reader_correction=walk.correction,
        )
        return furnish(walk, found, table_versions=self._rooms.table_versions)

    def _stopped(self, walk: Walk, error: BoneAgeError) -> Result:
        """Return the result of a film that an error stopped, with whatever was found before."""
        source = Input(walk.name) if walk.radiograph is None else input_of(walk.name, walk.radiograph)
        result = errored(source, error, warnings=walk.reasons())
        result = replace(result, chronological=own_age(walk), reader_correction=walk.correction)
        known = list(walk.estimates.values())
        return furnish(
            walk,
            replace(result, estimates=known[0] if len(known) == 1 else Estimates()),
            table_versions=self._rooms.table_versions,
        )


def _all_values(measurements: Measurements, bone_map: BoneMap, radiograph: Radiograph) -> dict[str, float]:
    """Return what a table may be looked up with: scale-free values, and millimetres where they can be relied on."""
    from boneage.measurement.millimetres import millimetre_values

    return {**measurements.values, **millimetre_values(measurements, bone_map.frame.scale, radiograph.spacing)}
