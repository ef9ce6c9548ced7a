"""Names of a statement's parts: Spark has all of them on one level, so that each may stand for one table only."""

from collections import Counter

from sqlglot import exp


def name_once(tree: exp.Expr) -> None:
    """Numbers the parts of a statement whose name is that of others, too; what reads them sees the old name."""
    parts = sorted(tree.find_all(exp.CTE), key=lambda part: part.depth, reverse=True)  # the parts of a part first
    shared = {name for name, times in Counter(part.alias for part in parts).items() if times > 1}
    for number, part in enumerate(parts, 1):
        if (name := part.alias) in shared:
            scope = part.find_ancestor(exp.Query) or tree
            for table in list(scope.find_all(exp.Table)):
                if table.name == name and not table.db:
                    table.replace(exp.alias_(exp.to_table(f"{name}_{number}"), table.alias or name, table=True))
            part.set("alias", exp.TableAlias(this=exp.to_identifier(f"{name}_{number}")))
