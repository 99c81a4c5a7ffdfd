#!/bin/sh
# Written by xenseed from the lab file; a change here is lost with the next build.
# hl.local: identifies the node of the lab that this machine is, in Debian's installer, and answers the installer's
# questions for it.
#
#   find-node.sh early   after each preseed (preseed/early_command): answers if the node can be identified already
#   find-node.sh wait    before the network is configured, as a step of the installer's menu: waits for the node
#
# A machine is a node if one of its network cards has a MAC address of the node, or its firmware has the serial number of
# the node (/xenseed/nodes). If the lab does not know the addresses of all cards of the node, a person has to confirm in the later
# step that the machine is the node and that the cards are the right ones. The same holds for the only node of which the lab knows
# neither an address nor the serial number, if the machine is none of the others. In the installer on a CD, the cards are not known in the early step; so only the later step
# shows problems, and searches again each time that the message is dismissed. Without a node, partman-auto/method is not
# set, and no answer erases anything. It runs under the installer's busybox ash, and may be run repeatedly.
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

# ---- identification ----

# Sets value to the first line of a kernel file without blanks at its ends. A backslash is special to debconf.
line() {
    value=
    [ ! -r "$1" ] || read -r value <"$1" || true
    case $value in
        *[!\ -~]* | *\\*) value=$(printf %s "$value" | tr -c ' -[]-~' '?') ;;
    esac
}

# Sets the identification of the machine: serial, macs (between blanks) and saw (for a person).
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
        # 0 is the permanent address of a card; others are random, set, or copied from another card.
        if [ "$kind" = 0 ]; then
            macs="$macs$value "
        else
            saw="$saw (not the permanent address)"
        fi
        saw="$saw\n"
    done
    [ -n "$saw" ] || saw='no network card\n'
    saw="${saw}serial number: ${serial:-none}"
}

# Sets the matching nodes: found (names between blanks), why (for a person) and count; and the nodes of which the lab knows nothing:
# open (names between blanks) and open_count.
match() {
    found=' '
    why=
    count=0
    open=' '
    open_count=0
    while read -r name list number; do
        case $name in
            '' | '#'*) continue ;;
        esac
        reason=
        known_cards=
        rest=$list,
        while [ -n "$rest" ]; do
            mac=${rest%%,*}
            rest=${rest#*,}
            case $mac in
                *=*) ;;
                *) known_cards=yes ;;
            esac
            # A virtual machine of the lab has the address in place of the unknown one.
            mac=${mac#*=}
            case $macs in
                *" $mac "*) reason="$reason $mac" ;;
            esac
        done
        if [ -z "$known_cards$number" ]; then
            open="$open$name "
            open_count=$((open_count + 1))
        fi
        [ -z "$number" ] || [ "$number" != "$serial" ] || reason="$reason $number"
        [ -n "$reason" ] || continue
        found="$found$name "
        why="$why${why:+, }$name by$reason"
        count=$((count + 1))
    done <$table
}

# ---- unknown cards ----

# The MAC addresses of the cards that are not in a list of the table, each with a blank, in the order of their PCI addresses.
free_cards() {
    for path in /sys/class/net/*; do
        line "$path/type"
        [ "$value" = 1 ] || continue
        line "$path/addr_assign_type"
        [ "${value:-0}" = 0 ] || continue
        line "$path/address"
        case ",$1," in
            *",$value,"* | *"=$value,"*) continue ;;
        esac
        # The last PCI address of the path is that of the card, also below a bridge; ~ sorts behind it.
        pci=$(readlink -f "$path/device" | sed -n 's,.*/\([0-9a-f]*:[0-9a-f]*:[0-9a-f]*\.[0-9a-f]*\).*,\1,p')
        echo "${pci:-~} ${path##*/} $value"
    done | sort | while read -r _ _ mac; do
        printf '%s ' "$mac"
    done
}

# Writes $work/assigned: for each unknown card of $node its name, the address in place of the unknown one, and the address of the
# card that it would be. Fails if the machine has too few cards.
assign() {
    : >$work/assigned
    rest=$(sed -n "s/^$node \([^ ]*\).*/\1/p" $table),
    free=$(free_cards "${rest%,}")
    while [ -n "$rest" ]; do
        entry=${rest%%,*}
        rest=${rest#*,}
        case $entry in
            *=*) ;;
            *) continue ;;
        esac
        case $macs in
            *" ${entry#*=} "*) continue ;;
        esac
        [ -n "$free" ] || return 1
        echo "${entry%%=*} ${entry#*=} ${free%% *}" >>$work/assigned
        free=${free#* }
    done
}

# Whether a person has confirmed the node and its cards; asks in the later step.
is_confirmed() {
    wanted="$node $(cat $work/assigned)"
    [ "$(cat $work/confirmed 2>/dev/null)" != "$wanted" ] || return 0
    [ "$stage" = wait ] && confirm || return 1
    echo "$wanted" >$work/confirmed
    say "somebody has confirmed that this machine is $why"
}

# Asks whether this machine is $node. Only a "yes" counts.
confirm() {
    [ -n "${DEBIAN_HAS_FRONTEND:-}" ] && [ -r /usr/share/debconf/confmodule ] || return 1
    cards=$(while read -r name _ mac; do printf '%s %s\\n' "$name" "$mac"; done <$work/assigned)
    # shellcheck disable=SC1091
    (
        . /usr/share/debconf/confmodule
        db_capb escape
        db_subst xenseed/confirm NODE "$node"
        db_subst xenseed/confirm WHY "$why"
        db_subst xenseed/confirm CARDS "$cards"
        db_subst xenseed/confirm SAW "$saw"
        db_set xenseed/confirm false
        db_fset xenseed/confirm seen false
        db_input critical xenseed/confirm || exit 1
        db_go || exit 1
        db_get xenseed/confirm
        [ "$RET" = true ]
    )
}

# Sets preseed to the answers of $node, with the addresses of its cards. The late command reads $work/macs, too.
fill_in() {
    sed 's/^[^ ]* //' $work/assigned >$work/macs
    preseed=$nodes/$node/preseed.cfg
    [ -s $work/macs ] || return 0
    sed 's,\(.*\) \(.*\),s/\1/\2/,' $work/macs >$work/macs.sed
    sed -f $work/macs.sed "$preseed" >$work/preseed.cfg
    preseed=$work/preseed.cfg
}

# ---- answers ----

# The number of answers that the installer has (preseed.sh). A later preseed may have added some.
answers() {
    grep -c '' /var/lib/preseed/log 2>/dev/null
}

# Gives the answers of the node, and then its name, which a kernel parameter must not change. No other preseed is fetched
# after that. If the answers are set already, they are not set again, because that takes time.
answer() {
    [ "$(cat $work/answered 2>/dev/null)" != "$1 $(answers)" ] || return 0
    {
        echo "d-i netcfg/hostname string $1"
        echo "d-i netcfg/get_hostname string $1"
        echo "d-i preseed/file string"
        echo "d-i preseed/url string"
    } >$work/answers
    debconf-set-selections "$preseed" && debconf-set-selections $work/answers || return 1
    echo "$1 $(answers)" >$work/answered
}

# Whether the machine has the card that a preseed names, or has no card yet. If the card is missing, netcfg would use its
# address as the name of an interface.
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

# Sets problem if the machine can't be identified or the node can't be installed.
find_node() {
    look
    match
    guess=
    if [ $count -eq 0 ] && [ $open_count -eq 1 ]; then
        found=$open
        guess=yes
        count=1
    fi
    case $count in
        0) problem='This machine is not a node of the lab' ;;
        1)
            node=${found# }
            node=${node% }
            [ -z "$guess" ] || why="$node, the only node of which the lab knows neither a network card nor the serial number"
            if [ ! -r "$nodes/$node/preseed.cfg" ]; then
                problem="This machine is $node, but $nodes/$node/preseed.cfg is missing"
            elif ! assign; then
                problem="This machine may be $why, but has fewer network cards than $node"
            elif [ -s $work/assigned ] && ! is_confirmed; then
                problem="This machine may be $why, but nobody has confirmed it"
            elif ! fill_in || ! has_install_card "$preseed"; then
                problem="This machine is $why, but has no network card $card, with which $node is installed"
            elif answer "$node"; then
                problem=
                say "this machine is $why"
            else
                problem="This machine is $node, but $nodes/$node/preseed.cfg can't be read"
            fi
            ;;
        *) problem="This machine matches $count nodes of the lab: $why" ;;
    esac
    [ -n "$problem" ] || return 0
    say "$problem; it has $(printf %b "$saw" | tr '\n' ' ')"
    # Another preseed may have set the method; without it, nothing is erased without a question.
    debconf-set partman-auto/method '' >/dev/null 2>&1 || true
    return 1
}

# ---- the later step ----

# Adds an unconfigured package to the installer's list: main-menu configures packages in the order of their numbers, this
# one after ethdetect (1700) and before netcfg (1800).
register() {
    debconf-loadtemplate xenseed /xenseed/find-node.templates || say "no templates"
    if ! grep -q '^Package: xenseed$' $status; then
        printf 'Package: xenseed\nStatus: install ok unpacked\nVersion: 1\nDescription: find the node\n' >>$status
        printf 'Installer-Menu-Item: 1750\n\n' >>$status
    fi
    # confmodule uses the frontend of main-menu.
    printf '#!/bin/sh\n. /usr/share/debconf/confmodule\nexec sh %s wait\n' "$0" >$info/xenseed.postinst
    chmod 755 $info/xenseed.postinst
}

# The nodes of the lab, for a person; at most 16.
known() {
    grep -v '^#' $table | head -n 16 | while read -r name list number; do
        list=$(echo "$list" | sed 's/=[0-9a-f:]*/ unknown/g')
        printf '%s %s%s\\n' "$name" "$list" "${number:+, serial number $number}"
    done
    total=$(grep -c -v '^#' $table)
    [ "$total" -le 16 ] || printf 'and %s more' $((total - 16))
}

# Only debconf may write to the installer's screen. Without a frontend (in a rescue shell), standard error is used.
show() {
    if [ -n "${DEBIAN_HAS_FRONTEND:-}" ] && [ -r /usr/share/debconf/confmodule ]; then
        # shellcheck disable=SC1091
        (
            . /usr/share/debconf/confmodule
            # With this capability, \n in a value begins a new line.
            db_capb escape
            db_subst xenseed/stopped PROBLEM "$problem"
            db_subst xenseed/stopped SAW "$saw"
            db_subst xenseed/stopped KNEW "$(known)"
            db_fset xenseed/stopped seen false
            # If the frontend shows nothing, this prevents a busy loop.
            db_input critical xenseed/stopped || sleep 30
            db_go
            db_capb
        ) || sleep 30
        return 0
    fi
    printf 'xenseed: %s. This machine has:\n%b\nThe lab hl.local has:\n%b\n' "$problem" "$saw" "$(known)" >&2
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
            echo "xenseed: the node is not identified yet" >/dev/console
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
