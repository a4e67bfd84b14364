"""What a log may say of an error that nobody foresaw: its kind and where it arose, never its message.

A message may quote what it stumbled over, for instance the tag with a child's name, and so may a line of a traceback.
"""

from __future__ import annotations

import traceback


def without_message(error: BaseException) -> str:
    """Return the type of an error and the lines of the modules that it passed through, outermost first.

    Parameters
    ----------
    error:
        An error that was caught; its message, notes and the text of the source lines are left out.

    Examples
    --------
    >>> try:
    ...     int("Doe^Jane")
    ... except ValueError as error:
    ...     without_message(error).partition(" at ")[0]
    'ValueError'
    """
    places = [
        f"{frame.f_globals.get('__name__', '?')}:{line}" for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    said = f"{type(error).__name__} at {' > '.join(places)}"
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return said if cause is None else f"{said}, after {without_message(cause)}"
