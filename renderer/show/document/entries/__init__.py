"""The tables of a show document, each a msgspec struct."""
