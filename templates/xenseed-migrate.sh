#!/bin/sh
# Written by xenseed, the same on every node; change it in xenseed, not here.
# Moves a running guest to the other node of its replicated disk, without stopping it:
#
#   xenseed-migrate NAME
#   xenseed-migrate --back NAME    has the other node move the guest here, as xenseed-migrate there does
#   xenseed-migrate --ask NAME     prints the state of the guest's disk as the other node sees it
#
# Both disks must be connected and up to date. DRBD allows two primaries only while the
# guest moves, because both nodes have its disk open then: this node until the guest
# has stopped here, and the other one before it goes on there. Once it has begun, it
# cannot be interrupted by a signal: a guest that is half moved is lost.
#
# The other node is reached with the key /etc/xenseed/migration/key, for which it runs
# xenseed-migrate-peer only.
#
# Exit status: 0 the guest runs on the other node, or with --back on this one, 1 it does
# not, or two primaries are still allowed, 2 wrong arguments.
set -uf
LC_ALL=C
PATH=${PATH:-/bin}:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
umask 077

# The seconds that DRBD gets to exchange the roles after the guest has moved.
patience=60

# For tests, XENSEED_ROOT is put in front of every path of a file that is read or written here.
root=${XENSEED_ROOT:-}
keys=$root/etc/xenseed/migration

say() {
    printf 'xenseed-migrate: %s\n' "$*"
}

complain() {
    printf 'xenseed-migrate: %s\n' "$*" >&2
}

fail() {
    complain "$@"
    exit 1
}

# The time since boot in hundredths of a second: the wall clock may be set in the meantime.
hundredths() {
    read -r up _ <"$root/proc/uptime"
    printf '%s' "${up%.*}${up#*.}"
}

state() {
    xenseed-guests check "$name"
}

# `xl migrate` gives this to a shell, so nothing in it may need quotes.
ssh="ssh -F /dev/null -i $keys/key -o IdentitiesOnly=yes -o BatchMode=yes -o StrictHostKeyChecking=yes"
ssh="$ssh -o UserKnownHostsFile=$keys/known_hosts -o GlobalKnownHostsFile=/dev/null"
ssh="$ssh -o ConnectTimeout=10 -o ServerAliveInterval=5 -o ServerAliveCountMax=6"

# at_peer COMMAND: runs it on the other node
at_peer() {
    $ssh "root@$address" "$1" </dev/null
}

# allow yes|no: allows two primaries on both nodes, or ends that
allow() {
    options="net-options --protocol=C --allow-two-primaries=$1 $name"
    # shellcheck disable=SC2086
    drbdadm $options && at_peer "drbdadm $options"
}

# forbid: ends it, once there is at most one primary
forbid() {
    began=$(hundredths)
    until said=$(allow no 2>&1); do
        if [ $(($(hundredths) - began)) -ge $((patience * 100)) ]; then
            complain "two primaries are still allowed, because this failed: drbdadm net-options --allow-two-primaries=no $name: $said"
            complain "$name: $(state); run that command on both nodes before anything else"
            return 1
        fi
        sleep 1
    done
}

request=
if [ $# -eq 2 ]; then
    case $1 in
    --ask) request=check ;;
    --back) request=xenseed-migrate ;;
    esac
    [ -z "$request" ] || shift
fi
if [ $# -ne 1 ]; then
    echo 'usage: xenseed-migrate [--ask | --back] NAME' >&2
    exit 2
fi
name=$1
line=$(awk -v name="$name" '$1 == name && $1 !~ /^#/' "$root/etc/xenseed/guests" | sed 1q)
[ -n "$line" ] || fail "there is no guest $name in /etc/xenseed/guests"
# shellcheck disable=SC2086
set -- $line
[ "$2" = replicated ] || fail "the disk of $name is not replicated, so it cannot move"
peer=$8
address=$9
if [ -n "$request" ]; then
    at_peer "$request $name"
    exit
fi

exec 9>"$root/run/xenseed-migrate.$name" || exit 1
flock -n 9 || fail "$name is moving already"

before=$(state)
case $before in
'Connected Primary/Secondary UpToDate/UpToDate') ;;
*\ Secondary/Primary\ *) fail "$name runs on $peer: run xenseed-migrate $name there" ;;
*) fail "$name cannot move: its disk must be Connected Primary/Secondary UpToDate/UpToDate, but is $before" ;;
esac
xl domid "$name" >/dev/null 2>&1 || fail "$name does not run on this node"
there=$(at_peer "check $name") || fail "$peer does not answer at $address as it should (ssh with $keys/key)"
[ "$there" = 'Connected Secondary/Primary UpToDate/UpToDate' ] || fail "$peer sees another state of $name: $there"

trap '' HUP INT TERM
if ! said=$(allow yes 2>&1); then
    forbid
    fail "two primaries are not allowed: $said"
fi
began=$(hundredths)
xl migrate -s "$ssh" "$name" "root@$address" </dev/null
status=$?
took=$(($(hundredths) - began))

# The roles change when the block devices are removed, a little after the guest.
while state | grep -q ' Primary/Primary ' && [ $(($(hundredths) - began - took)) -lt $((patience * 100)) ]; do
    sleep 1
done
forbid || status=1
after=$(state)
if [ "$status" -eq 0 ] && [ "$after" = 'Connected Secondary/Primary UpToDate/UpToDate' ]; then
    say "$name moved to $peer in $((took / 100)).$(printf %02d $((took % 100))) s"
    exit 0
fi
complain "xl migrate of $name to $peer ended with status $status; its disk is $after"
if xl domid "$name" >/dev/null 2>&1; then
    complain "$name still runs on this node"
fi
exit 1
