"""Run a show: clock, tick and report; the only package that knows all the others."""
