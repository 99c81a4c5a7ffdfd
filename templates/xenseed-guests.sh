#!/bin/sh
# Written by xenseed, the same on every node; change it in xenseed, not here.
# Makes the disks of this node's guests, and says what state they are in. Guests are
# in /etc/xenseed/guests, one per line, words separated by one space:
#
#   NAME MODE VG SIZE MINOR SYNC START PEER ADDRESS
#
# MODE is replicated (by DRBD, with the node PEER at ADDRESS) or local; SIZE is that
# of the logical volume /dev/VG/NAME in MiB, MINOR the number in /dev/drbdMINOR. When
# both disks of a replicated guest are new, that of the node with SYNC source is
# copied to the one with SYNC target. START is yes on the node that starts the guest
# when it boots. MINOR, SYNC, PEER and ADDRESS are "-" for a local guest.
#
#   xenseed-guests boot          makes missing volumes and their metadata, starts
#                                replication, and decides which guests xendomains starts:
#                                for these, its directory /etc/xen/auto has a link
#   xenseed-guests wait SECONDS  waits until all replicated disks are connected and
#                                up to date, at most this time, and at most a minute
#                                while the other node does not answer
#   xenseed-guests check         prints "NAME STATE" for each guest
#   xenseed-guests check NAME    prints STATE of one guest
#   xenseed-guests stop          ends replication of guests that do not run here
#
# STATE is local, missing (no volume, or DRBD is not started), or what drbdadm calls
# connection, roles and disk states, ours first:
#
#   Connected Primary/Secondary UpToDate/UpToDate
#
# A volume is made only if there is none with its name. One without DRBD's metadata is
# refused unless its first and last MiB, where file systems, partition tables and labels
# are, have only zeros: it may have data.
#
# A replicated guest is started at boot only if the other node answers, does not run
# it, and the disk here is up to date: without the other node, this one cannot know
# whether its data is the newest. If the other node is lost, start the guest with
# xl create /etc/xen/NAME.cfg. A guest whose disk is blank is not started either.
#
# Exit status: 0 done, 1 something is not as it should be, 2 wrong arguments.
#
# shellcheck disable=SC2317 # functions are called by `each`
set -uf
LC_ALL=C
PATH=${PATH:-/bin}:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
umask 022

# The seconds that the other node gets at boot to answer, and those for a guest's disk to be brought up to date before
# xendomains starts without it.
patience=60
sync_patience=600
# The seconds after which the node with SYNC target chooses the side of the initial copy, if the other node did not: its
# `boot` had ended when this node came up. Both disks are new, so it makes no difference to the data.
turn=15

# For tests, XENSEED_ROOT is put in front of every path of a file that is read or written here.
root=${XENSEED_ROOT:-}
code=0

say() {
    printf '%s\n' "$*"
}

complain() {
    printf 'xenseed-guests: %s\n' "$*" >&2
    code=1
}

seconds() {
    read -r up _ <"$root/proc/uptime"
    printf '%s' "${up%%.*}"
}

guests() {
    grep -v -e '^#' -e '^[[:blank:]]*$' "$root/etc/xenseed/guests"
}

# each FUNCTION: calls it for each guest, with the words of its line in variables of the same names
each() {
    while read -r name mode vg size minor sync start peer address <&3; do
        volume=/dev/$vg/$name
        "$1" 3<&-
    done 3<<END
$(guests)
END
}

# state: "CONNECTION ROLES DISKS" of the replicated guest, or missing
state() {
    found=$(sed -n "s/^ *$minor: cs:\([^ ]*\) ro:\([^ ]*\) ds:\([^ ]*\) .*/\1 \2 \3/p" "$root/proc/drbd" 2>/dev/null)
    printf '%s' "${found:-missing}"
}

has_volume() {
    lvs "$vg/$name" >/dev/null 2>&1
}

# is_zero OFFSET: whether the MiB of the volume at this offset, in MiB, has only zeros
is_zero() {
    dd if="$volume" bs=1048576 skip="$1" count=1 2>/dev/null | cmp -s -n 1048576 - /dev/zero
}

# length: the size of the volume in MiB
length() {
    echo $(($(blockdev --getsize64 "$volume") / 1048576))
}

# is_new: whether the metadata is as drbdadm create-md writes it: no data has ever been complete here
is_new() {
    case $(drbdadm get-gi "$name" 2>/dev/null) in
    0000000000000004:*) return 0 ;;
    esac
    return 1
}

# has_metadata: whether the volume, whose resource is down, has DRBD's metadata
has_metadata() {
    case $(drbdadm get-gi "$name" 2>/dev/null) in
    *:*:*:*:*) return 0 ;;
    esac
    return 1
}

# ---- boot ----

# Until the metadata is written, the volume has this tag, so that a power cut in between leaves nothing that is refused later.
unfinished=xenseed.unfinished

make_volume() {
    if ! has_volume; then
        vgs "$vg" >/dev/null 2>&1 || {
            complain "$name: there is no volume group $vg"
            return 1
        }
        lvcreate -q -y -W y -n "$name" -L "${size}m" --addtag "$unfinished" "$vg" >/dev/null || {
            complain "$name: cannot make the logical volume $vg/$name of $size MiB"
            return 1
        }
        say "$name: made the logical volume $vg/$name of $size MiB"
    fi
    [ -b "$volume" ] || lvchange -a y "$vg/$name" || {
        complain "$name: the logical volume $vg/$name cannot be activated"
        return 1
    }
    case $(lvs --noheadings -o lv_tags "$vg/$name" 2>/dev/null) in
    *"$unfinished"*) ;;
    *) return 0 ;;
    esac
    # What earlier volumes left behind could be taken for metadata or for a file system.
    for offset in 0 $(($(length) - 1)); do
        dd if=/dev/zero of="$volume" bs=1048576 seek="$offset" count=1 conv=notrunc,fsync 2>/dev/null || {
            complain "$name: cannot write to $volume"
            return 1
        }
    done
    [ "$mode" = local ] || write_metadata || return 1
    lvchange -q --deltag "$unfinished" "$vg/$name" >/dev/null
}

write_metadata() {
    output=$(drbdadm create-md --force "$name" 2>&1 </dev/null) || {
        complain "$name: drbdadm create-md: $output"
        return 1
    }
    say "$name: wrote DRBD's metadata to $volume"
}

bring_up() {
    make_volume || return
    [ "$mode" = replicated ] && [ "$(state)" = missing ] || return
    if ! has_metadata; then
        if ! is_zero 0 || ! is_zero $(($(length) - 1)); then
            complain "$name: $volume has no metadata of DRBD and is not empty, so it is not touched: it may have data." \
                "If it may be erased, remove it with lvremove $vg/$name and run xenseed-guests boot"
            return
        fi
        write_metadata || return
    fi
    output=$(drbdadm up "$name" 2>&1 </dev/null) || complain "$name: drbdadm up: $output"
}

# choose_source: starts the initial copy if both disks are new
choose_source() {
    [ "$(state)" = 'Connected Secondary/Secondary Inconsistent/Inconsistent' ] && is_new || return
    [ "$sync" = source ] || [ "$spent" -ge "$turn" ] || return
    output=$(drbdadm primary --force "$name" 2>&1 </dev/null) || {
        complain "$name: drbdadm primary --force: $output"
        return
    }
    drbdadm secondary "$name"
    say "$name: both disks are new; this node's is copied to $peer"
}

# is_connected STATE
is_connected() {
    case $1 in
    missing | StandAlone\ * | Disconnecting\ * | Unconnected\ * | Timeout\ * | BrokenPipe\ * | NetworkFailure\ * | \
        ProtocolError\ * | TearDown\ * | WFConnection\ * | WFReportParams\ *) return 1 ;;
    esac
}

# look_at_boot: sets `waiting` if it is too early to decide about the guest
look_at_boot() {
    [ "$mode" = replicated ] || return
    choose_source
    current=$(state)
    case $current in
    missing | StandAlone\ * | *\ */Primary\ *) return ;;
    esac
    limit=$patience
    if is_connected "$current"; then
        case $current in
        *\ Inconsistent/Inconsistent) ;;
        *\ UpToDate/*) return ;;
        *)
            # Only a guest that may be started here is worth a longer wait.
            [ "$start" = yes ] || return
            limit=$sync_patience
            ;;
        esac
    fi
    [ "$spent" -ge "$limit" ] || waiting=yes
}

# reason: why the guest is not started at boot; nothing if it is
reason() {
    if [ "$start" != yes ]; then
        echo "it is not started by this node"
    elif ! [ -b "$volume" ]; then
        echo "it has no disk"
    elif [ "$mode" = local ]; then
        ! is_zero 0 || echo "its disk is blank"
    else
        current=$(state)
        case $current in
        missing) echo "its disk is not available" ;;
        StandAlone\ *) echo "its disk does not connect to that of $peer (see dmesg; drbdadm connect $name tries again)" ;;
        *\ */Primary\ *) echo "it runs on $peer" ;;
        *)
            if ! is_connected "$current"; then
                echo "$peer does not answer at $address; if that node is lost: xl create /etc/xen/$name.cfg"
            else
                case $current in
                *\ UpToDate/*) ! is_zero 0 || echo "its disk is blank" ;;
                *) echo "its disk is not up to date: $current" ;;
                esac
            fi
            ;;
        esac
    fi
}

decide() {
    auto=$(sed -n 's/^XENDOMAINS_AUTO=//p' "$root/etc/default/xendomains" 2>/dev/null | sed '$!d')
    if [ -z "$auto" ]; then
        [ "$start" != yes ] || say "$name: is not started, because XENDOMAINS_AUTO in /etc/default/xendomains is empty"
        return
    fi
    auto=$root$auto
    why=$(reason)
    if [ -z "$why" ]; then
        mkdir -p "$auto"
        ln -sf "/etc/xen/$name.cfg" "$auto/$name.cfg"
        say "$name: will be started"
    else
        rm -f "$auto/$name.cfg"
        [ "$start" != yes ] || say "$name: is not started, because $why"
    fi
}

boot() {
    modprobe drbd 2>/dev/null || :
    each bring_up
    began=$(seconds)
    while :; do
        spent=$(($(seconds) - began))
        waiting=
        each look_at_boot
        [ -n "$waiting" ] || break
        sleep 1
    done
    each decide
}

# ---- wait, check, stop ----

# look_at_sync: adds the guest to `missed` if its disks are not up to date, and sets `waiting` if that may change soon
look_at_sync() {
    [ "$mode" = replicated ] || return
    choose_source
    current=$(state)
    case $current in
    'Connected '*' UpToDate/UpToDate') return ;;
    missing | StandAlone\ *) ;;
    *) { ! is_connected "$current" && [ "$spent" -ge "$patience" ]; } || waiting=yes ;;
    esac
    missed="${missed:+$missed; }$name: $current"
}

wait_for_sync() {
    began=$(seconds)
    while :; do
        spent=$(($(seconds) - began))
        waiting=
        missed=
        each look_at_sync
        if [ -z "$waiting" ] || [ "$spent" -ge "$1" ]; then
            break
        fi
        sleep 1
    done
    [ -z "$missed" ] || complain "not connected and up to date after $spent s: $missed"
}

show() {
    if [ "$mode" = replicated ]; then
        shown=$(state)
    elif has_volume; then
        shown=local
    else
        shown=missing
    fi
    if [ -z "$wanted" ]; then
        say "$name $shown"
    elif [ "$wanted" = "$name" ]; then
        say "$shown"
        seen=yes
    fi
}

bring_down() {
    [ "$mode" = replicated ] && [ "$(state)" != missing ] || return
    case $(state) in
    *\ Primary/*) complain "$name: still runs here" ;;
    *) drbdadm down "$name" || code=1 ;;
    esac
}

usage() {
    echo 'usage: xenseed-guests boot | wait SECONDS | check [NAME] | stop' >&2
    exit 2
}

if ! guests >/dev/null 2>&1; then
    [ -r "$root/etc/xenseed/guests" ] || complain "cannot read $root/etc/xenseed/guests"
    exit $code
fi
case $#:${1:-} in
1:boot) boot ;;
2:wait)
    case $2 in
    '' | *[!0-9]* | ???????*) usage ;;
    esac
    wait_for_sync "$2"
    ;;
1:check | 2:check)
    wanted=${2:-}
    seen=
    each show
    [ -z "$wanted" ] || [ -n "$seen" ] || complain "there is no guest $wanted in /etc/xenseed/guests"
    ;;
1:stop) each bring_down ;;
*) usage ;;
esac
exit $code
