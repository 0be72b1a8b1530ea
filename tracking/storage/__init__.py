"""Loads and saves domain values; no query, row or model leaves this folder."""
