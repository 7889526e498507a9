#!/bin/sh
# Joins a channel, says something and leaves, with ii: what is written into its pipes is sent.
folder=$1
ii -s irc.example.com -n anna -f 'Anna' -i "$folder" &
client=$!
pipe=$folder/irc.example.com
until grep -q 'routes' "$pipe/out" 2>/dev/null; do sleep 0.1; done
echo '/j #routes' > "$pipe/in"
until [ -p "$pipe/#routes/in" ]; do sleep 0.1; done
sleep 0.3
echo 'Grüße: is 10.25.1.1 a gateway?' > "$pipe/#routes/in"
sleep 0.3
echo '/QUIT :and back' > "$pipe/in"
wait $client
exit 0
