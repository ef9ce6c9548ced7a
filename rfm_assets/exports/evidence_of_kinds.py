"""Finds the columns that tell sales from other records: a status, a row type, a flag for cancelled or returned."""

from dataclasses import dataclass, field

from rfm_assets.exports.evidence import Evidence
from rfm_assets.exports.header import plain
from rfm_assets.exports.words import BLANK, FLAGS, KINDS, NO, REFUND, SOLD, YES, is_sale

_MOST_WORDS, _RARE = 40, 0.01


@dataclass(frozen=True)
class Kinds:
    """The headers found; None if there is none."""

    status: str | None = None
    sale: list[str] = field(default_factory=list)
    not_a_sale: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    why: str = ""
    rows: str | None = None
    refunds: list[str] = field(default_factory=list)
    flags: dict[str, list[str]] = field(default_factory=dict)


def kinds(evidence: Evidence) -> Kinds:
    """Looks for all of them, and marks the headers as used."""
    rows, refunds = _rows(evidence)
    flags = _flags(evidence)
    for header in evidence.free("status"):
        words = evidence.words(header, _MOST_WORDS)
        judged = {word: is_sale(word) for word in words}
        clear = sum(count for word, count in words.items() if judged[word] is not None and word.lower() not in BLANK)
        filled = sum(count for word, count in words.items() if word.lower() not in BLANK)
        if not words or clear * 2 < filled or not clear:
            continue  # a US state, say
        evidence.use(header)
        rare = filled - clear <= _RARE * filled
        return Kinds(
            status=header,
            sale=[word for word in words if judged[word]],
            not_a_sale=[word for word in words if judged[word] is False or (rare and judged[word] is None)],
            unknown=[] if rare else [word for word in words if judged[word] is None],
            why=", ".join(f"{word or 'blank'} ({count:,})" for word, count in words.items()),
            rows=rows,
            refunds=refunds,
            flags=flags,
        )
    return Kinds(rows=rows, refunds=refunds, flags=flags)


def _rows(evidence: Evidence) -> tuple[str | None, list[str]]:
    """The header of the row type, if its rows are sales and refunds."""
    for header in evidence.headers:
        if plain(header) in KINDS and header not in evidence.used:
            words = evidence.words(header, _MOST_WORDS)
            refunds = [word for word in words if plain(word) in REFUND]
            if refunds and all(plain(word) in REFUND | SOLD for word in words):
                return evidence.use(header), refunds
    return None, []


def _flags(evidence: Evidence) -> dict[str, list[str]]:
    """Headers such as Cancelled that have only words for yes and no, with their words for yes."""
    found = {}
    for header in evidence.headers:
        if plain(header) in FLAGS and header not in evidence.used:
            words = evidence.words(header, len(YES | NO))
            if words and all(word.lower() in YES | NO for word in words):
                evidence.use(header)
                found[header] = [word for word in words if word.lower() in YES]
    return {header: words for header, words in found.items() if words}
