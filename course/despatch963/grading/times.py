"""Times as nbgrader notes them, read into UTC."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from nbgrader.utils import parse_utc

_OFFSET = re.compile(r" (?=[+-]\d\d:?\d\d$)")
_ZONE = re.compile(r" ([A-Za-z][\w/+-]*)$")


def utc(stamp: str) -> datetime:
    """Return the time in UTC, without a zone, as the gradebook stores it; raise ValueError.

    What names no zone is in UTC. nbgrader's own reading, which this is built on, is wrong in two
    cases: it takes “ +0200” for two hundred seconds, and a zone that nobody knows (CEST and EDT are
    none: summer time is a zone's, not a zone) for UTC.
    """
    zone = _ZONE.search(stamp)
    if zone and zone[1] not in ("Z", "UTC"):
        try:
            ZoneInfo(zone[1])
        except (KeyError, OSError):
            raise ValueError(f"no time zone is called {zone[1]}") from None
    return parse_utc(_OFFSET.sub("", stamp))
