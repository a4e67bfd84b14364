"""The earlier visits beside the film that is shown: uploaded results and films of the session, kept with that film."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Final

from boneage.earlier_visits import EarlierVisits, earlier_visits
from boneage.errors import Refusal
from boneage.follow_up import ChildVisit, visit_of
from boneage.result import Result
from boneage_page.language import say
from boneage_page.shelf import Entry, shelf

FILMS: Final = "earlier_films"
"""Under this name an entry keeps the films of the session that were chosen, by their hash."""

_UPLOADED: Final = "earlier_results"


def uploaded(entry: Entry) -> dict[str, tuple[str, Result]]:
    """Return the uploaded results, name and result by the hash of the file: two files may have one name."""
    kept: dict[str, tuple[str, Result]] = entry.kept.setdefault(_UPLOADED, {})
    return kept


def keep_upload(entry: Entry, name: str, data: bytes, result: Result) -> None:
    """Keep an uploaded result; the same file once."""
    uploaded(entry).setdefault(hashlib.sha256(data).hexdigest(), (name, result))


def films_to_choose(entry: Entry) -> dict[str, Entry]:
    """Return the other films of the session from which a bone age was read, by their hash."""
    return {
        digest: other
        for digest, other in shelf().entries.items()
        if digest != entry.film.digest and other.result is not None and _has_age(other.result)
    }


def chosen_films(entry: Entry) -> list[str]:
    """Return the chosen ones of `films_to_choose`; a film may have lost its answer since it was chosen."""
    there = films_to_choose(entry)
    return [digest for digest in entry.kept.get(FILMS, []) if digest in there]


def earlier_of(entry: Entry, present: ChildVisit) -> EarlierVisits:
    """Return the earlier visits of the film that is shown, each under a name of its own."""
    films = films_to_choose(entry)
    results = list(uploaded(entry).values())
    results += [
        (films[digest].film.name, found)
        for digest in chosen_films(entry)
        if (found := films[digest].result) is not None
    ]
    return earlier_visits(_told_apart(results), present)


def earlier_for(entry: Entry, result: Result, sex: str) -> tuple[ChildVisit, ...]:
    """Return the earlier visits that belong on a chart of one sex; none where this film has no age to follow them."""
    try:
        present = visit_of(result, name=say("visits.this_film"), sex=sex)
    except Refusal:
        return ()
    return earlier_of(entry, present).of_sex(sex)


def _has_age(result: Result) -> bool:
    return any(answer.bone_age is not None for answer in result.answers().values())


def _told_apart(results: list[tuple[str, Result]]) -> list[tuple[str, Result]]:
    """Number the names that come more than once."""
    seen: Counter[str] = Counter()
    named = []
    for name, result in results:
        seen[name] += 1
        named.append((name if seen[name] == 1 else f"{name} ({seen[name]})", result))
    return named
