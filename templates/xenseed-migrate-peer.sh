#!/bin/sh
# Written by xenseed, the same on every node; change it in xenseed, not here.
# The only program that another node may run here with its key /etc/xenseed/migration/key:
# authorized_keys names it as the command of that key. sshd puts what was asked for into
# SSH_ORIGINAL_COMMAND, and these are done, with exactly these words:
#
#   check NAME               xenseed-guests check NAME
#   xl migrate-receive       receives a guest
#   drbdadm net-options --protocol=C --allow-two-primaries=yes|no NAME
#   xenseed-migrate NAME     moves the guest to the node that asks
#
# NAME must be a guest whose other node has the address that the connection comes from.
# Everything else is refused, with exit status 1, and all requests are logged.
#
# This prevents mistakes, not an attack: who can send a guest to this node says which of
# its disks and programs the guest uses, and is as powerful as root here.
set -uf
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH

root=${XENSEED_ROOT:-}
request=${SSH_ORIGINAL_COMMAND:-}
from=${SSH_CONNECTION:-}
from=${from%% *}

# record WORD
record() {
    logger -t xenseed-migrate-peer -- "$1 $from: $(printf %s "$request" | tr -c ' -~' '?' | cut -c 1-200)"
}

refuse() {
    record refused
    echo 'xenseed-migrate-peer: refused: this key is for the migration of guests only' >&2
    exit 1
}

# is_guest NAME: whether it is a replicated guest whose other node asks
is_guest() {
    [ -n "$from" ] || return 1
    NAME=$1 FROM=$from awk '$1 == ENVIRON["NAME"] && $2 == "replicated" && $9 == ENVIRON["FROM"] { found = 1 } END { exit !found }' \
        "$root/etc/xenseed/guests"
}

name=${request##* }
case $name in
'' | -* | *[!A-Za-z0-9._-]*) refuse ;;
esac
case $request in
"check $name")
    is_guest "$name" || refuse
    exec xenseed-guests check "$name"
    ;;
'xl migrate-receive')
    record accepted
    exec xl migrate-receive
    ;;
"drbdadm net-options --protocol=C --allow-two-primaries=yes $name" | \
    "drbdadm net-options --protocol=C --allow-two-primaries=no $name")
    is_guest "$name" || refuse
    record accepted
    yes_or_no=${request#*primaries=}
    exec drbdadm net-options --protocol=C --allow-two-primaries="${yes_or_no%% *}" "$name"
    ;;
"xenseed-migrate $name")
    is_guest "$name" || refuse
    record accepted
    exec xenseed-migrate "$name"
    ;;
*) refuse ;;
esac
