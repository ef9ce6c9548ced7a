"""RFM_LANDING selects a bucket or a folder; an address that is neither is refused."""

import subprocess
import sys

import pytest

from rfm_assets.errors import SettingError
from rfm_assets.landing.folder import FolderLandingZone
from rfm_assets.resources import zone_at


@pytest.mark.parametrize("folder", ["data/landing", "/srv/landing", "s3", "./s3/landing", "C:/landing"])
def test_any_other_name_is_a_folder(folder: str) -> None:
    zone = zone_at(folder)
    assert isinstance(zone, FolderLandingZone)
    assert zone.address == folder


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("s3://sales", "s3://sales"),
        ("s3://sales/", "s3://sales"),
        ("s3://sales.eu-1/daily", "s3://sales.eu-1/daily"),
        ("s3://sales/shop/daily_sales/", "s3://sales/shop/daily_sales"),
        ("s3://sales/a b#c?d", "s3://sales/a b#c?d"),
    ],
)
def test_a_bucket_may_have_a_prefix(address: str, shown: str) -> None:
    assert zone_at(address).address == shown


@pytest.mark.parametrize(
    "address",
    ["s3://", "s3:///daily", "s3:sales/daily", "S3://sales", " s3://sales", "s3://a/daily", "gs://sales/daily"],
)
def test_a_malformed_address_is_refused(address: str) -> None:
    with pytest.raises(SettingError, match=r"RFM_LANDING=.*write s3://bucket/prefix or a folder"):
        zone_at(address)


@pytest.mark.parametrize(
    "address", ["s3://AKIA1:se/c@ret@sales/daily", "s3:AKIA1:se/cret@sales", "s3://se/c\nret@sales"]
)
def test_keys_in_an_address_are_not_repeated(address: str) -> None:
    with pytest.raises(SettingError, match="AWS settings") as caught:
        zone_at(address)
    assert not any(part in str(caught.value) for part in ("AKIA1", "se/c", "ret@"))


@pytest.mark.slow
def test_a_folder_does_without_boto3() -> None:
    code = "import sys; from rfm_assets.resources import zone_at; zone_at('data'); assert 'boto3' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
