"""Seal a show's journal so that nobody can change it unnoticed, and check what was sealed."""
