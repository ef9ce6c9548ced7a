"""Every environment variable the pipeline reads, typed, with a default that works on a laptop.

Each field is set by `RFM_` and its name in capitals, such as `RFM_LANDING`. Relative paths are relative to the working
directory. Nothing else in the package reads `RFM_` variables. Settings of the shop, not of a machine, are in the shop
file (`rfm_assets/config`); the environment takes precedence if a setting is in both.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from rfm_assets.config.load import rules_of, shop_file
from rfm_assets.errors import SettingError
from rfm_assets.setting_types import ADDRESS, CalendarDay, MailServer, NonEmptyPath, WebAddress


class Settings(BaseSettings):
    """The settings of an installation."""

    # Not strict: in strict mode pydantic-settings turns texts into days and paths before `setting_types` sees them.
    model_config = SettingsConfigDict(env_prefix="RFM_", frozen=True)

    config: NonEmptyPath | None = Field(default=None, description="The shop file; by default `rfm.toml`, if it exists.")
    exports: str | None = Field(
        default=None,
        min_length=1,
        description="Where a shop's own exports arrive, for `rfm land`: a folder, or `s3://bucket/prefix`.",
    )
    landing: str = Field(
        default="data/landing", min_length=1, description="Where daily files arrive: a folder, or `s3://bucket/prefix`."
    )
    warehouse: NonEmptyPath = Field(
        default=Path("data/warehouse.duckdb"), description="The DuckDB file that holds every table."
    )
    published: NonEmptyPath = Field(
        default=Path("data/published"),
        description="The folder for readers: the published copy, Parquet, audiences.",
    )
    encoding: Literal["utf-8", "windows-1252"] = Field(
        default="utf-8",
        examples=["utf-8", "windows-1252"],
        description="The encoding accepted besides UTF-8; without it, other daily files are refused.",
    )
    start_date: CalendarDay = Field(
        default=date(2025, 6, 26), description="The first day of the calendar, `YYYY-MM-DD`."
    )
    stale_after_days: int = Field(
        default=1, ge=0, description="The age in days of the newest day above which a check turns red."
    )
    invoice_days_ahead: int = Field(
        default=0,
        ge=0,
        description="The most days that an invoice may be dated after its file, for shops ahead of UTC.",
    )
    refresh_at: str = Field(
        default="09:30",
        pattern=r"^([01]\d|2[0-3]):[0-5]\d$",
        examples=["09:30"],
        description="When the day's refresh is due (UTC), after the source's upload.",
    )
    webhook_url: WebAddress | None = Field(
        default=None, description="Where to post alerts, such as a Slack webhook; without it they are logged."
    )
    smtp_url: MailServer | None = Field(
        default=None,
        description="The mail server for the weekly digest, `smtps://user:password@host:465`, or `smtp://` with "
        "STARTTLS; without it, the digest is only a file.",
    )
    digest_from: str | None = Field(
        default=None,
        pattern=ADDRESS,
        examples=["rfm@shop.example"],
        description="The sender of the weekly digest, an e-mail address.",
    )
    digest_to: str | None = Field(
        default=None,
        pattern=rf"{ADDRESS[:-1]}(, *{ADDRESS[1:-1]})*$",
        examples=["ann@shop.example, bob@shop.example"],
        description="The recipients of the digest, comma-separated e-mail addresses.",
    )
    dashboard_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s/]+(/[^\s]*)?$",
        examples=["https://rfm.shop.example"],
        description="The dashboard's address for links in the digest; without it, the digest has none.",
    )
    audience_key: SecretStr | None = Field(
        default=None,
        min_length=16,  # ids are short and few: a guessable key would reveal them
        description="A secret: with it, audience files have keyed hashes (HMAC-SHA256) in place of customers' ids. All "
        "other published files have ids as delivered, unless RFM_PUBLISH_IDS says otherwise.",
    )
    holdout_key: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="A secret that draws the holdout of campaigns (HMAC-SHA256), if the shop file has a holdout_share. "
        "Another key draws other customers.",
    )
    erasure_key: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="A secret for the digests of erased customers (HMAC-SHA256), in place of a key file beside the "
        "warehouse. It must never change.",
    )
    suppress: NonEmptyPath | None = Field(
        default=None,
        description="A CSV file `customer,reason` of customers to leave out of audiences and their downloads.",
    )
    id_key: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="A secret: with it, `rfm land` hashes customers' ids (HMAC-SHA256) if a source profile says so.",
    )
    publish_ids: Literal["as-delivered", "hashed"] = Field(
        default="as-delivered",
        examples=["as-delivered", "hashed"],
        description="Customers' ids in everything published, including the dashboard: `hashed` with RFM_AUDIENCE_KEY.",
    )
    memory_limit: str = Field(
        default="2GB",
        pattern=r"^[1-9][0-9]*(\.[0-9]+)? ?(MB|GB|MiB|GiB)$",
        examples=["512MB", "2GB"],
        description="The most memory DuckDB may use before it spills to disk.",
    )
    temp_directory: NonEmptyPath | None = Field(
        default=None, description="Where DuckDB spills to; by default beside the warehouse."
    )
    threads: int | None = Field(default=None, ge=1, description="The number of cores DuckDB may use; by default all.")
    daily_snapshots_for_days: int | None = Field(
        default=None,
        ge=0,
        description="The days before the newest for which the job `thin_snapshots` keeps each day's customers; of "
        "earlier months it keeps the last day. By default nothing is deleted.",
    )
    currency: str = Field(default="£", max_length=4, description="The source's currency, an ISO 4217 code or a symbol.")
    dagster_url: str = Field(
        default="http://127.0.0.1:3000",
        pattern=r"^https?://[^\s/]+(/[^\s]*)?$",
        examples=["http://127.0.0.1:3000", "https://dagster.shop.example"],
        description="The Dagster UI's address for links in the dashboard.",
    )
    code_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s/]+(/[^\s]*)?$",
        examples=["https://github.com/shop/rfm-assets/blob/main"],
        description="The address for the UI's links to an asset's code; by default files on this machine.",
    )
    engine: Literal["duckdb", "spark"] = Field(
        default="duckdb", examples=["duckdb", "spark"], description="The engine that stores tables and runs statements."
    )
    spark_remote: SecretStr | None = Field(
        default=None,
        validation_alias="SPARK_REMOTE",
        description="The Spark Connect server, `sc://host:15002`, if the engine is Spark.",
    )
    spark_warehouse: str = Field(
        default="data/spark",
        min_length=1,
        description="The folder or `s3a://bucket/prefix` of the tables, as the Spark cluster sees it.",
    )
    spark_format: str = Field(
        default="parquet",
        pattern=r"^[a-z]+$",
        examples=["parquet", "delta", "iceberg"],
        description="The format of new tables, which the Spark cluster must support.",
    )
    spark_catalog: str = Field(
        default="",
        pattern=r"^\w*$",
        examples=["lakehouse"],
        description="The Spark catalog of the tables; by default the cluster's own.",
    )
    owner: str = Field(
        default="team:data-engineering",
        pattern=r"^(team:[\w.-]+|[^@\s]+@[^@\s]+\.[^@\s]+)$",
        examples=["team:data-engineering", "ann@shop.example"],
        description="The owner of the assets in the UI: `team:name` or an e-mail address.",
    )


SECRETS = {"audience_key", "erasure_key", "holdout_key", "id_key", "smtp_url", "spark_remote", "webhook_url"}


@cache
def settings() -> Settings:
    """Reads the environment, and the shop file below it, once per process.

    Raises:
        SettingError: when a variable, or a key of the shop file, has an unusable value; names it with its value.
    """
    chosen = environment()
    if chosen.publish_ids == "hashed" and chosen.audience_key is None:
        message = (
            "RFM_PUBLISH_IDS=hashed needs RFM_AUDIENCE_KEY, the key to hash with: set it to a secret of 16 characters "
            "or more, or unset RFM_PUBLISH_IDS"
        )
        raise SettingError(message)
    if shop_file(chosen.config).audiences.holdout_share and chosen.holdout_key is None:
        message = (
            "holdout_share in [audiences] of the shop file needs RFM_HOLDOUT_KEY, the key to draw with: set it to a "
            "secret of 16 characters or more, or set holdout_share = 0"
        )
        raise SettingError(message)
    of_shop = {name: value for name, value in _of_shop(chosen.config) if name not in chosen.model_fields_set}
    return chosen.model_copy(update=of_shop)


def environment() -> Settings:
    """The environment only: its `model_fields_set` has the variables that are set.

    Raises:
        SettingError: when a variable has an unusable value; names it with its value.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingError(_explain(error)) from None


def _of_shop(config: Path | None) -> Iterator[tuple[str, object]]:
    """The settings that are also in the shop file."""
    file = shop_file(config)
    if file.shop.start_date is not None:
        yield "start_date", file.shop.start_date
    if file.shop.currency is not None:
        yield "currency", file.shop.currency
    yield "invoice_days_ahead", rules_of(file, config).invoice_days_ahead


def _explain(error: ValidationError) -> str:
    problems = []
    for problem in error.errors():
        name = str(problem["loc"][0])
        examples = Settings.model_fields[name].examples
        said = f"write it like {' or '.join(map(str, examples))}" if examples else problem["msg"]
        held = "(not shown)" if name in SECRETS else problem["input"]
        problems.append(f"RFM_{name.upper()}={held!s}: {said.removeprefix('Value error, ')}")
    return "cannot use these settings, correct or unset them: " + "; ".join(problems)
