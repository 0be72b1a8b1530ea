"""What the law of live sync is tested with: processes on one store, a bus that misbehaves, clients of every transport."""
