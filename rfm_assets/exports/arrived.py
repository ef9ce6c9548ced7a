"""Lists arrived exports: each file's name and version, without reading a bucket's objects."""

from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from rfm_assets.exports.found import digest_of, files_at
from rfm_assets.landing.address import bucket_and_prefix


class Arrived(NamedTuple):
    """The exports at an address."""

    digest: str
    """A digest that changes when a file is added, changed or removed, or when the files would be read differently."""
    files: int
    others: tuple[str, ...]
    """Names of files that are not tables."""


def arrived_at(address: str, *, read_as: str = "") -> Arrived:
    """Lists the exports in a folder or at s3://bucket/prefix; `read_as` identifies how they would be read.

    Raises:
        ExportError: when there is no such folder.
        LandingError: when the bucket cannot be listed.
    """
    bucket = bucket_and_prefix(address, setting="RFM_EXPORTS")
    if bucket is None:
        files, others = files_at([Path(address)])
        versions = [(one.name, _digest(one.path, one.size, one.modified_ns)) for one in files]
    else:
        from rfm_assets.exports.bucket import Bucket, objects_in

        objects, others = objects_in(Bucket(*bucket))
        versions = [(one.name, one.version) for one in objects]
    text = "\n".join([address, read_as, *(f"{name} {version}" for name, version in sorted(versions))])
    return Arrived(blake2b(text.encode(), digest_size=8).hexdigest(), len(versions), tuple(sorted(others)))


@lru_cache(maxsize=100_000)
def _digest(path: Path, *_unchanged: int) -> str:
    """A digest of a file's bytes, cached until the file system reports a change."""
    return digest_of(path)
