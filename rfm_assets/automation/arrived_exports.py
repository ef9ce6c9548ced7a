"""Decides whether arrived exports need a run, from what was seen and requested before. Pure functions."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from rfm_assets.exports.arrived import Arrived

_MOST_REPEATS = 2  # as often as Dagster retries a crashed run
_MOST_NAMED = 5


@dataclass(frozen=True)
class Asked:
    """What earlier ticks left: digests of what was last seen and last requested, and the remarks already made."""

    seen: str = ""
    asked: str = ""
    requests: int = 0
    repeats: int = 0
    said: tuple[str, ...] = ()

    def encode(self) -> str:
        """The state as a cursor."""
        return json.dumps(asdict(self))

    @classmethod
    def decode(cls, text: str | None) -> "Asked":
        """Reads what `encode` wrote; an empty cursor means nothing was seen."""
        held = json.loads(text) if text else {}
        return cls(**(held | {"said": tuple(held.get("said", ()))}))


@dataclass(frozen=True)
class Decision:
    """The run key to request, if any, why there is none, remarks to log once, and the state to remember."""

    run_key: str | None
    why_not: str
    remarks: Sequence[str]
    asked: Asked


def decide(arrived: Arrived, before: Asked, *, has_failed: bool) -> Decision:
    """Requests one run per state of the exports, once two ticks have seen the same state: then no file is half written.

    `has_failed`: the run for this very state failed for a reason other than the exports. It is requested again, at
    most twice.
    """
    remarks, said = _once(arrived.others, before.said)
    known = replace(before, seen=arrived.digest, said=said)
    if not arrived.files and not before.asked:
        return Decision(None, "No export has arrived.", remarks, known)
    if arrived.digest == before.asked:
        if not has_failed or before.repeats >= _MOST_REPEATS:
            return Decision(None, "No export was added, changed or removed.", remarks, known)
        again = replace(known, requests=known.requests + 1, repeats=known.repeats + 1)
        return Decision(f"{arrived.digest}#{again.requests}", "", remarks, again)
    if arrived.digest != before.seen:
        return Decision(None, "Exports are arriving: the next tick lands them if they are complete.", remarks, known)
    asked = replace(known, asked=arrived.digest, requests=known.requests + 1, repeats=0)
    return Decision(f"{arrived.digest}#{asked.requests}", "", remarks, asked)


def _once(others: Sequence[str], said: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """The remark on files that are not tables, unless already made; and the current remarks."""
    if not others:
        return [], ()
    more = f" and {len(others) - _MOST_NAMED:,} more" if len(others) > _MOST_NAMED else ""
    remark = f"skipped, not tables: {', '.join(others[:_MOST_NAMED])}{more}"
    return [remark] if remark not in said else [], (remark,)
