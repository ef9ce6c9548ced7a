"""The data flow: landing -> bronze -> silver -> quality and gold -> ml -> publishing."""
