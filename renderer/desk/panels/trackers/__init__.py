"""Phones, suits and voices."""
