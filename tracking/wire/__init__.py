"""Bytes to domain values and back; touches no database and no socket."""
