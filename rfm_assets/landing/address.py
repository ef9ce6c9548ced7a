"""Parses addresses of buckets and folders. Imports neither Dagster nor boto3."""

import re

from rfm_assets.errors import SettingError

_REMOTE = re.compile(r"\s*(s3:|\w+://)", re.IGNORECASE)
_BUCKET_AND_PREFIX = re.compile(r"s3://([a-zA-Z0-9][\w.-]{2,62})(?:/(.*))?", re.ASCII)


def bucket_and_prefix(address: str, *, setting: str) -> tuple[str, str] | None:
    """The bucket and the (possibly empty) prefix of `s3://bucket/prefix`; None if the address is a folder.

    Raises:
        SettingError: when the address is neither; `setting` names where it comes from.
    """
    if _REMOTE.match(address) is None:
        return None
    match = _BUCKET_AND_PREFIX.fullmatch(address)
    if match is None:
        shown = re.sub("(?s):.*@", ":...@", address)  # keys do not belong in an address, nor in a log
        message = (
            f"cannot use {setting}={shown}: write s3://bucket/prefix or a folder; "
            "keys, region and endpoint belong in the AWS settings, such as AWS_PROFILE"
        )
        raise SettingError(message)
    return match[1], (match[2] or "").strip("/")
