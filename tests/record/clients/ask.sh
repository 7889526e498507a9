#!/bin/sh
# Looks names up by the C library, as any program does. The last two have no answer, each in its own way.
getent ahosts www.example.com
getent ahostsv4 web.example.com
getent hosts 10.130.1.4
getent ahostsv4 nowhere.example.com
getent ahostsv6 mail.example.com
exit 0
