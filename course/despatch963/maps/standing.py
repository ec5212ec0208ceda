"""How an office stands on a given day, according to what sources claim of it."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from ..tables import Record, extent

CLOSINGS = {"closed", "ended"}
DEMANDS = {"demanded_closed", "demand_undecided", "sender_to_close"}
PRESENCE = {"newly_established", "functioning", "agreed"}

Side = tuple[str, str]  # a conflict and the side of it a claim is on


class Standing(NamedTuple):
    """A status of `signs.STATUSES`, or "not yet open"; the claims that give it; why to doubt it."""

    status: str
    claims: tuple[str, ...] = ()
    doubt: str = ""


class _Word(NamedTuple):
    """What one claim says of the day: `open_later` if it says so of a later day."""

    says: str
    claim: Record
    firm: bool
    open_later: bool = False


def standing(
    claims: Iterable[Record],
    day: date | None,
    sides: Callable[[str], set[Side]] = lambda claim: set(),
    markers: frozenset[str] = frozenset(),
) -> Standing:
    """Return how one office stands on `day`, or at the end of all that is claimed if None.

    A claim with only a limit or a span for its date counts from its last day on: before that, what
    it says is not settled. An office that is to close or to stay later is open until then.
    `sides` gives the sides of conflicts that a claim is on; `markers` are sources that stand for
    general knowledge, heard only where no other source speaks.
    """
    words = [word for claim in claims if (word := _word(claim, day, claim["source"] in markers))]
    words = [word for word in words if word.claim["source"] not in markers] or words
    said: dict[str, list[_Word]] = {}
    for word in words:
        said.setdefault(word.says, []).append(word)
    if "not yet open" in said and not said.keys() & {"closed", "withdrawn", "demanded", "retained"}:
        return _standing("not yet open", said["not yet open"])
    if "closed" in said:
        against = _against(said["closed"], words, sides)
        status = "disputed" if against else "closed"
        return _standing(status, said["closed"] + against)
    for status in ("withdrawn", "retained", "demanded", "open"):
        if status in said:
            return _standing(status, said[status])
    # To have been at work in some years is not to have been open still in the last of them.
    if "present" in said and "perhaps closed" not in said:
        return _standing("open", said["present"])
    return _standing("unknown", said.get("perhaps closed", []))


def _word(claim: Record, day: date | None, marker: bool) -> _Word | None:
    first, last = extent(claim["date"], claim["date_precision"])
    over = day is None or (last is not None and last <= day)
    later = day is not None and first is not None and first > day
    firm = not (
        marker
        or claim["speaks_of"] == "assigned"
        or claim["statement"] == "demand_undecided"
        or claim["certainty"] == "low"
    )
    match claim["statement"]:
        case "closed" | "ended" | "abolished_by_sender" as ending:
            says = "withdrawn" if ending == "abolished_by_sender" else "closed"
            if over:
                return _Word(says, claim, firm)
            return _Word("open" if later else "perhaps closed", claim, firm, open_later=later)
        case "retained":
            return _Word("open" if later else "retained", claim, firm, open_later=later)
        case statement if statement in DEMANDS:
            return _Word("demanded" if over else "open", claim, firm)
        case "opened" if later:
            return _Word("not yet open", claim, firm)
        case statement if statement in PRESENCE and day and first and last:
            # Of a span of years only those before its last are sure to be whole.
            until = extent(claim["date"].rpartition("/")[2])[0] if "/" in claim["date"] else last
            return _Word("present", claim, firm) if first <= day <= (until or last) else None
    return None


def _against(
    closings: list[_Word], words: list[_Word], sides: Callable[[str], set[Side]]
) -> list[_Word]:
    """Return what other sources say against a closing.

    Either that the office is open on the day, or, when one source alone has it closed, a claim
    that the table of conflicts sets on the other side.
    """
    closers = {word.claim["source"] for word in closings}
    others = [word for word in words if word.claim["source"] not in closers]
    against = [word for word in others if word.open_later or word.says == "retained"]
    if len(closers) > 1:
        return against
    taken = {side for word in closings for side in sides(word.claim["id"])}
    for word in others:
        opposed = {
            conflict
            for conflict, side in sides(word.claim["id"])
            if any(conflict == other and side != its for other, its in taken)
        }
        if opposed and word not in against:
            against.append(word)
    return against


def _standing(status: str, words: list[_Word]) -> Standing:
    ids = tuple(word.claim["id"] for word in words)
    if status in ("unknown", "not yet open"):
        return Standing(status, ids)
    # One firm claim settles it; a dispute is firm only if both of its sides are.
    groups = [
        [word for word in words if (word.says == "closed") == closed] for closed in (True, False)
    ]
    weighed = [group for group in groups if group] if status == "disputed" else [words]
    if all(any(word.firm for word in group) for group in weighed):
        return Standing(status, ids)
    weak = next(word.claim for group in weighed for word in group if not word.firm)
    return Standing(status, ids, _doubt(weak))


def _doubt(claim: Record) -> str:
    if claim["speaks_of"] == "assigned":
        return "the source gives a number only; that this office is one of them is our inference"
    if claim["statement"] == "demand_undecided":
        return "named among several of which some must close; which, was not settled"
    return "weakly supported"
