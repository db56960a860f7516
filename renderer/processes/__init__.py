"""Child processes: started, watched, stopped and started again in one way for all of them."""
