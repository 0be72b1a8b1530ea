"""A fleet to show and to measure with: streets, drivers, the demo office, recordings. No database, network or clock."""
