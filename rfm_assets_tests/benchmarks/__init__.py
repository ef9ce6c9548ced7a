"""Tests that every script in benchmarks/ still runs, on a shop of a few days."""
