"""Rewrites the parts of a statement that both engines have but read differently to what DuckDB means."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from sqlglot import exp


def rewrite(tree: exp.Expr) -> None:
    """Rewrites a statement for Spark, in place."""
    for node in reversed(list(tree.walk())):  # the parts of a part first
        if rewriting := _REWRITES.get(type(node)):
            rewriting(node)


def _divide_doubles(node: exp.Expr) -> None:
    """DuckDB always divides doubles; Spark would round the quotient of decimals."""
    for side in ("this", "expression"):
        node.set(side, exp.cast(node.args[side], "double"))


def _say_pattern_to_java(node: exp.Expr) -> None:
    """For RE2 `$` is the end of the text, and `.` is all but a line feed."""
    pattern = node.args["expression"]
    pattern.replace(exp.Literal.string(re.sub(r"\$$", r"\\z", f"(?d){pattern.this}")))
    node.set("single_replace", None)  # of no matter where an anchor is


def _slice(node: exp.Expr) -> None:
    """Spark slices a list with a function that takes the start and the length."""
    (which,) = node.expressions
    if isinstance(which, exp.Slice):
        size = exp.ArraySize(this=node.this.copy())
        node.replace(exp.Anonymous(this="SLICE", expressions=[node.this, which.this, size]))


def _trim_both_ends(node: exp.Expr) -> None:
    """Spark's function takes the characters first; its clause says which is which."""
    node.set("position", "BOTH")


def _inline(node: exp.Expr) -> None:
    """Spark decides by itself whether to copy what a statement names twice."""
    node.set("materialized", None)


def _count_from_monday(node: exp.Expr) -> None:
    """Spark's WEEKDAY counts Monday as 0."""
    weekday = exp.Anonymous(this="WEEKDAY", expressions=[node.this.copy()])
    node.replace(exp.Paren(this=exp.Add(this=weekday, expression=exp.Literal.number(1))))


_REWRITES: Mapping[type[exp.Expr], Callable[[exp.Expr], None]] = MappingProxyType(
    {
        exp.CTE: _inline,
        exp.Div: _divide_doubles,
        exp.RegexpLike: _say_pattern_to_java,
        exp.RegexpReplace: _say_pattern_to_java,
        exp.Trim: _trim_both_ends,
        exp.Bracket: _slice,
        exp.DayOfWeekIso: _count_from_monday,
    }
)
