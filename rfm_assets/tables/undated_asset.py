"""Assets without days, such as the exports, each made by its own job."""

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import wraps
from types import MappingProxyType
from typing import Concatenate, ParamSpec

import dagster as dg

from rfm_assets.partitions import ONE_RUN, days_of_tags
from rfm_assets.settings import settings
from rfm_assets.tables.code_references import code_references

_Resources = ParamSpec("_Resources")
Results = Iterator[dg.MaterializeResult[None]]
_Function = Callable[Concatenate[dg.AssetExecutionContext, _Resources], Results]


def undated_asset(  # noqa: PLR0913 - what Dagster shows of an asset
    key: dg.AssetKey,
    *,
    job: str,
    group: str,
    kinds: set[str],
    deps: Collection[list[str]] = (),
    promises: Mapping[str, str] = MappingProxyType({}),
) -> Callable[[_Function[_Resources]], dg.AssetsDefinition]:
    """Turns a function into an asset without days; `promises` are its checks, by name.

    Runs over days, such as of all assets at once, may include it, and skip it: `job` makes it.
    """

    def asset(function: _Function[_Resources]) -> dg.AssetsDefinition:
        @wraps(function)
        def unless_of_days(
            context: dg.AssetExecutionContext, *args: _Resources.args, **kwargs: _Resources.kwargs
        ) -> Results:
            if days_of_tags(context.run.tags):
                context.log.info("%s has no days: the job %s makes it", key.to_user_string(), job)
                return
            yield from function(context, *args, **kwargs)

        return dg.multi_asset(
            name="__".join(key.path),
            specs=[
                dg.AssetSpec(
                    key,
                    deps=deps,
                    description=inspect.getdoc(function),
                    group_name=group,
                    kinds=kinds,
                    owners=[settings().owner],
                    metadata=code_references(function),
                    skippable=True,
                )
            ],
            check_specs=[dg.AssetCheckSpec(name, asset=key, description=promise) for name, promise in promises.items()],
            backfill_policy=ONE_RUN,
            can_subset=bool(promises),  # or a run of days, which has no results of checks either, would fail
        )(unless_of_days)

    return asset
