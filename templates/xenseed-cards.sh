#!/bin/sh
# Written by xenseed. xenseed-cards gives each network card the name that /etc/xenseed/cards has for its MAC address; each
# line there is a name and an address. xenseed-cards.service runs it before the network is configured, and again when a
# card is added later. After a card was replaced, change its address in that file.
#
# The kernel numbers cards in the order in which it finds them. udev can't correct that, because since version 216 it
# does not exchange names: renaming eth0 to eth1 fails while another card is still called eth1. So this script first gives
# a temporary name to every card that needs another name, and then the final one.
#
# A card is an interface with a device in /sys: VLANs, bridges and bonds have a card's address, but no device. A card that
# is not in the file keeps its name, except when the file gives that name to another card: then its name is enx and its
# address, as in the scheme of systemd.
#
# Exit status: 0 when each name in the file is on the card with its address, else 1; the reasons are on standard error.
set -u

# How long to wait for a card whose driver is slow (USB, firmware), in seconds.
patience=10

cards=$(sed 's/#.*//' /etc/xenseed/cards | while read -r name mac _; do
    [ -z "$mac" ] || echo "$name $mac" | tr 'A-F' 'a-f'
done)

# look: sets `found` to a line for each interface: index, name, MAC address or -, and `card` or `other`.
look() {
    found=$(ip -o link show | while read -r index name rest; do
        name=${name%:}
        name=${name%%@*}
        mac=-
        case $rest in
            *'link/ether '*)
                mac=${rest##*link/ether }
                mac=${mac%% *}
                ;;
        esac
        # The permanent address, if the current one differs: in a bond, all cards have the same current address.
        case $rest in
            *' permaddr '*)
                mac=${rest##* permaddr }
                mac=${mac%%[!0-9a-f:]*}
                ;;
        esac
        kind=other
        [ ! -e "/sys/class/net/$name/device" ] || kind=card
        echo "${index%:} $name $mac $kind"
    done)
}

# name_of INDEX: the name of the interface with that index.
name_of() {
    echo "$found" | sed -n "s/^$1 \([^ ]*\) .*/\1/p"
}

# card_with MAC NAME: the index of the card with the address. If there are two, the one that has the name, else the first.
card_with() {
    echo "$found" | {
        first=
        while read -r index name mac kind; do
            [ "$mac $kind" = "$1 card" ] || continue
            [ "$name" != "$2" ] || first=$index
            first=${first:-$index}
        done
        echo "$first"
    }
}

# missing: the names of the cards that the kernel has not found.
missing() {
    echo "$cards" | while read -r name mac; do
        [ -n "$(card_with "$mac" "$name")" ] || echo "$name"
    done
}

# plan: a line for each interface that is to be renamed: index, old name, new name.
plan() {
    echo "$cards" | {
        assigned=' '
        while read -r name mac; do
            index=$(card_with "$mac" "$name")
            [ -n "$index" ] || continue
            assigned="$assigned$index "
            old=$(name_of "$index")
            [ "$old" = "$name" ] || echo "$index $old $name"
        done
        echo "$found" | while read -r index name mac _; do
            case $assigned in
                *" $index "*) continue ;;
            esac
            if echo "$cards" | grep -q "^$name "; then
                [ "$mac" != - ] || mac=$index
                echo "$index $name enx$(echo "$mac" | tr -d :)"
            fi
        done
    }
}

# is_in_use NAME: whether the interface is configured already, or is a port of a bridge or bond.
is_in_use() {
    ifquery --state "$1" >/dev/null 2>&1 || [ -e "/sys/class/net/$1/master" ]
}

rename() {
    ip link set dev "$1" down
    # The new name may be one of the alternative names that systemd gives to a card.
    ip link property del dev "$2" altname "$2" 2>/dev/null
    ip link set dev "$1" name "$2"
}

# The names in a lab have only lower-case letters, so this is not one of them.
temporary() {
    echo "RENAMED$1"
}

udevadm settle --timeout=60
look
while [ $patience -gt 0 ] && [ -n "$(missing)" ]; do
    patience=$((patience - 1))
    sleep 1
    look
done

moves=$(plan)
if [ -n "$moves" ]; then
    echo "$moves" | while read -r index old new; do
        if is_in_use "$old"; then
            echo "$old is not renamed to $new, because it is in use" >&2
        else
            rename "$old" "$(temporary "$index")"
        fi
    done
    # udev has to process the temporary names before the final ones are set.
    udevadm settle --timeout=60
    echo "$moves" | while read -r index old new; do
        [ -e "/sys/class/net/$(temporary "$index")" ] || continue
        if rename "$(temporary "$index")" "$new"; then
            echo "$old is now $new"
        else
            echo "$old can't be renamed to $new, and is now $(temporary "$index")" >&2
        fi
    done
    udevadm settle --timeout=60
    look
fi

status=0
while read -r name mac; do
    [ -n "$name" ] || continue
    index=$(card_with "$mac" "$name")
    if [ -z "$index" ]; then
        echo "there is no card with the MAC address $mac, which should be $name" >&2
        status=1
    elif [ "$(name_of "$index")" != "$name" ]; then
        echo "the card with the MAC address $mac is $(name_of "$index") instead of $name" >&2
        status=1
    fi
    count=$(echo "$found" | grep -c " $mac card\$")
    if [ "$count" -gt 1 ]; then
        echo "$count cards have the MAC address $mac, so it is not certain which of them is $name" >&2
        status=1
    fi
done <<END
$cards
END
if [ $status -ne 0 ]; then
    echo "$found" | sed -n 's/^[0-9]* \([^ ]*\) \(.*\) card$/found: \1 \2/p' >&2
fi
exit $status
