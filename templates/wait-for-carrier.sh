#!/bin/sh
# Written by xenseed, the same on every node; change it in xenseed, not here.
# A DHCP client that starts before a port of its bridge has a link loses its first packet, and sends the next one only several
# seconds later. ifupdown runs the files of this directory in the order of their names before it starts the client; this one comes
# after bridge-utils' "bridge", which adds the ports. It waits for the first port with a link, for 10 seconds at most.

[ "${METHOD:-}" = dhcp ] && [ -n "${IF_BRIDGE_PORTS:-}" ] || exit 0

tries=50
while [ $tries -gt 0 ]; do
    for port in $IF_BRIDGE_PORTS; do
        [ "$(cat "/sys/class/net/$port/carrier" 2>/dev/null)" != 1 ] || exit 0
    done
    tries=$((tries - 1))
    sleep 0.2
done
exit 0
