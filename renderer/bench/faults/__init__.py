"""Benchmark faults in real live shows: recovery, gaps in the outputs, alarms and reports."""
