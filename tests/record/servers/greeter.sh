#!/bin/sh
# What stands behind the login of the telnet recording: asks who is there, and lists three files.
printf 'www login: '
read -r name
printf 'Password: '
stty -echo
read -r password
stty echo
printf '\nWelcome, %s.\n$ ' "$name"
read -r command
printf 'gateway.txt  hops.txt  routes.txt\n$ '
read -r command
