"""Asks the server in this container whether it is ready; the exit code says so."""

import http.client
import sys

PORT = 8000
TIMEOUT_S = 4


def main() -> int:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=TIMEOUT_S)
    try:
        connection.request("GET", "/readyz")
        return int(connection.getresponse().status != http.client.OK)
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
