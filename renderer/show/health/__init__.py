"""How a show is: latency by stage, and whether it can go on air."""
