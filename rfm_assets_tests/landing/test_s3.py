"""The S3 landing zone over a faulty server: nothing is lost or half read, and every error says where."""

import re
import time
import traceback
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
from mmap import mmap
from pathlib import Path

import dagster as dg
import pytest
from dagster_aws.s3 import S3Resource

from rfm_assets.errors import LandingError
from rfm_assets.landing.s3 import S3LandingZone
from rfm_assets.landing.zone import LandingZone
from rfm_assets.resources import zone_at
from rfm_assets_tests.helpers.reading import fetch_days
from rfm_assets_tests.helpers.s3 import ACCESS_KEY, SECRET_KEY, BucketPlace
from rfm_assets_tests.landing.s3_stub import PAGE_SIZE, Fault, StubS3

pytestmark = pytest.mark.slow

KEY = "daily_sales/2025-06-26/2025-06-26_transactions.csv"
CONTENT = b"a daily file's bytes " * 10_000
URL = re.escape(f"s3://sales/shop/{KEY}")


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses requested, none of which is really made."""
    asked: list[float] = []
    monkeypatch.setattr(time, "sleep", asked.append)
    return asked


def new_zone() -> S3LandingZone:
    return S3LandingZone(s3=S3Resource(max_attempts=3), bucket="sales", prefix="shop")


shared_zone = pytest.fixture(scope="session")(new_zone)  # creating its client takes longer than most tests


@pytest.fixture
def zone(stub: StubS3, shared_zone: S3LandingZone) -> S3LandingZone:
    """The zone on the server that fails on demand, with one file."""
    stub.objects[f"shop/{KEY}"] = CONTENT
    return shared_zone


@pytest.fixture
def fetch(zone: S3LandingZone, tmp_path: Path) -> Callable[[], Path]:
    """Fetches that file, listed while the server still worked."""
    (file,) = zone.survey().files
    return partial(zone.fetch, file, tmp_path)


def test_a_listing_of_many_pages_is_whole(stub: StubS3) -> None:
    stub.objects = {f"daily_sales/2025-06-{n % 30 + 1:02}_{n}.csv": b"" for n in range(10_500)}
    zone = S3LandingZone(s3=S3Resource(), bucket="sales", prefix="daily_sales")
    files = zone.survey().files
    assert {f"daily_sales/{file.key}" for file in files} == stub.objects.keys()
    assert stub.requests == -(-10_500 // PAGE_SIZE)
    assert list(files) == sorted(files)


def test_a_stand_in_for_a_folder_is_no_file(bucket: BucketPlace) -> None:
    bucket.put("2025-06-26.csv/", b"")
    bucket.put("2025-06-26.csv/2025-06-27.csv", CONTENT)
    assert [file.key for file in bucket.zone.survey().files] == ["2025-06-26.csv/2025-06-27.csv"]


def test_a_longer_prefix_is_another_place(bucket: BucketPlace) -> None:
    BucketPlace(bucket.client, bucket.name, f"{bucket.prefix}_old").put("2025-06-26.csv", CONTENT)
    assert list(bucket.zone.survey().files) == []


def test_a_bucket_without_prefix_is_listed_from_its_root(stub: StubS3) -> None:
    stub.objects = {"2025-06-26.csv": b"1", "a/2025-06-27.csv": b"2"}
    files = S3LandingZone(s3=S3Resource(), bucket="sales").survey().files
    assert [(file.key, file.day) for file in files] == [
        ("2025-06-26.csv", date(2025, 6, 26)),
        ("a/2025-06-27.csv", date(2025, 6, 27)),
    ]


def test_a_file_put_again_at_once_has_another_version_if_it_has_other_bytes(bucket: BucketPlace) -> None:
    versions = []
    for content in (b"one", b"two", b"one"):
        bucket.put("2025-06-26.csv", content)
        versions += [file.version for file in bucket.zone.survey().files]
    assert versions[0] == versions[2] != versions[1]


def test_an_object_in_parts_is_fetched_though_its_version_is_no_md5(bucket: BucketPlace, tmp_path: Path) -> None:
    at = {"Bucket": bucket.name, "Key": f"{bucket.prefix}/2025-06-26.csv"}
    upload = at | {"UploadId": bucket.client.create_multipart_upload(**at)["UploadId"]}
    bodies = [b"1" * (5 << 20), b"2"]
    tags = [bucket.client.upload_part(**upload, PartNumber=n, Body=b)["ETag"] for n, b in enumerate(bodies, 1)]
    parts = [{"PartNumber": n, "ETag": tag} for n, tag in enumerate(tags, 1)]
    bucket.client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    (file,) = bucket.zone.survey().files
    assert file.version.endswith("-2")
    assert bucket.zone.fetch(file, tmp_path).read_bytes() == b"".join(bodies)


def test_an_object_replaced_since_it_was_listed_is_not_taken_for_it(bucket: BucketPlace, tmp_path: Path) -> None:
    bucket.put(KEY, b"one")
    (file,) = bucket.zone.survey().files
    bucket.put(KEY, b"two")
    with pytest.raises(LandingError, match=rf"{bucket.prefix}/{KEY}: PreconditionFailed.*replaced.*run again"):
        bucket.zone.fetch(file, tmp_path)


def test_a_server_without_conditions_is_seen_through(stub: StubS3, fetch: Callable[[], Path]) -> None:
    stub.faults = [Fault.OTHER_ETAG]
    with pytest.raises(LandingError, match=f"{URL}.*replaced.*run again"):
        fetch()


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.FLIPPED, Fault.SLOW_DOWN, Fault.ERROR])
def test_a_passing_fault_is_got_over(
    stub: StubS3, fetch: Callable[[], Path], pauses: list[float], fault: Fault
) -> None:
    stub.faults = [fault, fault]
    assert fetch().read_bytes() == CONTENT
    assert len(pauses) == 2


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (Fault.CUT, f"{URL} did not arrive whole in 3 attempts, the last time the transfer broke off .*: run again"),
        (
            Fault.FLIPPED,
            f"{URL} did not arrive whole in 3 attempts, the last time bytes with the MD5 .* deliver the file",
        ),
        (Fault.SLOW_DOWN, f"cannot read {URL}: SlowDown: .*: run again"),
        (Fault.ERROR, f"cannot read {URL}: InternalError: .*: run again"),
        (Fault.DENIED, f"cannot read {URL}: AccessDenied: .*: allow these credentials s3:ListBucket"),
    ],
)
@pytest.mark.usefixtures("pauses")
def test_a_lasting_fault_names_the_object_and_the_way_out(
    stub: StubS3, fetch: Callable[[], Path], fault: Fault, message: str
) -> None:
    stub.lasting = fault
    with pytest.raises(LandingError, match=message):
        fetch()


@pytest.mark.usefixtures("pauses")
def test_an_object_of_another_size_than_listed_is_refused(zone: S3LandingZone, tmp_path: Path) -> None:
    (file,) = zone.survey().files
    shorter = replace(file, size_bytes=file.size_bytes - 1)
    with pytest.raises(LandingError, match=f"{URL}.*the last time 210,000 bytes arrived instead of 209,999"):
        zone.fetch(shorter, tmp_path)


def test_an_encrypted_object_has_no_md5_to_compare(stub: StubS3, fetch: Callable[[], Path]) -> None:
    stub.lasting = Fault.KMS
    assert fetch().stat().st_size == len(CONTENT)


@pytest.mark.usefixtures("pauses")
def test_a_listing_gets_over_passing_faults(stub: StubS3, zone: S3LandingZone) -> None:
    stub.objects |= {f"shop/2025-06-27_{n}.csv": b"" for n in range(2 * PAGE_SIZE)}
    stub.faults = [Fault.SLOW_DOWN, None, Fault.ERROR]
    assert len(zone.survey().files) == 2 * PAGE_SIZE + 1


@pytest.mark.parametrize(
    ("faults", "lasting", "message"),
    [
        ([], Fault.ERROR, "InternalError"),
        ([None], Fault.SLOW_DOWN, "SlowDown"),
        ([None], Fault.DENIED, "AccessDenied.*allow these credentials s3:ListBucket"),
        ([None, Fault.WEB_PAGE], None, "not a complete S3 listing: check AWS_ENDPOINT_URL"),
        ([None, None, Fault.NO_TOKEN], None, "not a complete S3 listing: check AWS_ENDPOINT_URL"),
    ],
)
@pytest.mark.usefixtures("pauses")
def test_a_listing_that_fails_on_any_page_is_an_error(
    stub: StubS3, zone: S3LandingZone, faults: list[Fault | None], lasting: Fault | None, message: str
) -> None:
    stub.objects |= {f"shop/2025-06-27_{n}.csv": b"" for n in range(2 * PAGE_SIZE)}
    stub.faults, stub.lasting = [*faults], lasting
    with pytest.raises(LandingError, match=f"cannot list s3://sales/shop: .*{message}"):
        zone.survey()


def test_a_missing_bucket_is_named(bucket: BucketPlace) -> None:
    zone = S3LandingZone(s3=S3Resource(), bucket=f"{bucket.name}-not")
    with pytest.raises(
        LandingError, match=f"s3://{bucket.name}-not: NoSuchBucket: .*: create the bucket, or correct RFM_"
    ):
        zone.survey()


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("AWS_ACCESS_KEY_ID", None, "NoCredentialsError: .*: set AWS_ACCESS_KEY_ID and AWS_SECRET"),
        ("AWS_SECRET_ACCESS_KEY", None, "PartialCredentialsError: .*: check AWS_ACCESS_KEY_ID"),
        ("AWS_PROFILE", "nobody", "ProfileNotFound: .*nobody.*: check AWS_ACCESS_KEY_ID.*AWS_PROFILE"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:1", "EndpointConnectionError: .*127.0.0.1:1/.*: check AWS_ENDPOINT_URL"),
        ("AWS_ENDPOINT_URL", "localhost", "ValueError: Invalid endpoint: localhost: check AWS_ENDPOINT_URL"),
        ("AWS_SESSION_TOKEN", f"{SECRET_KEY}\n", "HTTPClientError: .*line break in the AWS keys or token"),
    ],
)
@pytest.mark.usefixtures("pauses", "stub")
def test_a_wrong_setting_is_named_and_no_secret_is_told(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str | None, message: str
) -> None:
    monkeypatch.delenv(variable, raising=False)
    if value is not None:
        monkeypatch.setenv(variable, value)
    with pytest.raises(LandingError, match=f"cannot list s3://sales/shop: {message}") as caught:
        new_zone().survey()
    told = "".join(traceback.format_exception(caught.value))
    assert ACCESS_KEY not in told
    assert SECRET_KEY not in told


def test_a_scratch_folder_that_cannot_be_written_is_told_with_the_object(zone: S3LandingZone, tmp_path: Path) -> None:
    (file,) = zone.survey().files
    with pytest.raises(LandingError, match=f"cannot keep a copy of {URL}: .*: make room, or set TMPDIR"):
        zone.fetch(file, tmp_path / "gone")


def test_more_threads_than_connections_wait_for_one(
    stub: StubS3, zone: S3LandingZone, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stub.objects = {f"shop/2025-06-26_{n}.csv": str(n).encode() * 1000 for n in range(100)}
    with ThreadPoolExecutor(30) as pool:
        paths = list(pool.map(lambda file: zone.fetch(file, tmp_path), zone.survey().files))
    assert sorted(path.read_bytes() for path in paths) == sorted(map(bytes, stub.objects.values()))
    assert "Connection pool is full" not in caplog.text


def test_a_large_file_is_never_whole_in_memory(stub: StubS3, zone: S3LandingZone, tmp_path: Path) -> None:
    size = 64 << 20
    with mmap(-1, size) as content:
        stub.objects = {f"shop/{KEY}": content}
        (file,) = zone.survey().files
        tracemalloc.start()
        try:
            path = zone.fetch(file, tmp_path)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert path.stat().st_size == size
    assert peak < size // 4


@pytest.mark.e2e
def test_the_real_history_is_the_same_from_a_bucket_and_a_folder(
    seaweedfs_bucket: BucketPlace, real_landing: Path
) -> None:
    paths = sorted(real_landing.rglob("*.csv"))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda p: seaweedfs_bucket.put(p.relative_to(real_landing).as_posix(), p.read_bytes()), paths))
    in_bucket, in_folder = (
        fetch_days(zone, date.min, date.max) for zone in (seaweedfs_bucket.zone, zone_at(str(real_landing)))
    )
    assert len(in_bucket.files) == len(paths)
    assert in_bucket.content_version == in_folder.content_version


@pytest.mark.filterwarnings("ignore:InitResourceContext.dagster_run:DeprecationWarning")  # Dagster's own call
def test_a_run_and_a_sensor_get_the_zone_as_their_resource(zone: S3LandingZone) -> None:
    seen = [*zone.survey().files]

    @dg.asset
    def listing(landing: dg.ResourceParam[LandingZone]) -> None:
        seen.extend(landing.survey().files)

    @dg.sensor(target=listing)
    def arrivals(landing: dg.ResourceParam[LandingZone]) -> dg.SkipReason:
        seen.extend(landing.survey().files)
        return dg.SkipReason()

    assert dg.materialize([listing], resources={"landing": zone}).success
    with (
        dg.DagsterInstance.ephemeral() as instance,
        dg.build_sensor_context(instance, resources={"landing": zone}) as context,
    ):
        arrivals(context)
    assert [file.key for file in seen] == [KEY, KEY, KEY]
