"""The dashboard, over a sample shop's published copy."""
