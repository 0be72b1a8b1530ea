"""The live side: rooms, the frames they send, the conversation with one connection, and the bus between processes."""
