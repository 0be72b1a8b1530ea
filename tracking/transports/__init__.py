"""Sockets and bare HTTP apps: they carry bytes and decide nothing."""
