"""Measure the latency of outputs, glass to glass."""
