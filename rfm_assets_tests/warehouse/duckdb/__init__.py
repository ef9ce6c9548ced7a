"""Tests of the DuckDB engine."""
