"""Which results can stand as earlier visits beside a film, and why the others cannot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from boneage.errors import Refusal
from boneage.follow_up import ChildVisit, in_order, visit_of
from boneage.result import Result


@dataclass(frozen=True)
class EarlierVisits:
    """The visits before a film, youngest first, and of the other results the name and why they are none."""

    visits: tuple[ChildVisit, ...] = ()
    refused: tuple[tuple[str, Refusal], ...] = ()

    def of_sex(self, sex: str) -> tuple[ChildVisit, ...]:
        """Return the visits that were read as those of one sex: its curves hold for them alone."""
        return tuple(visit for visit in self.visits if visit.sex == sex)


def earlier_visits(results: Iterable[tuple[str, Result]], present: ChildVisit) -> EarlierVisits:
    """Sort out which results are of earlier visits.

    Parameters
    ----------
    results:
        Name for people, and result.
    present:
        The film that is shown; of a result of unknown sex the answer for its sex is taken.

    Returns
    -------
    EarlierVisits
        Refused are results of the same film (``visits_of_one_film``), without the child's own age
        (``visit_age_missing``), of a later film (``visit_is_later``), and what `boneage.follow_up.visit_of` refuses.
    """
    visits, refused = [], []
    for name, result in results:
        try:
            visits.append(_earlier(name, result, present))
        except Refusal as refusal:
            refused.append((name, refusal))
    return EarlierVisits(in_order(visits), tuple(refused))


def _earlier(name: str, result: Result, present: ChildVisit) -> ChildVisit:
    visit = visit_of(result, name=name, sex=present.sex)
    if visit.sha256 is not None and visit.sha256 == present.sha256:
        msg = f"{name}: this is the same film"
        raise Refusal("visits_of_one_film", msg, remedy="take another film")
    if visit.age_months is None:
        msg = f"{name}: the child's own age at the film is not known"
        raise Refusal("visit_age_missing", msg, remedy="give the age or the dates with that film")
    if present.age_months is not None and visit.age_months > present.age_months:
        msg = f"{name}: this film is later than the one shown"
        raise Refusal("visit_is_later", msg, remedy="open the later film and add this as the earlier")
    return visit
