"""Whether exports that arrive need a run, given what was seen and asked for before: a pure decision."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from rfm_assets.exports.arrived import Arrived

_MOST_REPEATS = 2  # as often as Dagster itself tries a crashed run again
_MOST_NAMED = 5


@dataclass(frozen=True)
class Asked:
    """What the looks before have left: digests of what was seen last and asked for last, and what has been said."""

    seen: str = ""
    asked: str = ""
    requests: int = 0
    repeats: int = 0
    said: tuple[str, ...] = ()

    def encode(self) -> str:
        """A text for a cursor."""
        return json.dumps(asdict(self))

    @classmethod
    def decode(cls, text: str | None) -> "Asked":
        """Reads what `encode` wrote; nothing is nothing seen."""
        held = json.loads(text) if text else {}
        return cls(**(held | {"said": tuple(held.get("said", ()))}))


@dataclass(frozen=True)
class Decision:
    """The key of the run to ask for, if any, why there is none, what to tell a person once, and what is known now."""

    run_key: str | None
    why_not: str
    remarks: Sequence[str]
    asked: Asked


def decide(arrived: Arrived, before: Asked, *, has_failed: bool) -> Decision:
    """Asks for one run for each state of the exports, once two looks have seen the same: then none is half written.

    `has_failed` says that the run for this very state failed for another reason than the exports: it is asked for
    again, at most twice.
    """
    remarks, said = _once(arrived.others, before.said)
    known = replace(before, seen=arrived.digest, said=said)
    if not arrived.files and not before.asked:
        return Decision(None, "No export has arrived.", remarks, known)
    if arrived.digest == before.asked:
        if not has_failed or before.repeats >= _MOST_REPEATS:
            return Decision(None, "No export has come, changed or gone.", remarks, known)
        again = replace(known, requests=known.requests + 1, repeats=known.repeats + 1)
        return Decision(f"{arrived.digest}#{again.requests}", "", remarks, again)
    if arrived.digest != before.seen:
        return Decision(None, "Exports are arriving: the next look lands them if they are whole.", remarks, known)
    asked = replace(known, asked=arrived.digest, requests=known.requests + 1, repeats=0)
    return Decision(f"{arrived.digest}#{asked.requests}", "", remarks, asked)


def _once(others: Sequence[str], said: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """A remark on files that are not tables, unless it has been made; and the remark that holds."""
    if not others:
        return [], ()
    more = f" and {len(others) - _MOST_NAMED:,} more" if len(others) > _MOST_NAMED else ""
    remark = f"not read, as they are not tables: {', '.join(others[:_MOST_NAMED])}{more}"
    return [remark] if remark not in said else [], (remark,)
