"""Faster storage for Dagster's own records, named in dagster.yaml; no module of the pipeline imports it."""
