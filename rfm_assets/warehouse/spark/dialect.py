"""Translates a DuckDB statement to Spark SQL so that both return the same rows.

Only what is listed here is carried over, each part proven on both engines by `rfm_assets_tests/spark`; anything else is
an error when the statement is built, before it touches a row. What both engines have but read differently is rewritten
to what DuckDB means, by `rewrites.py`. Where the text does not tell, as with a cast that rounds a fraction on one
engine and cuts it off on the other, the statement has to say what it means.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NoReturn

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from rfm_assets.contracts import TABLES
from rfm_assets.errors import DialectError
from rfm_assets.warehouse.spark.integer_types import WHOLE_TYPES, is_whole
from rfm_assets.warehouse.spark.names import name_once
from rfm_assets.warehouse.spark.rewrites import rewrite

_TYPES = (*WHOLE_TYPES, exp.DType.TEXT, exp.DType.DOUBLE, exp.DType.DECIMAL, exp.DType.DATE, exp.DType.TIMESTAMPNTZ)
_CHARACTERS = {r"\p{L}", r"\p{N}"}  # any letter and any digit, to both
_ESCAPED = r"\\[\[\]\\&^-]"  # a character that means itself
_BRACKETS = rf"\[(?:[^\[\]\\&]|{_ESCAPED})+\]"
_PORTABLE_PATTERN = re.compile(rf'\^?(?:[\w ",:|()+*?{{}}-]|{_BRACKETS}|{_ESCAPED}|\.)*\$?', re.ASCII)
_LONGEST_SHOWN = 200


def to_spark(statement: str) -> str:
    """The statement in Spark's dialect.

    Raises:
        DialectError: when a part of it is not known to mean the same on both engines; names the part and the way out.
    """
    return portable(statement).sql(dialect="spark")


def portable(statement: str) -> exp.Expr:
    """The statement parsed, and rewritten where Spark would read it otherwise.

    Raises:
        DialectError: when a part of it is not known to mean the same on both engines; names the part and the way out.
    """
    try:
        tree = parse_one(statement, read="duckdb")
    except SqlglotError as error:
        raise DialectError(f"cannot read this statement: {error}") from error
    name_once(tree)
    for node in tree.walk():
        _RULES.get(type(node), _unknown)(node)
    rewrite(tree)
    return tree


def functions_of(statement: str) -> set[type[exp.Expr]]:
    """The functions that a statement calls."""
    return {type(node) for node in parse_one(statement, read="duckdb").find_all(exp.Func, exp.Window, exp.DPipe)}


Rule = Callable[[exp.Expr], None]


def _refuse(node: exp.Expr, way_out: str) -> NoReturn:
    text = node.sql(dialect="duckdb")
    shown = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
    raise DialectError(f"cannot translate {shown} to Spark SQL: {way_out}")


def _unknown(node: exp.Expr) -> None:
    what = f"the function {node.name}" if isinstance(node, exp.Anonymous) else type(node).__name__
    _refuse(
        node,
        f"{what} is not known to mean the same there; write it otherwise, or prove it in warehouse/spark/dialect.py",
    )


def _as_it_is(node: exp.Expr) -> None:
    """The part means the same on both engines."""


def _plain_only(*allowed: str) -> Rule:
    """A part that means the same as long as it has no other arguments than these."""

    def rule(node: exp.Expr) -> None:
        given = {name for name, value in node.args.items() if value not in (None, False, [])}
        if surplus := sorted(given - set(allowed)):
            _refuse(node, f"{type(node).__name__} with {', '.join(surplus)} is not known to mean the same there")

    return rule


def _cast(node: exp.Expr) -> None:
    kind, of = node.args["to"].this, node.this
    if kind not in _TYPES:
        _refuse(node, "no contract has this type")
    if kind in WHOLE_TYPES and not is_whole(of):
        _refuse(node, "DuckDB rounds a fraction and Spark cuts it off; write round(...)")
    if kind == exp.DType.TEXT and not (is_whole(of) or isinstance(of, (exp.TryCast, exp.Literal, exp.Null))):
        _refuse(node, "the engines write fractions, days and times differently; cast a whole number")


def _try_cast(node: exp.Expr) -> None:
    if node.args["to"].this not in _TYPES:
        _refuse(node, "no contract has this type")
    if node.find_ancestor(exp.Case) is None:
        _refuse(node, "the engines read other texts as numbers and days; put it in a CASE WHEN that tests the text")


def _rounding(node: exp.Expr) -> None:
    if node.args.get("decimals") is not None:
        _refuse(node, "halves are rounded differently to decimals; write round(... * 100) / 100")


def _median(node: exp.Expr) -> None:
    if not (isinstance(node.this, exp.Cast) and node.this.to.this == exp.DType.DOUBLE):
        _refuse(node, "DuckDB cuts the median of decimals off; write median(CAST(... AS DOUBLE))")


def _pattern(node: exp.Expr) -> None:
    pattern = node.args["expression"]
    text = pattern.this if isinstance(pattern, exp.Literal) else "&"
    if _PORTABLE_PATTERN.fullmatch(text) is None:  # with ^ and $ at its ends only
        _refuse(node, "the pattern is not a text in the part of the syntax that both engines share")


def _replacing(node: exp.Expr) -> None:
    modifiers = node.args.get("modifiers")
    if modifiers and modifiers.name == "g" and node.args["expression"].name in _CHARACTERS:
        node.set("modifiers", None)  # Spark replaces all matches
        return
    _pattern(node)
    pattern, by = node.args["expression"].name, node.args["replacement"]
    if not (pattern.startswith("^") or pattern.endswith("$")) or "|" in pattern:
        _refuse(node, "Spark replaces all matches, DuckDB the first; start the pattern with ^ or end it with $")
    if not isinstance(by, exp.Literal) or by.this:
        _refuse(node, "only nothing may stand in for a match")


def _extracting(node: exp.Expr) -> None:
    _plain_only("this", "expression", "group")(node)
    _pattern(node)
    if re.search("[$^]", re.sub(r"\[[^\]]*\]", "", node.args["expression"].name)):
        _refuse(node, "Spark finds more than one match at an end; write the pattern without ^ and $")


def _part(node: exp.Expr) -> None:
    """One element, or all from one on."""
    (which,) = node.expressions
    if isinstance(which, exp.Slice):
        _plain_only("this")(which)
    elif not isinstance(which, exp.Literal):
        _refuse(node, "the engines count elements from 1 and from 0; write a number")


def _trimming(node: exp.Expr) -> None:
    _plain_only("this", "expression")(node)
    if not isinstance(node.args.get("expression"), exp.Literal):
        _refuse(
            node, "DuckDB trims every space that Unicode has, Spark the plain one; name the character: trim(..., ' ')"
        )


def _generator(node: exp.Expr) -> None:
    if not (isinstance(node.parent, exp.Alias) and isinstance(node.parent.parent, exp.Select)):
        _refuse(node, "Spark unnests only in a column of its own; do the rest in a SELECT around it")


def _greatest(node: exp.Expr) -> None:
    _plain_only("this", "expression")(node)
    by = node.args["expression"]
    for part in by.expressions if isinstance(by, exp.Tuple) else ():
        if not (isinstance(part, exp.Coalesce) or _is_never_null(part)):
            _refuse(node, f"among several, NULL is the greatest on one engine and the least on the other: {part.sql()}")


def _is_never_null(column: exp.Expr) -> bool:
    """Whether every table that the statement reads requires the column."""
    read = {f"{table.db}.{table.name}" for table in column.root().find_all(exp.Table)}
    named = [one for table in TABLES.values() if table.address in read for one in table.columns]
    of_the_name = [one for one in named if one.name == column.name]
    return bool(of_the_name) and not any(one.nullable for one in of_the_name)


def _difference(node: exp.Expr) -> None:
    left = node.this
    while isinstance(left, exp.Binary):
        left = left.expression
    if isinstance(left, exp.Window) and left.args.get("alias"):
        _refuse(node, "Spark reads `window - n` as one name; put the window in parentheses")
    if _is_day(node.this) and _is_day(node.args["expression"]):
        _refuse(node, "the difference of days is a number on one engine only; write datediff('day', ...)")


def _is_day(node: exp.Expr) -> bool:
    """Whether a part is a column that is a day in every table that has it."""
    kinds = {table.types[node.name] for table in TABLES.values() if node.name in table.types}
    return isinstance(node, exp.Column) and kinds == {"DATE"}


def _days(node: exp.Expr) -> None:
    unit = node.args.get("unit")
    if unit is None or unit.name.upper() not in {"DAY", "DAYS"}:
        _refuse(node, "only whole days are counted alike")


_SAME = (
    *(exp.Select, exp.From, exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered, exp.Limit, exp.Distinct),
    *(exp.With, exp.CTE, exp.Subquery, exp.Values, exp.Tuple, exp.TableAlias, exp.ReadParquet),
    *(exp.Alias, exp.Column, exp.Identifier, exp.Literal, exp.Null, exp.Boolean, exp.Paren, exp.Var),
    *(exp.And, exp.Or, exp.Not, exp.Is, exp.In, exp.Between, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Exists),
    *(exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Add, exp.Mul, exp.Mod, exp.Neg, exp.Div),
    *(exp.Case, exp.If, exp.DataType, exp.DataTypeParam, exp.Filter, exp.Copy, exp.CopyParameter, exp.Credentials),
    *(exp.Coalesce, exp.Greatest, exp.Least, exp.ConcatWs, exp.Contains, exp.Length, exp.Substring, exp.Repeat),
    *(exp.Abs, exp.Ceil, exp.Sqrt, exp.Exp),
    *(exp.Count, exp.Sum, exp.Min, exp.Max, exp.RowNumber, exp.Rank, exp.Year, exp.Month, exp.DayOfWeekIso, exp.DPipe),
    *(exp.GroupConcat, exp.Translate, exp.Nullif, exp.Replace, exp.StartsWith, exp.Split, exp.ArrayToString),
    *(exp.ArraySize, exp.Slice, exp.Transform, exp.Lambda),
)
_RULES: Mapping[type[exp.Expr], Rule] = MappingProxyType(
    dict.fromkeys(_SAME, _as_it_is)
    | {
        exp.Table: _plain_only("this", "db", "alias"),
        exp.Star: _plain_only("this"),
        exp.Join: _plain_only("this", "side", "kind", "on", "using"),
        exp.Union: _plain_only("this", "expression", "distinct", "with_", "order", "limit"),
        exp.Window: _plain_only("this", "partition_by", "order", "alias", "over"),
        exp.Sub: _difference,
        exp.Lag: _plain_only("this"),
        exp.Lead: _plain_only("this"),
        exp.ArgMax: _greatest,
        exp.GenerateSeries: _plain_only("start", "end", "step"),
        exp.Trim: _trimming,
        exp.Explode: _generator,
        exp.Cast: _cast,
        exp.TryCast: _try_cast,
        exp.Round: _rounding,
        exp.Median: _median,
        exp.RegexpLike: _pattern,
        exp.RegexpReplace: _replacing,
        exp.RegexpExtractAll: _extracting,
        exp.Bracket: _part,
        exp.DateDiff: _days,
        exp.Interval: _days,
    }
)
