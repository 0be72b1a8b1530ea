"""The load, each kind a program of its own, so that its CPU is not the server's: settings on stdin, figures on stdout, both JSON."""
