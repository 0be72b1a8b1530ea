"""Asks the server in this container for its login page; the exit code says whether it came."""

import http.client
import os
import sys

PORT = 8000
TIMEOUT_S = 4


def main() -> int:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=TIMEOUT_S)
    try:
        connection.request("GET", "/login/", headers={"Host": allowed_host(os.environ.get("ALLOWED_HOSTS", ""))})
        return int(connection.getresponse().status != http.client.OK)
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def allowed_host(listed: str) -> str:
    """The first name that Django would answer to; `*` and absence allow this one."""
    first = listed.partition(",")[0].strip().lstrip(".")
    return first if first not in {"", "*"} else "localhost"


if __name__ == "__main__":
    sys.exit(main())
