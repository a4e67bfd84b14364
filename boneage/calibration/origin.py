"""What answers come from, and whether a calibration that was fitted on some may be applied to others.

A calibration corrects the answers of one set of networks, tables and combination; on those of another it would be a
wrong number with confidence. So it is refused there, and has to be fitted again. Another version of the program with
the same networks and tables is a warning on every result.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from boneage import __version__
from boneage.calibration.site import Origin, SiteCalibration
from boneage.errors import UsageError
from boneage.result import Reason
from boneage.software import installed_models, is_regression

if TYPE_CHECKING:
    from boneage.options import EstimateOptions
    from boneage.rooms import Rooms

_REMEDY = "fit it again with boneage calibrate on the same films"


def origin_of(rooms: Rooms, options: EstimateOptions) -> Origin:
    """Return what the answers of these rooms come from; opens the reference table where it is looked up.

    Raises
    ------
    TableError, WeightsError
        If the table or the list of networks is not sound.
    """
    references = {}
    if options.method != "regression":
        rooms.open_reference()
        references = dict(rooms.table_versions)
    regresses = options.method != "measurement" and rooms.has_regression
    models = (model for model in installed_models() if regresses or not is_regression(model.name))
    return Origin(
        version=__version__,
        prior=options.prior,
        models={model.name: model.sha256 for model in models},
        references=references,
        combination=_digest(asdict(rooms.combination)) if options.method == "auto" and regresses else "",
    )


def _digest(numbers: object) -> str:
    return hashlib.sha256(json.dumps(numbers, sort_keys=True).encode()).hexdigest()


def check_origin(site: SiteCalibration, now: Origin, options: EstimateOptions) -> tuple[Reason, ...]:
    """Return the remarks on results that a calibration is applied to.

    Raises
    ------
    UsageError
        ``calibration_of_other_networks``, ``calibration_of_other_table``, ``calibration_of_other_prior`` or
        ``calibration_of_other_combination`` where it was fitted on other answers than are given now.
    """
    then = site.origin
    fitted = then.models
    if options.method == "measurement":  # The networks of the route that is not taken do not matter.
        fitted = {name: sha256 for name, sha256 in fitted.items() if not is_regression(name)}
    changed = sorted({name for name, _ in fitted.items() ^ now.models.items()})
    if changed:
        msg = f"the calibration {site.name} was fitted with other networks ({', '.join(changed)})"
        raise UsageError("calibration_of_other_networks", msg, remedy=_REMEDY)
    unknown = []
    for name, version in now.references.items():
        if name not in then.references or then.references[name] not in {"", version}:
            msg = f"the calibration {site.name} was fitted with another reference table than {name} {version}"
            raise UsageError("calibration_of_other_table", msg, remedy=_REMEDY)
        if not then.references[name]:
            unknown.append("the version of its reference table")
    if now.references and not then.prior:
        unknown.append("its prior over age")
    elif now.references and then.prior != now.prior:
        msg = f"the calibration {site.name} was fitted with the prior {then.prior}, not {now.prior}"
        raise UsageError("calibration_of_other_prior", msg, remedy=f"use --prior {then.prior}, or fit it again")
    if now.combination and not then.combination:
        unknown.append("how it combined the two routes")
    elif now.combination and then.combination != now.combination:
        msg = f"the calibration {site.name} was fitted with another combination of the two routes"
        raise UsageError("calibration_of_other_combination", msg, remedy=_REMEDY)
    return tuple(_notes(site, now, unknown))


def _notes(site: SiteCalibration, now: Origin, unknown: list[str]) -> list[Reason]:
    notes = []
    if site.origin.version != now.version:
        msg = f"the calibration {site.name} was fitted with version {site.origin.version or 'unknown'}"
        notes.append(Reason("calibration_of_other_version", msg, _REMEDY, "warning"))
    if unknown:
        msg = f"the calibration {site.name} was fitted on a report that does not say {' and '.join(unknown)}"
        notes.append(Reason("calibration_origin_unknown", msg, _REMEDY, "warning"))
    return notes
