"""Tells from a statement's text whether a part of it is a whole number."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sqlglot import exp

from rfm_assets.contracts import TABLES

WHOLE_TYPES = (exp.DType.INT, exp.DType.BIGINT)
_DECLARED_WHOLE = {"INTEGER", "BIGINT"}

Names = frozenset[str]
"""The columns on the way to which a part was met, so that `max(n) AS n` is not looked up for ever."""


def is_whole(node: exp.Expr, names: Names = frozenset()) -> bool:
    """Whether a part of a statement is a whole number, or NULL, whatever the rows hold."""
    judge = _JUDGES.get(type(node))
    return judge is not None and judge(node, names)


def _always(node: exp.Expr, names: Names) -> bool:  # noqa: ARG001
    return True


def _like_its_parts(node: exp.Expr, names: Names) -> bool:
    return all(is_whole(part, names) for part in node.iter_expressions())


def _like_what_it_is_of(node: exp.Expr, names: Names) -> bool:
    return is_whole(node.this, names)


def _like_its_branches(node: exp.Expr, names: Names) -> bool:
    branches = [branch.args["true"] for branch in node.args["ifs"]]
    return all(is_whole(branch, names) for branch in [*branches, node.args.get("default") or exp.null()])


def _by_name(node: exp.Expr, names: Names) -> bool:
    """A column is what the statement names so, wherever it does; else what the contracts declare."""
    made = [alias.this for alias in node.root().find_all(exp.Alias) if alias.alias == node.name]
    made = [part for part in made if not isinstance(part, exp.Column)]
    if made and node.name not in names:
        return all(is_whole(part, names | {node.name}) for part in made)
    declared = {table.types[node.name] for table in TABLES.values() if node.name in table.types}
    return bool(declared) and declared <= _DECLARED_WHOLE


Judge = Callable[[exp.Expr, Names], bool]

_JUDGES: Mapping[type[exp.Expr], Judge] = MappingProxyType(
    dict.fromkeys(
        (exp.Count, exp.Length, exp.Year, exp.Month, exp.DayOfWeekIso, exp.DateDiff, exp.Ceil, exp.RowNumber, exp.Null),
        _always,
    )
    | dict.fromkeys((exp.Add, exp.Sub, exp.Mul, exp.Mod, exp.Coalesce, exp.Greatest, exp.Least), _like_its_parts)
    | dict.fromkeys(
        (exp.Paren, exp.Neg, exp.Filter, exp.Window, exp.Lag, exp.Sum, exp.Max, exp.Min), _like_what_it_is_of
    )
    | {
        exp.Case: _like_its_branches,
        exp.Column: _by_name,
        exp.Literal: lambda node, _: node.is_int,
        exp.Round: lambda node, _: node.args.get("decimals") is None,
        exp.Cast: lambda node, _: node.args["to"].this in WHOLE_TYPES,
        exp.TryCast: lambda node, _: node.args["to"].this in WHOLE_TYPES,
    }
)
