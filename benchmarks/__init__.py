"""Measures the product on this machine, beside the usual ways; `docs/performance.md` explains each figure."""
