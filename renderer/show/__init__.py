"""The clock, the tick and the report; the one room that knows the others."""
