"""Measure whether changed documents are refused, and how long decisions take."""
