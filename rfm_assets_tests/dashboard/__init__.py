"""The dashboard, over a sample shop's snapshot."""
