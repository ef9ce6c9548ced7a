"""Dagster's UI on this machine: its servers, and what keeps pages of other origins from using them."""
