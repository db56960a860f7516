"""Learned models of a performer: limbs that are not seen, tracking faults, face shapes.

The models run on numpy alone; renderer/training makes their weights.
"""
