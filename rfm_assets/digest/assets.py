"""The digest as an asset: a file in the published folder, and an e-mail if a server is set."""

from importlib.util import find_spec
from pathlib import Path

import dagster as dg

from rfm_assets.errors import SettingError
from rfm_assets.publishing.assets import PublishedFolder
from rfm_assets.publishing.lineage import READ_TO_PUBLISH
from rfm_assets.publishing.versions import WRITABLE, make_folder
from rfm_assets.settings import settings
from rfm_assets.tables.undated_asset import Results, undated_asset
from rfm_assets.whole_file import write_whole

KEY = dg.AssetKey(["publishing", "digest"])
FOLDER = "digest"


@undated_asset(
    KEY,
    job="weekly_digest",
    group="digest",
    kinds={"html"},
    deps=[address.split(".") for address in READ_TO_PUBLISH[".".join(KEY.path)]],
)
def digest(context: dg.AssetExecutionContext, published: dg.ResourceParam[PublishedFolder]) -> Results:
    """The week in an e-mail: Today's sentence and cards of the newest published day, and three charts.

    Kept as `digest/DAY.html` in the published folder, and sent if RFM_SMTP_URL is set. It names no customer. Runs over
    days, such as of all assets at once, skip it.
    """
    if not find_spec("streamlit"):
        raise SettingError("the digest is made from the dashboard's Today, which needs the extra `dashboard`")
    from rfm_assets.digest.content import newest_digest
    from rfm_assets.digest.mail import mailbox
    from rfm_assets.digest.page import html, text

    box, found = mailbox(), newest_digest(published.path)
    if found is None:
        context.log.info("no day has segments yet: nothing to report")
        return
    drawn = html(found, settings().dashboard_url)
    file = published.path / FOLDER / f"{found.day}.html"
    _write(file, drawn)
    if box:
        box.send(found.title, text(found), drawn)
    yield dg.MaterializeResult(
        metadata={
            "dagster/uri": str(file.absolute()),
            "as_of_date": str(found.day),
            "sentence": found.sentence,
            "cards": len(found.actions),
            "sent_to": len(box.recipients) if box else 0,
        }
    )


def _write(file: Path, page: str) -> None:
    make_folder(file.parent)
    write_whole(file, page)
    file.chmod(WRITABLE)
