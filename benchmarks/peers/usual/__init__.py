"""Positions as a Django model, one ORM `create` a post."""
