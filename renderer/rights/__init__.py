"""Who may go on air, and who said so."""
