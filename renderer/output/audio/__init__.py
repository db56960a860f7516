"""The program's sound."""
