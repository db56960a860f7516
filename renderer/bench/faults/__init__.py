"""Faults in a real live show: what it survives, and what the audience and the crew notice."""
