"""Pages that people open; what moves on them comes over the live socket and REST."""
