"""Texts as calendars write them."""

from typing import Final

from icalendar import vText

_TAKEN_FOR_A_BREAK: Final = r"\N"
_MEANT: Final = rb"\\N"


class Text(vText):
    r"""A text whose backslashes are what they are (RFC 5545, section 3.3.11).

    icalendar takes a backslash before a capital N for a line break even in a text that is not escaped yet, and so
    writes `C:\Netz` in two lines.
    """

    def to_ical(self) -> bytes:
        """Return the escaped text."""
        parts = str(self).split(_TAKEN_FOR_A_BREAK)
        return _MEANT.join(bytes(vText(part).to_ical()) for part in parts)
