"""Recognise an avatar by its shape, whatever file it is in."""
