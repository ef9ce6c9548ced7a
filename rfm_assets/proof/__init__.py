"""Backtests: what segments and scores said at a month's end, against what customers then did."""
