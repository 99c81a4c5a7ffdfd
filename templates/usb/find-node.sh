#!/bin/sh
# {{made_by}}
# {{domain}}: finds out which of the lab's nodes the machine is that runs Debian's installer, and has the installer's
# questions answered for that one.
#
#   find-node.sh early   after each preseed (preseed/early_command): answers when the node is found already
#   find-node.sh wait    before the network is set up, as a step of the installer's menu: does not return before
#
# A machine is a node when one of its network cards has a MAC address of the node's, or its firmware has the node's
# serial number (/xenseed/nodes). The cards of a CD's installer are not there early; so what is wrong is said by the later
# step, which looks again each time that the message is dismissed. Without a node there is no partman-auto/method, and
# no answer that erases anything. It runs under the installer's busybox ash; running it again changes nothing twice.
set -u
umask 022

table=/xenseed/nodes
nodes=/nodes
work=/tmp/xenseed
status=/var/lib/dpkg/status
info=/var/lib/dpkg/info

say() {
    logger -t xenseed "$*"
}

# ---- looking ----

# The first line of a file of the kernel's, blanks at its ends left out; a backslash would mean something to debconf.
line() {
    value=
    [ ! -r "$1" ] || read -r value <"$1" || true
    case $value in
        *[!\ -~]* | *\\*) value=$(printf %s "$value" | tr -c ' -[]-~' '?') ;;
    esac
}

# Sets what the machine shows: serial, macs (between blanks) and saw (for a person).
look() {
    line /sys/class/dmi/id/product_serial
    serial=$value
    macs=' '
    saw=
    for path in /sys/class/net/*; do
        line "$path/type"
        # Ethernet (ARPHRD_ETHER), so not the loopback.
        [ "$value" = 1 ] || continue
        line "$path/addr_assign_type"
        kind=${value:-0}
        line "$path/address"
        saw="$saw${path##*/} $value"
        # 0 is the card's own address; others are made up, set, or another card's.
        if [ "$kind" = 0 ]; then
            macs="$macs$value "
        else
            saw="$saw (not the card's own)"
        fi
        saw="$saw\n"
    done
    [ -n "$saw" ] || saw='no network card\n'
    saw="${saw}serial number: ${serial:-none}"
}

# Sets found (names between blanks), why (for a person) and count.
match() {
    found=' '
    why=
    count=0
    while read -r name list number; do
        case $name in
            '' | '#'*) continue ;;
        esac
        reason=
        rest=$list,
        while [ -n "$rest" ]; do
            mac=${rest%%,*}
            rest=${rest#*,}
            case $macs in
                *" $mac "*) reason="$reason $mac" ;;
            esac
        done
        [ -z "$number" ] || [ "$number" != "$serial" ] || reason="$reason $number"
        [ -n "$reason" ] || continue
        found="$found$name "
        why="$why${why:+, }$name by$reason"
        count=$((count + 1))
    done <$table
}

# ---- answering ----

# How many answers the installer has been given (preseed.sh); later ones may be another preseed's.
answers() {
    grep -c '' /var/lib/preseed/log 2>/dev/null
}

# The node's own answers; then those that say which machine it is, which also a kernel parameter must not change. The
# preseed is not fetched from elsewhere once more. What stands is not answered again: it takes a while.
answer() {
    [ "$(cat $work/answered 2>/dev/null)" != "$1 $(answers)" ] || return 0
    {
        echo "d-i netcfg/hostname string $1"
        echo "d-i netcfg/get_hostname string $1"
        echo "d-i preseed/file string"
        echo "d-i preseed/url string"
    } >$work/answers
    debconf-set-selections "$nodes/$1/preseed.cfg" && debconf-set-selections $work/answers || return 1
    echo "$1 $(answers)" >$work/answered
}

# Whether the card that a preseed names is there, or none is there yet. netcfg would take the address of one that is
# not for the name of an interface.
has_install_card() {
    card=$(sed -n 's/^d-i netcfg\/choose_interface select //p' "$1")
    case $card in
        ??:??:??:??:??:??) ;;
        *) return 0 ;;
    esac
    case $macs in
        *" $card "*) return 0 ;;
        ' ') [ "$stage" = early ] ;;
        *) return 1 ;;
    esac
}

# Sets problem when the machine can't be told, or not be served.
find_node() {
    look
    match
    case $count in
        0) problem='This machine is none of the nodes that the lab knows' ;;
        1)
            node=${found# }
            node=${node% }
            if [ ! -r "$nodes/$node/preseed.cfg" ]; then
                problem="This machine is $node, but $nodes/$node/preseed.cfg is missing"
            elif ! has_install_card "$nodes/$node/preseed.cfg"; then
                problem="This machine is $why, but has no network card $card, over which $node is installed"
            elif answer "$node"; then
                problem=
                say "this machine is $why"
            else
                problem="This machine is $node, but $nodes/$node/preseed.cfg can't be read"
            fi
            ;;
        *) problem="This machine could be $count of the lab's nodes: $why" ;;
    esac
    [ -n "$problem" ] || return 0
    say "$problem; it has $(printf %b "$saw" | tr '\n' ' ')"
    # Whatever another preseed says, nothing is erased by itself.
    debconf-set partman-auto/method '' >/dev/null 2>&1 || true
    return 1
}

# ---- the later step ----

# A package of our own in the installer's list, not configured yet: main-menu does that in the order of numbers, after
# ethdetect (1700) and before netcfg (1800).
register() {
    debconf-loadtemplate xenseed /xenseed/find-node.templates || say "no templates"
    if ! grep -q '^Package: xenseed$' $status; then
        printf 'Package: xenseed\nStatus: install ok unpacked\nVersion: 1\nDescription: find the node\n' >>$status
        printf 'Installer-Menu-Item: 1750\n\n' >>$status
    fi
    # The frontend is main-menu's; confmodule finds it.
    printf '#!/bin/sh\n. /usr/share/debconf/confmodule\nexec sh %s wait\n' "$0" >$info/xenseed.postinst
    chmod 755 $info/xenseed.postinst
}

# The lab's nodes, for a person: the first of many.
known() {
    grep -v '^#' $table | head -n 16 | while read -r name list number; do
        printf '%s %s%s\\n' "$name" "$list" "${number:+, serial number $number}"
    done
    total=$(grep -c -v '^#' $table)
    [ "$total" -le 16 ] || printf 'and %s more' $((total - 16))
}

# The installer's screen belongs to debconf. Without a frontend (a rescue shell), standard error has to do.
show() {
    if [ -n "${DEBIAN_HAS_FRONTEND:-}" ] && [ -r /usr/share/debconf/confmodule ]; then
        # shellcheck disable=SC1091
        (
            . /usr/share/debconf/confmodule
            # With it, \n in a value starts a line.
            db_capb escape
            db_subst xenseed/stopped PROBLEM "$problem"
            db_subst xenseed/stopped SAW "$saw"
            db_subst xenseed/stopped KNEW "$(known)"
            db_fset xenseed/stopped seen false
            # A frontend that shows nothing must not make this a busy loop.
            db_input critical xenseed/stopped || sleep 30
            db_go
            db_capb
        ) || sleep 30
        return 0
    fi
    printf 'xenseed: %s. This machine has:\n%b\nThe lab {{domain}} has:\n%b\n' "$problem" "$saw" "$(known)" >&2
    return 1
}

mkdir -p $work
stage=${1:-}
case $stage in
    early)
        # With auto=true on the kernel command line, the installer would wait for a preseed from the network before it asks for
        # language and keyboard. The command line has been read by now: in jessie before /preseed.cfg, later after it (preseed 1.69).
        debconf-set auto-install/enable false >/dev/null 2>&1 || true
        register
        if find_node; then
            echo "xenseed: this machine is $node" >/dev/console
        else
            echo "xenseed: no node found yet" >/dev/console
        fi
        ;;
    wait)
        until find_node; do
            show || exit 1
        done
        ;;
    *)
        echo "usage: find-node.sh early | wait" >&2
        exit 2
        ;;
esac
