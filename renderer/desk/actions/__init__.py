"""What an operator can do at the desk: buttons, keys, command palette and key map come from it."""
