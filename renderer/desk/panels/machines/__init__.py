"""The other machines of the show."""
