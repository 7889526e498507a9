"""Four requests on one connection, with Python's http.client."""

import http.client

connection = http.client.HTTPConnection("www.example.com")
connection.request("GET", "/")
first = connection.getresponse()
page = first.read()
assert first.status == 200 and b"<h1>" in page

# Asked for again with the tag it came with, it has not changed: no body.
connection.request("GET", "/", headers={"If-None-Match": first.getheader("ETag")})
again = connection.getresponse()
assert again.status == 304 and again.read() == b""

# The length that a GET would have had, and no body either.
connection.request("HEAD", "/new")
head = connection.getresponse()
assert head.status == 200 and int(head.getheader("Content-Length")) > 0 and head.read() == b""

connection.request("GET", "/missing")
missing = connection.getresponse()
assert missing.status == 404 and missing.read()
connection.close()
