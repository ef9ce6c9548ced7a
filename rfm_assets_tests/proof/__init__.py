"""Whether scores and segments foretell what customers do."""
