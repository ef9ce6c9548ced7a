"""Exports are read from a bucket once, and daily files are written to one only where they change."""

from datetime import date
from pathlib import Path

import pytest

from rfm_assets.errors import LandingError
from rfm_assets.exports.bucket import Bucket, BucketTarget, exports_in
from rfm_assets.exports.land import land
from rfm_assets.exports.manifest import Manifests
from rfm_assets.exports.target import target_at
from rfm_assets.exports.terms import Terms
from rfm_assets_tests.exports.shop import SMALL, profile
from rfm_assets_tests.helpers.s3 import BucketPlace

HEADER = "order,placed,customer,sku,qty,price\n"


def test_exports_in_a_bucket_become_daily_files_in_a_bucket(bucket: BucketPlace, tmp_path: Path) -> None:
    where = f"s3://{bucket.name}/{bucket.prefix}"
    source = Bucket(bucket.name, f"{bucket.prefix}/exports")
    target = target_at(f"{where}/zone")
    assert isinstance(target, BucketTarget)
    client = source.client

    def put(name: str, text: str) -> None:
        client.put_object(Bucket=bucket.name, Key=source.key(name), Body=text.encode())

    def landed() -> list[date]:
        files, others = exports_in(source, tmp_path / "copies")
        assert others == ["notes.md"]
        manifests = Manifests(tmp_path / "manifests")
        return list(land(files, profile(), Terms(), target, manifests, limits=SMALL).written)

    put("notes.md", "not a table")
    put("orders_2026-05-02.csv", f"{HEADER}A1,2026-05-01,c1,MUG,2,3.50\nA2,2026-05-02,c1,MUG,1,3.50\n")
    assert landed() == [date(2026, 5, 1), date(2026, 5, 2)]
    assert landed() == []
    put("orders_2026-05-03.csv", f"{HEADER}A1,2026-05-03,c1,MUG,9,3.50\n")
    assert landed() == [date(2026, 5, 3)]
    pages = client.list_objects_v2(Bucket=bucket.name, Prefix=f"{bucket.prefix}/zone/")
    names = [one["Key"].rsplit("/", 1)[1] for one in pages["Contents"]]
    assert names == ["2026-05-02_orders.csv", "2026-05-03_orders.csv"]
    text = client.get_object(Bucket=bucket.name, Key=f"{bucket.prefix}/zone/2026-05-03_orders.csv")["Body"].read()
    assert text.decode().splitlines()[1] == "A1,MUG,,9,3.50,c1,,2026-05-03"


def test_a_bucket_that_is_not_there_is_said(bucket: BucketPlace, tmp_path: Path) -> None:
    assert bucket.name
    with pytest.raises(LandingError, match="cannot list s3://no-such-bucket-at-all"):
        exports_in(Bucket("no-such-bucket-at-all", ""), tmp_path)
