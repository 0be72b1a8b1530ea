"""Positions as most Django projects keep them, to be compared with the telemetry store."""
