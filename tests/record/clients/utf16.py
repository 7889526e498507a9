"""Reads a page in UTF-16, with Python's http.client, as its Content-Type says to."""

import http.client

connection = http.client.HTTPConnection("www.example.com")
connection.request("GET", "/greeting.txt", headers={"Connection": "close"})
response = connection.getresponse()
charset = response.headers.get_content_charset()
text = response.read().decode(charset)
print(f"{charset}: {text}")
