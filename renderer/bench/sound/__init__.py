"""Measure the program's sound: loudness, peaks, processor time, drift, picture and voice."""
