"""Who may do what of the crew."""
