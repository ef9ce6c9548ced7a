"""Dagster's own records, stored faster: named in dagster.yaml, and of use to no module of the pipeline."""
