"""Two requests on one connection, with time between them: the second waits until a file is there.

    pause_between.py ADDRESS FILE
"""

import http.client
import os
import sys
import time

connection = http.client.HTTPConnection(sys.argv[1])
connection.request("GET", "/")
assert connection.getresponse().read()
print("first", flush=True)
for _ in range(200):
    if os.path.exists(sys.argv[2]):
        break
    time.sleep(0.05)
connection.request("GET", "/new")
assert connection.getresponse().read()
connection.close()
