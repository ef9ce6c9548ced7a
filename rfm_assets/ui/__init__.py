"""Dagster's UI on this machine: its servers, and the guard against pages of other origins."""
