"""The grand master."""
