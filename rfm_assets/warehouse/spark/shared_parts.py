"""Common table expressions that a statement references several times: Spark plans and reads each reference anew.

Such a part can be computed once, by a statement of its own.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from sqlglot import exp

_WORTH = 2
"""Table reads that computing a part once must save, since that is a job of its own."""


def in_parts(tree: exp.Query) -> Iterator[tuple[str, exp.Query]]:
    """Splits a statement into the parts worth computing once, each with its name, and the rest, under an empty name.

    A part follows those that it references.
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
    """The parts that a query needs, each after those that it references."""
    order: dict[str, None] = {}
    for name in _named(query, parts):
        order |= _read_first(parts[name].this, parts) | {name: None}
    return order


def _named(query: exp.Expr, parts: Mapping[str, exp.CTE]) -> Sequence[str]:
    return [table.name for table in query.find_all(exp.Table) if not table.db and table.name in parts]


def _shared(tree: exp.Query, parts: Sequence[exp.CTE]) -> set[str]:
    """The names of the parts worth computing once."""
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
    """The query with the parts that it needs and that are not computed beforehand."""
    if needed := _read_first(query, inlined):
        query.set("with_", exp.With(expressions=[inlined[name].copy() for name in needed]))
    return query
