# SPDX-License-Identifier: Apache-2.0
"""A client process: posts the requests of a file one after the other and says what was answered 201.

Reads JSON lines {"body", "headers"}; prints "up" once connected, waits for a line on standard input (so
that several start at once), then prints "<line number> <status> <answer>" as each answer arrives. With `each` it
waits for a line before every request.
"""

import http.client
import json
import sys
from pathlib import Path


def main(address: str, requests: str, pace: str) -> None:
    host, _, port = address.rpartition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=60)
    connection.connect()
    lines = Path(requests).read_text(encoding="utf-8").splitlines()
    print("up", flush=True)
    sys.stdin.readline()
    for number, line in enumerate(lines):
        request = json.loads(line)
        if number and pace == "each":
            sys.stdin.readline()
        try:
            connection.request("POST", "/v1/commands", request["body"].encode(), request["headers"])
            answer = connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException):
            return
        print(number, answer.status, text, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
