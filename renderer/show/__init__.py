"""Run a show: clock, tick and report; the only package that imports all the others."""
