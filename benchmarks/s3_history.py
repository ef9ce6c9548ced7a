"""Measures the history from an S3 server on loopback against the same files in a folder, and prints a Markdown table.

    python benchmarks/s3_history.py path/to/daily/files [--runs 3] [--select 'not group:ml']

Whole processes, in turn, in a temporary folder. The server is SeaweedFS, from the same machine's two cores.
"""

import sys
import tempfile
from pathlib import Path

from history import PROJECT, Bench
from measure import BIN, graph_parser, median_of, run, table

sys.path.insert(0, str(PROJECT))

from rfm_assets_tests.helpers.s3 import aws_settings, seaweedfs_server

BUCKET = "retailer"


def main() -> None:
    """Measures and prints."""
    arguments = graph_parser(__doc__, runs=3, select="not group:ml").parse_args()
    landing = arguments.landing.resolve()
    with tempfile.TemporaryDirectory(prefix="rfm-bench-") as scratch:
        root = Path(scratch)
        (root / "weed").mkdir()
        with seaweedfs_server(root / "weed") as endpoint:
            settings = aws_settings(endpoint)
            folder = Bench(root / "folder", landing, arguments.select)
            bucket = Bench(root / "bucket", landing, arguments.select)
            bucket.env |= {**settings, "RFM_LANDING": f"s3://{BUCKET}/daily_sales"}
            make_bucket(settings)
            days = ["--since", bucket.days()[0], "--day", bucket.days()[-1]]
            upload = ["upload", *days, "--from", str(landing), "--to", bucket.env["RFM_LANDING"]]
            uploaded = run([str(BIN / "rfm"), *upload], cwd=root, env=settings)
            costs = {"a folder": median_of(arguments.runs, folder.history)}
            costs["an S3 server"] = median_of(arguments.runs, bucket.history)
    rows = [
        [f"{len(bucket.days())} days from {name}", f"{c.seconds:.1f} s", f"{c.megabytes:,.0f} MB"]
        for name, c in costs.items()
    ]
    rows.append(["uploading them", f"{uploaded.seconds:.1f} s", f"{uploaded.megabytes:,.0f} MB"])
    print(table(["what", "time", "peak memory"], rows))


def make_bucket(settings: dict[str, str]) -> None:
    """Makes the bucket that the files go to."""
    import boto3

    boto3.client(
        "s3",
        endpoint_url=settings["AWS_ENDPOINT_URL"],
        region_name=settings["AWS_REGION"],
        aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
    ).create_bucket(Bucket=BUCKET)


if __name__ == "__main__":
    main()
