"""Every environment variable the pipeline reads, typed, with a default that works on a laptop.

Each field is set by `RFM_` and its name in capitals, such as `RFM_LANDING`. A relative path is relative to the working
directory. Nothing else in the package reads `RFM_` variables. What is true of a shop and not of a machine is in the
shop file (`rfm_assets/config`); the environment wins where a setting is in both.
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
from rfm_assets.setting_types import ADDRESS, CalendarDay, FilePath, MailServer, WebAddress


class Settings(BaseSettings):
    """What an installation may choose."""

    # Not strict: then pydantic-settings would turn texts into days and paths before `setting_types` sees them.
    model_config = SettingsConfigDict(env_prefix="RFM_", frozen=True)

    config: FilePath | None = Field(
        default=None, description="The shop file; by default `rfm.toml`, where there is one."
    )
    exports: str | None = Field(
        default=None,
        min_length=1,
        description="Where a shop's own exports arrive, for `rfm land`: a folder, or `s3://bucket/prefix`.",
    )
    landing: str = Field(
        default="data/landing", min_length=1, description="Where daily files arrive: a folder, or `s3://bucket/prefix`."
    )
    warehouse: FilePath = Field(
        default=Path("data/warehouse.duckdb"), description="The DuckDB file that holds every table."
    )
    published: FilePath = Field(
        default=Path("data/published"),
        description="The folder of what readers use: the published copy, Parquet, audiences.",
    )
    encoding: Literal["utf-8", "windows-1252"] = Field(
        default="utf-8",
        examples=["utf-8", "windows-1252"],
        description="What daily files that are not UTF-8 may be in; without it, they are refused.",
    )
    start_date: CalendarDay = Field(
        default=date(2025, 6, 26), description="The first day of the calendar, `YYYY-MM-DD`."
    )
    stale_after_days: int = Field(
        default=1, ge=0, description="How many days old the newest day may be before a check turns red."
    )
    invoice_days_ahead: int = Field(
        default=0,
        ge=0,
        description="How many days after the day of its file an invoice may be dated, for shops ahead of UTC.",
    )
    refresh_at: str = Field(
        default="09:30",
        pattern=r"^([01]\d|2[0-3]):[0-5]\d$",
        examples=["09:30"],
        description="When the day's refresh is due (UTC), after the source's upload.",
    )
    webhook_url: WebAddress | None = Field(
        default=None, description="Where alerts are posted, such as a Slack webhook; without it they are logged."
    )
    smtp_url: MailServer | None = Field(
        default=None,
        description="The mail server that the weekly digest is handed to, `smtps://user:password@host:465`, or "
        "`smtp://` with STARTTLS; without it, the digest is a file alone.",
    )
    digest_from: str | None = Field(
        default=None,
        pattern=ADDRESS,
        examples=["rfm@shop.example"],
        description="Who sends the weekly digest: an e-mail address.",
    )
    digest_to: str | None = Field(
        default=None,
        pattern=rf"{ADDRESS[:-1]}(, *{ADDRESS[1:-1]})*$",
        examples=["ann@shop.example, bob@shop.example"],
        description="Who gets it: e-mail addresses, with commas between them.",
    )
    dashboard_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s/]+(/[^\s]*)?$",
        examples=["https://rfm.shop.example"],
        description="Where the digest's links lead: the address of the dashboard; without it, it has no links.",
    )
    audience_key: SecretStr | None = Field(
        default=None,
        min_length=16,  # ids are short and few: a key that can be guessed would give them away
        description="A secret: with it, audience files hold keyed hashes (HMAC-SHA256) in place of customers' ids. The "
        "rest of what is published has the ids as delivered, unless RFM_PUBLISH_IDS says otherwise.",
    )
    holdout_key: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="A secret: whom campaigns leave out is drawn with it (HMAC-SHA256), where the shop file has a "
        "holdout_share. With another one, others are drawn.",
    )
    erasure_key: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="A secret: the digests of erased customers are made with it (HMAC-SHA256), in place of a key file "
        "beside the warehouse. It must never change.",
    )
    suppress: FilePath | None = Field(
        default=None,
        description="A CSV file `customer,reason` of those who are left out of audiences and downloads of them.",
    )
    id_key: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="A secret: with it, `rfm land` hashes customers' ids (HMAC-SHA256) where a source profile says so.",
    )
    publish_ids: Literal["as-delivered", "hashed"] = Field(
        default="as-delivered",
        examples=["as-delivered", "hashed"],
        description="Customers' ids in all that is published, the dashboard included: `hashed` with RFM_AUDIENCE_KEY.",
    )
    memory_limit: str = Field(
        default="2GB",
        pattern=r"^[1-9][0-9]*(\.[0-9]+)? ?(MB|GB|MiB|GiB)$",
        examples=["512MB", "2GB"],
        description="The most memory DuckDB may use; beyond it, it works on disk.",
    )
    temp_directory: FilePath | None = Field(
        default=None, description="Where DuckDB works on disk; by default beside the warehouse."
    )
    threads: int | None = Field(
        default=None, ge=1, description="How many cores DuckDB may use; by default all of them."
    )
    daily_snapshots_for_days: int | None = Field(
        default=None,
        ge=0,
        description="For how many days before the newest the job `thin_snapshots` keeps each day's customers; "
        "of the months before it keeps the last day. By default nothing is deleted.",
    )
    currency: str = Field(
        default="£", max_length=4, description="The source's currency, by its ISO 4217 code, or a symbol to write."
    )
    dagster_url: str = Field(
        default="http://127.0.0.1:3000",
        pattern=r"^https?://[^\s/]+(/[^\s]*)?$",
        examples=["http://127.0.0.1:3000", "https://dagster.shop.example"],
        description="Where the dashboard's links to the Dagster UI lead.",
    )
    code_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s/]+(/[^\s]*)?$",
        examples=["https://github.com/shop/rfm-assets/blob/main"],
        description="Where the UI's links to an asset's code lead; by default to the files on this machine.",
    )
    engine: Literal["duckdb", "spark"] = Field(
        default="duckdb", examples=["duckdb", "spark"], description="Where tables live and statements run."
    )
    spark_remote: SecretStr | None = Field(
        default=None,
        validation_alias="SPARK_REMOTE",
        description="The Spark Connect server, `sc://host:15002`, where the engine is Spark.",
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
        description="The format of new tables, which the Spark cluster has to have.",
    )
    spark_catalog: str = Field(
        default="",
        pattern=r"^\w*$",
        examples=["lakehouse"],
        description="The Spark catalog of the tables; without it, the cluster's own.",
    )
    owner: str = Field(
        default="team:data-engineering",
        pattern=r"^(team:[\w.-]+|[^@\s]+@[^@\s]+\.[^@\s]+)$",
        examples=["team:data-engineering", "ann@shop.example"],
        description="Who the UI names as owner of the assets: `team:name` or an e-mail address.",
    )


SECRETS = {"audience_key", "erasure_key", "holdout_key", "id_key", "smtp_url", "spark_remote", "webhook_url"}


@cache
def settings() -> Settings:
    """Reads the environment, and the shop file below it, once for the whole process.

    Raises:
        SettingError: when a variable, or a key of the shop file, holds something the pipeline cannot use; names it and
            what it held.
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
    """The environment alone: its `model_fields_set` names the variables that are set.

    Raises:
        SettingError: when a variable holds something the pipeline cannot use; names the variable and what it held.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingError(_explain(error)) from None


def _of_shop(config: Path | None) -> Iterator[tuple[str, object]]:
    """The settings that a shop file has, too."""
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
