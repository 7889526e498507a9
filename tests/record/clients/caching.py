"""Asks for a page, asks whether it has changed, and asks for one that comes from a cache."""

import http.client

connection = http.client.HTTPConnection("www.example.com")
connection.request("GET", "/cached")
first = connection.getresponse()
assert first.status == 200 and first.read()
connection.request("GET", "/cached", headers={"If-None-Match": first.getheader("ETag")})
again = connection.getresponse()
assert again.status == 304 and again.read() == b""
connection.request("GET", "/shared")
assert connection.getresponse().read()
connection.close()
