"""Parts that a statement names several times: Spark plans and reads each naming as if it were the only one.

Such a part can be made once, by a statement of its own, so that those that name it find its rows.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from sqlglot import exp

_WORTH = 2
"""Reads of stored tables that making a part once has to save; it is a job, too."""


def in_parts(tree: exp.Query) -> Iterator[tuple[str, exp.Query]]:
    """A statement cut into the parts worth making once, each with its name, and the rest, which has none.

    A part follows those that it names.
    """
    parts = {part.alias: part for part in tree.find_all(exp.CTE)}
    for names in list(tree.find_all(exp.With)):
        names.pop()
    order = [*_read_first(tree, parts)]
    shared = _shared(tree, [parts[name] for name in order])
    inlined = {name: parts[name] for name in order if name not in shared}
    for name in order:
        if name in shared:
            yield name, _complete(parts[name].this, inlined)
    yield "", _complete(tree, inlined)


def _read_first(query: exp.Expr, parts: Mapping[str, exp.CTE]) -> dict[str, None]:
    """The parts that a query needs, those that others name first."""
    order: dict[str, None] = {}
    for name in _named(query, parts):
        order |= _read_first(parts[name].this, parts) | {name: None}
    return order


def _named(query: exp.Expr, parts: Mapping[str, exp.CTE]) -> Sequence[str]:
    return [table.name for table in query.find_all(exp.Table) if not table.db and table.name in parts]


def _shared(tree: exp.Query, parts: Sequence[exp.CTE]) -> set[str]:
    """Those of a statement's parts that are worth making once."""
    times = Counter(table.name for query in (tree, *parts) for table in query.find_all(exp.Table) if not table.db)
    reads: dict[str, int] = {}
    shared = set()
    for part in parts:
        of_part = sum(1 if table.db else reads.get(table.name, 0) for table in part.find_all(exp.Table))
        if (times[part.alias] - 1) * of_part >= _WORTH:
            shared.add(part.alias)
            of_part = 0
        reads[part.alias] = of_part
    return shared


def _complete(query: exp.Query, inlined: Mapping[str, exp.CTE]) -> exp.Query:
    """A query with the parts that it needs and does not find made."""
    if needed := _read_first(query, inlined):
        query.set("with_", exp.With(expressions=[inlined[name].copy() for name in needed]))
    return query
