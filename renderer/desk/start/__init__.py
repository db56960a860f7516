"""The start page: which show, what is there, what is missing, who are we."""
