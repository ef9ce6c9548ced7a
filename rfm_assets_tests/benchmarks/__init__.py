"""Tests that every script of benchmarks/ still runs, on a shop of a few days."""
