"""Inputs that performers are tracked from: cameras, takes, animations."""
