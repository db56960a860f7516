"""Connect captures and desks on other machines to a show: pairing, encryption, clocks."""
