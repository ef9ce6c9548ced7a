"""Which landing zone an address means."""

import re

from rfm_assets.errors import SettingError
from rfm_assets.landing.folder import FolderLandingZone
from rfm_assets.landing.zone import LandingZone

_REMOTE = re.compile(r"\s*(s3:|\w+://)", re.IGNORECASE)
_BUCKET_AND_PREFIX = re.compile(r"s3://([a-zA-Z0-9][\w.-]{2,62})(?:/(.*))?", re.ASCII)


def zone_at(address: str) -> LandingZone:
    """The zone at `s3://bucket/prefix` (the prefix may be missing), or in the folder of any other name.

    Raises:
        SettingError: when the address is neither.
    """
    if _REMOTE.match(address) is None:
        return FolderLandingZone(folder=address)
    match = _BUCKET_AND_PREFIX.fullmatch(address)
    if match is None:
        shown = re.sub("(?s):.*@", ":...@", address)  # keys do not belong there, nor in a log
        message = (
            f"cannot use RFM_LANDING={shown}: write s3://bucket/prefix or a folder; "
            "keys, region and endpoint belong in the AWS settings, such as AWS_PROFILE"
        )
        raise SettingError(message)
    # Loading boto3 takes longer than loading the rest of the package, and a folder does not need it.
    from dagster_aws.s3 import S3Resource

    from rfm_assets.landing.s3 import S3LandingZone

    return S3LandingZone(s3=S3Resource(), bucket=match[1], prefix=match[2] or "")
