"""Which landing zone an address means."""

from rfm_assets.landing.address import bucket_and_prefix
from rfm_assets.landing.folder import FolderLandingZone
from rfm_assets.landing.zone import LandingZone


def zone_at(address: str) -> LandingZone:
    """The zone at `s3://bucket/prefix` (the prefix may be missing), or in the folder of any other name.

    Raises:
        SettingError: when the address is neither.
    """
    bucket = bucket_and_prefix(address, setting="RFM_LANDING")
    if bucket is None:
        return FolderLandingZone(folder=address)
    # Loading boto3 takes longer than loading the rest of the package, and a folder does not need it.
    from dagster_aws.s3 import S3Resource

    from rfm_assets.landing.s3 import S3LandingZone

    return S3LandingZone(s3=S3Resource(), bucket=bucket[0], prefix=bucket[1])
