"""Live positions as the Channels tutorial teaches a chat: a group a region, a message a position, a frame each."""
