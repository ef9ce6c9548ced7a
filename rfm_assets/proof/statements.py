"""The statements of a backtest, for any cuts: the graph's are month ends, a benchmark has its own."""

from rfm_assets.warehouse.query import Query, sql


def net_money(customer_invoices: Query, returns: Query) -> Query:
    """What each delivered day adds to customers' money, net of returns; the invoices alone are gross."""
    return sql(__package__, "net_money", customer_invoices=customer_invoices, returns=returns)


def outcomes(cut: Query, customer_segments: Query, money: Query) -> Query:
    """Whether each customer known at the cuts bought within the horizon, and what that added to their money."""
    return sql(__package__, "outcomes", cut=cut, customer_segments=customer_segments, money=money)


def rankings(cut: Query, customer_segments: Query, customer_scores: Query, segment_outcomes: Query) -> Query:
    """How each method ranks the customers of the cuts."""
    return sql(
        __package__,
        "rankings",
        cut=cut,
        customer_segments=customer_segments,
        customer_scores=customer_scores,
        segment_outcomes=segment_outcomes,
    )


def measures(ranking: Query, outcome: Query) -> Query:
    """How well each method's ranking predicted the outcome of its cut."""
    # Side by side rather than nested: both name their cuts, and Spark's dialect has one level of names.
    inputs = {**ranking.inputs, **outcome.inputs}
    return sql(__package__, "backtest", **inputs, ranking=Query(ranking.text), outcome=Query(outcome.text))
