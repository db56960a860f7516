"""Outlier gates: which observations of a performer are used."""
