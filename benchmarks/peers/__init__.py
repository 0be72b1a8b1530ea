"""The usual ways to do the same, small and as their tutorials teach them, to compare with."""
