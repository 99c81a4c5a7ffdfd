#!/bin/sh
# Written by xenseed; the same on every node, so it is changed in xenseed and not here.
# Checks that this Xen dom0 is what its lab file asked for, as written down in
# /etc/xenseed/expect, and leaves the result in /var/lib/xenseed/report.json.
#
# Output, one line per assertion (the text of SEEN starts in no fixed column,
# the name of the assertion always in column seven):
#
#   ok    NAME: saw SEEN
#   WARN  NAME: saw SEEN, asked ASKED
#   FAIL  NAME: saw SEEN, asked ASKED
#
# and last "xenseed-verify: NODE: N ok, M failed". WARN is an assertion that
# holds again after a restart of the node: something was upgraded and the old one
# still runs. It counts as ok, and the last line then ends in ", restart needed".
# Whatever is not printable ASCII is shown as "?"; the JSON report has it escaped.
# Exit status: 0 all ok, 1 something failed, 2 could not run or could not report,
# 3 all ok, but a restart is needed.
#
# It runs after every boot, once a day, and after apt has changed packages. From
# the second run since boot on, the console shows only what is not ok, and the
# server gets the report and, when the outcome changed, one progress line.
#
# /etc/xenseed/expect holds one assertion a line. Words are parted by blanks or
# tabs, empty lines and lines with "#" in column one are passed over; a line
# that is not in this list is a failure, never skipped:
#
#   report HOST PORT [PATH]              no assertion: an HTTP server that takes progress and report
#   hostname NAME                        what `hostname` prints
#   xen-version NUMBERS                  leading numbers of MAJOR.MINOR: 4 or 4.17, not 4.1
#   xen-option OPTION                    a word of the running hypervisor's command line
#   dom0-memory MIB                      Domain-0 in `xl list`, see memory_slack
#   dom0-vcpus COUNT                     Domain-0 in `xl list`
#   dom0-pinned yes|no                   each dom0 vcpu may run on one cpu only, or none is so tied
#   total-memory MIB                     the machine's memory, see check_memory
#   card INTERFACE MAC                   the interface is the card with this permanent address
#   volume GROUP/NAME MIB                the size of a logical volume, see volume_slack; guests have the rest of the group
#   address INTERFACE ADDRESS/LENGTH     the interface has this IPv4 address
#   bridge BRIDGE PORT=MAC...            the bridge is up, and has the cards with these permanent
#                                        addresses as ports of these names (and maybe guests')
#   lease BRIDGE [ADDRESS]               has an IPv4 address that is not link-local: any, or this one
#   default-route INTERFACE|none         the only IPv4 default route
#   diversion FILE TARGET                dpkg diverts FILE to TARGET, and TARGET is there
#   grub-first xen                       grub.cfg's first entry loads Xen with every xen-option
#   toolstack NAME                       TOOLSTACK of /etc/default/xen, or what stands in for it
#   xendomains VARIABLE=[VALUE]          of /etc/default/xendomains; unset is the same as empty
#   current grub                         grub.cfg's first entry loads the newest hypervisor and the newest
#                                        kernel for dom0 in /boot, and the initramfs of that kernel
#   current xen|kernel                   what runs is the build that the newest file in /boot holds
#   time-service SERVER...               systemd-timesyncd is enabled and active, and asks these servers
#
# That Xen runs and that `xl info` answers is checked always.
#
# How far it is, is said on the console (with --console) and to that server, in the lines that the installer's
# late-command.sh describes. A server that is not there delays the end by ten seconds a line, and nothing else.
#
# For tests, XENSEED_ROOT is put in front of every path read or written here,
# and commands are looked up in PATH.

set -uf
LC_ALL=C
PATH=${PATH:-/bin}:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
umask 022
exec </dev/null

# MiB by which Domain-0 may be smaller than dom0_mem: xl rounds down, and the
# kernel gives a few MiB of pages it cannot use back to Xen at boot. It may not
# be larger: "max:" is a limit.
memory_slack=16

# MiB by which a logical volume may be larger or smaller: the installer counts
# in megabytes, and LVM in extents of 4 MiB.
volume_slack=16

root=${XENSEED_ROOT:-}
expect=$root/etc/xenseed/expect
console=
wait_for=0
passed=0
failed=0
restarts=0
checks=

usage() {
    cat <<'USAGE'
usage: xenseed-verify [--console] [--wait SECONDS]
       xenseed-verify --help

Checks this dom0 against /etc/xenseed/expect: one line per assertion on
standard output, a report in /var/lib/xenseed/report.json.

  --console        write the lines to /dev/console too
  --wait SECONDS   first wait so long for xl to answer and for DHCP leases

Exit status: 0 all ok, 1 something failed, 2 could not run or could not report,
3 all ok, but a restart of this machine is needed.
USAGE
}

complain() {
    printf 'xenseed-verify: %s\n' "$1" >&2
}

# ---- text ----

# is_number TEXT: a positive decimal number that shell arithmetic can take
is_number() {
    case $1 in
    '' | 0* | *[!0-9]* | ??????????*) return 1 ;;
    esac
}

# is_interface TEXT: may be a network interface's name, and a path component
is_interface() {
    case $1 in
    '' | . | .. | *[!A-Za-z0-9_.:-]*) return 1 ;;
    esac
}

is_variable() {
    case $1 in
    '' | [0-9]* | *[!A-Za-z0-9_]*) return 1 ;;
    esac
}

has_equals() {
    case $1 in
    *=*) return 0 ;;
    esac
    return 1
}

# has_word WORDS WORD
has_word() {
    case " $1 " in
    *" $2 "*) return 0 ;;
    esac
    return 1
}

# joined: the lines of standard input as one, with commas
joined() {
    paste -s -d , - | sed 's/,/, /g'
}

printable() {
    case $1 in
    *[!\ -~]*) printf '%s' "$1" | tr -c ' -~' '?' ;;
    *) printf '%s' "$1" ;;
    esac
}

# json TEXT: as a JSON string. A byte outside of ASCII becomes the character of
# the same number, so that the report is valid whatever was read.
json() {
    case $1 in
    *[!\ -~]* | *\"* | *\\*)
        printf '%s' "$1" | od -An -v -tx1 | awk '
            BEGIN {
                for (i = 32; i < 127; i++) text[sprintf("%02x", i)] = sprintf("%c", i)
                text["22"] = "\\\""
                text["5c"] = "\\\\"
                printf "\""
            }
            { for (i = 1; i <= NF; i++) printf "%s", ($i in text) ? text[$i] : "\\u00" $i }
            END { printf "\"" }'
        ;;
    *) printf '"%s"' "$1" ;;
    esac
}

json_or_null() {
    if [ -n "$1" ]; then json "$1"; else printf null; fi
}

# ---- results ----

# say TEXT [ok]: on standard output and, unless it was shown since boot and is ok, on the console
say() {
    printf '%s\n' "$1"
    [ "$again${2:-}" = yesok ] || show "$1"
}

# show TEXT: on the console, when that is wanted
show() {
    # Opened for each line: a getty that starts meanwhile hangs up the console.
    [ -z "$console" ] || { printf '%s\r\n' "$1" >>"$root/dev/console"; } 2>/dev/null || :
}

# post PATH CONTENT: to the lab's server. bash, which every Debian has, can open a connection; wget or nc may not be there.
post() {
    [ -n "$server" ] || return 0
    # shellcheck disable=SC2016
    printf '%s\n' "$2" | "$timeout" 10 bash -c '
        read -r host port path <<<"$1"
        body=$(cat; echo .)
        body=${body%.}
        exec 3<>"/dev/tcp/$host/$port" || exit
        printf "POST %s HTTP/1.0\r\nHost: %s\r\nContent-Length: %s\r\n\r\n%s" "$path$2" "$host" "${#body}" "$body" >&3
        cat <&3' post "$server" "$1" \
        >/dev/null 2>&1 || :
}

# progress STAGE STEP STATUS [MESSAGE]
progress() {
    [ -n "$console$server" ] || return 0
    up=$(first_line "$root/proc/uptime")
    line=$(printable "xenseed/1 ${node%%.*} $1 $2 $3 ${up%% *} ${4:-}" | cut -c 1-250)
    show "$line"
    post /progress "$line"
}

# result true|false|restart NAME SEEN ASKED
result() {
    set -- "$1" "$2" "${3:-nothing}" "$4"
    ok=true
    restart=
    case $1 in
    true)
        passed=$((passed + 1))
        say "$(printable "ok    $2: saw $3")" ok
        ;;
    restart)
        passed=$((passed + 1))
        restarts=$((restarts + 1))
        restart=', "restart": true'
        say "$(printable "WARN  $2: saw $3, asked $4")"
        ;;
    *)
        ok=false
        failed=$((failed + 1))
        say "$(printable "FAIL  $2: saw $3, asked $4")"
        [ -n "$again" ] || progress verify "$(printf '%s' "$2" | tr ' ' -)" failed "saw $3, asked $4"
        ;;
    esac
    checks="$checks${checks:+,}
    {\"name\": $(json "$2"), \"ok\": $ok, \"seen\": $(json "$3"), \"asked\": $(json "$4")$restart}"
}

# equal NAME SEEN ASKED
equal() {
    if [ "$2" = "$3" ]; then result true "$@"; else result false "$@"; fi
}

# listed NAME SEEN ASKED: ASKED is one of the lines of SEEN
listed() {
    seen=$(printf '%s\n' "$2" | joined)
    if printf '%s\n' "$2" | grep -Fqx -e "$3"; then
        result true "$1" "$seen" "$3"
    else
        result false "$1" "$seen" "$3"
    fi
}

# megabytes NAME SEEN ASKED SLACK
megabytes() {
    if ! is_number "$2"; then
        result false "$1" "$2" "$3 MiB"
    elif [ "$2" -le "$3" ] && [ "$2" -ge $(($3 - $4)) ]; then
        result true "$1" "$2 MiB" "$3 MiB"
    else
        result false "$1" "$2 MiB" "$3 MiB"
    fi
}

# ---- the machine ----

first_line() {
    text=
    { IFS= read -r text <"$1"; } 2>/dev/null || :
    printf '%s' "$text"
}

# found COMMAND: its path. A shell that has ip, hostname and timeout of its own
# (busybox) would otherwise not look into PATH for them.
found() (
    IFS=:
    for directory in $PATH; do
        if [ -f "$directory/$1" ] && [ -x "$directory/$1" ]; then
            printf '%s' "$directory/$1"
            exit
        fi
    done
    printf '%s' "$1"
)

# xl may wait for a xenstore that never comes.
ask_xl() {
    "$timeout" 60 "$xl" "$@" 2>/dev/null
}

ask_ip() {
    "$ip" -o -4 "$@" 2>/dev/null
}

own_name() {
    "$hostname" 2>/dev/null
}

# info NAME: that field of `xl info`
info() {
    printf '%s\n' "$xl_info" | sed -n "s/^$1[[:blank:]]*:[[:blank:]]*//p" | sed 's/[[:blank:]]*$//; 1q'
}

# addresses INTERFACE
addresses() {
    ask_ip addr show | awk -v interface="$1" '$2 == interface && $3 == "inet" { print $4 }'
}

# leases INTERFACE: addresses that may have come by DHCP
leases() {
    addresses "$1" | sed '/^169\.254\./d'
}

is_up() {
    case $(first_line "$root/sys/class/net/$1/flags") in
    0x*[13579bdfBDF]) ;;
    *) return 1 ;;
    esac
    case $(first_line "$root/sys/class/net/$1/operstate") in
    up | unknown) ;;
    *) return 1 ;;
    esac
}

# entries DIRECTORY PATTERN: the names in it that match
entries() {
    set +f
    for path in "$root$1"/$2; do
        if [ -e "$path" ] || [ -L "$path" ]; then printf '%s\n' "${path##*/}"; fi
    done
    set -f
}

# permanent INTERFACE: the address that the card was made with, which is the one
# that the lab names; its present one may have been changed, by bonding for
# example. The kernel tells it for a port of a bond (since Linux 3.14), and
# iproute2 since 5.6 shows it for other cards where the two differ.
permanent() {
    text=$(first_line "$root/sys/class/net/$1/bonding_slave/perm_hwaddr")
    [ -n "$text" ] || text=$(printf '%s\n' "$links" | awk -v name="$1" '{
        sub(/:$/, "", $2)
        sub(/@.*/, "", $2)
        if ($2 != name) next
        for (i = 3; i < NF; i++) if ($i == "permaddr") print $(i + 1)
    }')
    [ -n "$text" ] || text=$(first_line "$root/sys/class/net/$1/address")
    printf '%s' "$text"
}

# ports BRIDGE: NAME=MAC for each
ports() {
    for port in $(entries "/sys/class/net/$1/brif" '*'); do
        printf '%s=%s\n' "$port" "$(permanent "$port")"
    done
}

# modules: the memory modules in the firmware's list (SMBIOS, "System memory" of
# type 16 and the modules of type 17 in it; DSP0134, 7.17 and 7.18): their number,
# their sum in MiB and the smallest in MiB. Nothing where there is no such list.
# Linux has all of the list in one file since 4.2, before that a file for each entry.
modules() {
    tables=$root/sys/firmware/dmi/tables/DMI
    if [ ! -r "$tables" ]; then
        tables=$(entries /sys/firmware/dmi/entries '1[67]-*' | sed "s,.*,$root/sys/firmware/dmi/entries/&/raw,")
    fi
    [ -n "$tables" ] || return 0
    # shellcheck disable=SC2086
    cat $tables 2>/dev/null | od -An -v -tu1 | awk '
        { for (i = 1; i <= NF; i++) byte[size++] = $i }
        function word(at) { return byte[at] + 256 * byte[at + 1] }
        END {
            at = 0
            while (at + 4 <= size && byte[at + 1] >= 4) {
                if (byte[at] == 16 && byte[at + 1] >= 15 && byte[at + 5] == 3) system_memory[word(at + 2)] = 1
                if (byte[at] == 17 && byte[at + 1] >= 21) module[found++] = at
                if (byte[at] == 127) break
                at += byte[at + 1]
                while (at + 1 < size && (byte[at] || byte[at + 1])) at++
                at += 2
            }
            for (i = 0; i < found; i++) {
                at = module[i]
                if (!(word(at + 4) in system_memory)) continue
                mib = word(at + 12)
                if (mib == 65535) continue
                if (mib == 32767 && byte[at + 1] >= 32) mib = word(at + 28) + 65536 * (word(at + 30) % 32768)
                else if (mib >= 32768) mib = int((mib - 32768) / 1024)
                if (!mib) continue
                count++
                sum += mib
                if (!least || mib < least) least = mib
            }
            if (count) print count, sum, least
        }'
}

# strings: the printable texts on standard input, one a line
strings() {
    tr -c ' -~' '\n'
}

# newest PATTERN: the file in /boot of the highest version, of those whose names
# match; for kernels only those that can be dom0, as 20_linux_xen chooses them.
newest() {
    entries /boot "$1" | while read -r name; do
        case $name in
        *.dpkg-* | *.efi | *.config | *.map) continue ;;
        vmlinuz-*)
            grep -Eqsx 'CONFIG_XEN_(DOM0|PRIVILEGED_GUEST)=y' "$root/boot/config-${name#vmlinuz-}" || continue
            ;;
        esac
        printf '%s\n' "$name"
    done | sort -V | tail -n 1
}

# sourced FILE VARIABLE: the value a clean sh has for it after reading the file.
# Init scripts read these two files in the same way; nothing else of what is
# read here is ever run.
sourced() {
    [ -r "$1" ] || return 1
    # shellcheck disable=SC2016
    env -i PATH="$PATH" sh -c 'set -a; . "$1" >/dev/null 2>&1; exec printenv "$2"' sh "$1" "$2" 2>/dev/null
}

# default_toolstack: what stands in for an unset TOOLSTACK. Jessie's wrapper
# takes xm where it is installed; bookworm knows nothing but xl.
default_toolstack() {
    set +f
    for tool in "$root"/usr/lib/xen-*/bin/xm; do
        if [ -e "$tool" ]; then printf xm; set -f; return; fi
    done
    set -f
    [ ! -x "$xl" ] || printf xl
}

# first_entry: lines about grub.cfg's first entry: menuentry or submenu, its
# title, the words of the line that loads a hypervisor, then the names of the
# files that it loads as modules
first_entry() {
    awk '
        !inside && /^[ \t]*(menuentry|submenu)[ \t]/ {
            inside = 1
            title = $0
            sub(/^[^\047"]*[\047"]/, "", title)
            sub(/[\047"].*$/, "", title)
            print $1
            print title
            if ($1 == "submenu") exit
            next
        }
        inside && /^[ \t]*[}]/ { exit }
        inside && $1 ~ /^(multiboot|multiboot2|xen_hypervisor)$/ && $2 ~ /(^|\/)xen[^\/]*$/ {
            $1 = $1
            print
            loaded = 1
            next
        }
        loaded && $1 ~ /^(module|module2|xen_module)$/ {
            name = ($2 == "--nounzip") ? $3 : $2
            sub(/^.*\//, "", name)
            print name
        }' "$root/boot/grub/grub.cfg" 2>/dev/null
}

# asked KEYWORD: the first value of each such line of the expect file
asked() {
    awk -v keyword="$1" '$1 == keyword { print $2 }' "$expect"
}

# ---- assertions ----

check_xen() {
    if grep -qs control_d "$root/proc/xen/capabilities"; then
        result true xen-running control_d control_d
    else
        result false xen-running "" control_d
    fi
    version=$(info xen_version)
    if [ -n "$version" ]; then
        result true xl-info "Xen $version" "an answer"
    else
        result false xl-info "" "an answer"
    fi
}

check_version() {
    seen=$(info xen_major).$(info xen_minor)
    case $seen. in
    .. | .*) result false xen-version "" "$1" ;;
    "$1".*) result true xen-version "$seen" "$1" ;;
    *) result false xen-version "$seen" "$1" ;;
    esac
}

check_option() {
    words=$(info xen_commandline)
    key=${1%%=*}
    if has_word "$words" "$1"; then
        result true "xen-option $key" "$1" "$1"
    else
        seen=
        for word in $words; do
            if [ "${word%%=*}" = "$key" ]; then seen="$seen${seen:+ }$word"; fi
        done
        result false "xen-option $key" "$seen" "$1"
    fi
}

# dom0_column N: of Domain-0's line of `xl list`
dom0_column() {
    ask_xl list 0 | awk -v column="$1" '$2 == "0" { print $column; exit }'
}

# Rows are "Name ID VCPU CPU State Time(s)" and then the affinity: "0" or "any
# cpu" in Xen 4.4; later hard and soft, as in "0 / all" or "all / all". On a
# machine with one cpu Xen says the same whether dom0 is pinned or not.
check_pinned() {
    seen=$(ask_xl vcpu-list 0 | awk -v cpus="$(info nr_cpus)" -v asked="$1" '
        $2 == "0" && $3 ~ /^[0-9]+$/ {
            hard = $7
            for (i = 8; i <= NF && $i != "/"; i++) hard = hard " " $i
            if (hard ~ /^[0-9]+$/) { tied++; hard = "cpu " hard }
            else if (hard == "all" || hard == "any cpu") hard = (cpus == 1) ? "the only cpu" : "any cpu"
            else hard = "cpus " hard
            list = list (count++ ? ", " : "") "vcpu " $3 " on " hard
        }
        END {
            if (!count) exit
            if (cpus == 1) verdict = asked
            else verdict = (tied == count) ? "yes" : tied ? "partly" : "no"
            print verdict " (" list ")"
        }')
    case $seen in
    "$1 "*) result true dom0-pinned "$seen" "$1" ;;
    *) result false dom0-pinned "$seen" "$1" ;;
    esac
}

check_volume() {
    seen=$("$timeout" 60 "$lvs" --noheadings --nosuffix --units m -o lv_size "$1" 2>/dev/null | sed 's/^ *//; s/[.,].*//')
    good=false
    if is_number "$seen"; then
        if [ "$seen" -ge $(($2 - volume_slack)) ] && [ "$seen" -le $(($2 + volume_slack)) ]; then good=true; fi
        seen="$seen MiB"
    fi
    result "$good" "volume $1" "$seen" "$2 MiB"
}

check_address() {
    if [ -d "$root/sys/class/net/$1" ]; then
        listed "address $1" "$(addresses "$1")" "$2"
    else
        result false "address $1" "no such interface" "$2"
    fi
}

check_card() {
    if [ ! -d "$root/sys/class/net/$1" ]; then
        result false "card $1" "no such interface" "$2"
        return
    fi
    seen=$(permanent "$1")
    if [ "$seen" != "$2" ]; then
        # Bridges and VLANs have the address of their port; a card has a device.
        for other in $(entries /sys/class/net '*'); do
            if [ -e "$root/sys/class/net/$other/device" ] && [ "$(permanent "$other")" = "$2" ]; then
                seen="$seen ($2 is $other)"
            fi
        done
    fi
    equal "card $1" "$seen" "$2"
}

# Xen counts the memory that the firmware leaves to it. Healthy machines lack 0.2
# to 0.5 % of what their modules have, and up to 2.2 GiB more where a graphics
# adapter borrows memory (16 GiB: 16308 or 14234 MiB; 768 GiB: 785069 MiB).
#
# Where the firmware lists the modules, their sum has to be what was asked, and
# Xen may lack less than one module, and at most a quarter: so a module that is
# not there and one that the firmware has disabled are both noticed.
# Without that list Xen may lack a seventh, at most 2304 MiB, and 64 MiB and one
# part in 512 more. That is less than a module of 4 GiB; a missing module of
# 2 GiB in a machine that has eight or more is not noticed then.
check_memory() {
    seen=$(info total_memory)
    if ! is_number "$seen"; then
        result false total-memory "$seen" "$1 MiB"
        return
    fi
    lacks=$(($1 - seen))
    borrowed=$(($1 / 7))
    [ "$borrowed" -le 2304 ] || borrowed=2304
    limit=$((borrowed + 64 + $1 / 512))
    shown="$seen MiB"
    good=true
    list=$(modules)
    if [ -n "$list" ]; then
        asked=$1
        # shellcheck disable=SC2086
        set -- $list
        # A list that has less than Xen found is wrong, as on some virtual machines.
        if [ "$2" -ge "$seen" ]; then
            shown="$seen MiB of $2 MiB in $1 module$([ "$1" = 1 ] || echo s)"
            [ "$2" = "$asked" ] || good=false
            limit=$((asked / 4))
            [ "$limit" -lt "$3" ] || limit=$(($3 - 1))
        fi
        set -- "$asked"
    fi
    if [ "$lacks" -lt 0 ] || [ "$lacks" -gt "$limit" ]; then good=false; fi
    result "$good" total-memory "$shown" "$1 MiB"
}

check_bridge() {
    bridge=$1
    shift
    if [ ! -d "$root/sys/class/net/$bridge/bridge" ]; then
        result false "bridge $bridge" "no such bridge" "up with $*"
        return
    fi
    present=$(ports "$bridge" | paste -s -d ' ' -)
    state=up
    is_up "$bridge" || state=down
    good=true
    [ "$state" = up ] || good=false
    for port in "$@"; do
        has_word "$present" "$port" || good=false
    done
    result "$good" "bridge $bridge" "$state with ${present:-no port}" "up with $*"
}

check_lease() {
    seen=$(leases "$1")
    if [ $# -gt 1 ]; then
        listed "lease $1" "$(printf '%s\n' "$seen" | sed 's,/.*,,')" "$2"
    elif [ -n "$seen" ]; then
        result true "lease $1" "$(printf '%s\n' "$seen" | joined)" "an address"
    else
        result false "lease $1" "" "an address"
    fi
}

check_route() {
    routes=$(ask_ip route show | awk '
        $1 == "default" {
            via = ""
            for (i = 2; i < NF; i++) {
                if ($i == "via") via = " via " $(i + 1)
                if ($i == "dev") print $(i + 1) via
            }
        }')
    devices=$(printf '%s\n' "${routes:-none}" | sed 's/ .*//')
    seen=$(printf '%s\n' "${routes:-none}" | joined)
    if [ "$devices" = "$1" ]; then
        result true default-route "$seen" "$1"
    else
        result false default-route "$seen" "$1"
    fi
}

check_diversion() {
    seen=$("$divert" --truename "$1" 2>/dev/null)
    if [ "$seen" = "$1" ]; then
        seen="no diversion"
    elif [ "$seen" = "$2" ] && [ ! -e "$root$2" ]; then
        seen="$2, which is not there"
    fi
    equal "diversion $1" "$seen" "$2"
}

check_grub() {
    options=$(asked xen-option | paste -s -d ' ' -)
    entry=$(first_entry)
    title=$(printf '%s\n' "$entry" | sed -n 2p)
    words=$(printf '%s\n' "$entry" | sed -n 3p)
    missing=
    for option in $options; do
        has_word "$words" "$option" || missing="$missing $option"
    done
    wanted="xen${options:+ with $options}"
    case $entry in
    '') result false grub-first "no entry" "$wanted" ;;
    submenu*) result false grub-first "submenu $title" "$wanted" ;;
    *)
        if [ -z "$words" ]; then
            result false grub-first "$title, without a hypervisor" "$wanted"
        elif [ -n "$missing" ]; then
            result false grub-first "$title, without$missing" "$wanted"
        else
            result true grub-first "$title" "$wanted"
        fi
        ;;
    esac
}

# loaded_files: from the first entry, the hypervisor and its modules
loaded_files() {
    entry=$(first_entry)
    printf '%s\n' "$entry" | sed -n '3{s/^[^ ]* //;s/ .*//;s,.*/,,;p;}'
    printf '%s\n' "$entry" | sed 1,3d
}

check_current_grub() {
    loaded=$(loaded_files)
    if [ -z "$loaded" ]; then
        result false "current grub" "" "the newest installed"
        return
    fi
    xen=$(newest 'xen-[0-9]*')
    kernel=$(newest 'vmlinuz-*')
    shown=$(printf '%s\n' "$loaded" | joined)
    good=true
    for wanted in "${xen:-hypervisor}" "${kernel:-kernel for dom0}" "initrd.img-${kernel#vmlinuz-}"; do
        if [ ! -e "$root/boot/$wanted" ]; then
            good=false
            shown="$shown; no $wanted in /boot"
        elif ! printf '%s\n' "$loaded" | grep -Fqx -e "$wanted"; then
            good=false
            shown="$shown; not $wanted"
        fi
    done
    result "$good" "current grub" "$shown" "the newest installed"
}

# The image has the text of `xl info`'s cc_compile_date, which is another for
# each build; the version need not be.
check_current_xen() {
    built=$(info cc_compile_date)
    xen=$(newest 'xen-[0-9]*')
    if [ -z "$built" ]; then
        result false "current xen" "" "the installed build"
    elif [ -z "$xen" ]; then
        result false "current xen" "no hypervisor in /boot" "the installed build"
    elif { gzip -dc "$root/boot/$xen" || cat "$root/boot/$xen"; } 2>/dev/null | strings | grep -Fqx -e "$built"; then
        result true "current xen" "$xen of $built" "the installed build"
    else
        result restart "current xen" "Xen $(info xen_version) of $built, and another $xen" "the installed build"
    fi
}

# The image begins with what /proc/version says: release, (builder), version
# (Documentation/x86/boot: kernel_version). The release alone stays the same
# through security updates.
check_current_kernel() {
    release=$(first_line "$root/proc/sys/kernel/osrelease")
    version=$(first_line "$root/proc/sys/kernel/version")
    kernel=$(newest 'vmlinuz-*')
    installed=$(head -c 65536 "$root/boot/${kernel:-none}" 2>/dev/null | strings | grep ') #[0-9]' | sed 1q)
    installed=${installed##*) }
    if [ -z "$kernel" ] || [ -z "$release" ]; then
        result false "current kernel" "${kernel:-no kernel for dom0 in /boot}" "the installed build"
    elif [ "$kernel" = "vmlinuz-$release" ] && [ "${installed:-$version}" = "$version" ]; then
        result true "current kernel" "$release $version" "the installed build"
    else
        result restart "current kernel" "$release $version, and $kernel is ${installed:-newer}" "the installed build"
    fi
}

# Servers come from timesyncd.conf, then from the files beside it, in the order of
# their names; an empty line takes away what came before. systemd 215 reads the
# first file only, and calls them Servers.
check_time() {
    servers=$({
        cat "$root/etc/systemd/timesyncd.conf"
        for name in $(entries /etc/systemd/timesyncd.conf.d '*.conf'); do
            cat "$root/etc/systemd/timesyncd.conf.d/$name"
        done
    } 2>/dev/null | awk '
        /^[ \t]*(NTP|Servers)[ \t]*=/ {
            sub(/^[^=]*=/, "")
            list = /[^ \t]/ ? list " " $0 : ""
        }
        END {
            $0 = list
            $1 = $1
            print
        }')
    state=$("$systemctl" show -p ActiveState -p UnitFileState systemd-timesyncd.service 2>/dev/null)
    active=$(printf '%s\n' "$state" | sed -n 's/^ActiveState=//p')
    enabled=$(printf '%s\n' "$state" | sed -n 's/^UnitFileState=//p')
    equal time-service "${active:-not there}, ${enabled:-not enabled}, ${servers:-no server}" "active, enabled, $*"
}

check_toolstack() {
    seen=$(sourced "$root/etc/default/xen" TOOLSTACK) || :
    equal toolstack "${seen:-$(default_toolstack)}" "$1"
}

check_xendomains() {
    file=$root/etc/default/xendomains
    variable=${1%%=*}
    if [ -r "$file" ]; then
        equal "xendomains $variable" "$variable=$(sourced "$file" "$variable")" "$1"
    else
        result false "xendomains $variable" "no /etc/default/xendomains" "$1"
    fi
}

# misread GRAMMAR: the line of the expect file is not like that
misread() {
    result false "expect line $number" "$line" "$1"
}

# judge WORD...: one line of the expect file; $line and $number are it as a whole
judge() {
    keyword=$1
    shift
    case $keyword in
    report) ;;
    hostname)
        if [ $# -eq 1 ]; then equal hostname "$(own_name)" "$1"
        else misread "hostname NAME"; fi
        ;;
    xen-version)
        if [ $# -eq 1 ]; then check_version "$1"
        else misread "xen-version NUMBERS"; fi
        ;;
    xen-option)
        if [ $# -eq 1 ]; then check_option "$1"
        else misread "xen-option OPTION"; fi
        ;;
    dom0-memory)
        if [ $# -eq 1 ] && is_number "$1"; then megabytes dom0-memory "$(dom0_column 3)" "$1" "$memory_slack"
        else misread "dom0-memory MIB"; fi
        ;;
    dom0-vcpus)
        if [ $# -eq 1 ] && is_number "$1"; then equal dom0-vcpus "$(dom0_column 4)" "$1"
        else misread "dom0-vcpus COUNT"; fi
        ;;
    dom0-pinned)
        if [ "$*" = yes ] || [ "$*" = no ]; then check_pinned "$1"
        else misread "dom0-pinned yes|no"; fi
        ;;
    total-memory)
        if [ $# -eq 1 ] && is_number "$1"; then check_memory "$1"
        else misread "total-memory MIB"; fi
        ;;
    volume)
        if [ $# -eq 2 ] && is_number "$2"; then check_volume "$1" "$2"
        else misread "volume GROUP/NAME MIB"; fi
        ;;
    address)
        if [ $# -eq 2 ] && is_interface "$1"; then check_address "$1" "$2"
        else misread "address INTERFACE ADDRESS/LENGTH"; fi
        ;;
    bridge)
        if [ $# -ge 2 ] && is_interface "$1"; then check_bridge "$@"
        else misread "bridge BRIDGE PORT=MAC..."; fi
        ;;
    card)
        if [ $# -eq 2 ] && is_interface "$1"; then check_card "$1" "$2"
        else misread "card INTERFACE MAC"; fi
        ;;
    current)
        case "$*" in
        grub) check_current_grub ;;
        xen) check_current_xen ;;
        kernel) check_current_kernel ;;
        *) misread "current grub|xen|kernel" ;;
        esac
        ;;
    time-service)
        if [ $# -ge 1 ]; then check_time "$@"
        else misread "time-service SERVER..."; fi
        ;;
    lease)
        if { [ $# -eq 1 ] || [ $# -eq 2 ]; } && is_interface "$1"; then check_lease "$@"
        else misread "lease BRIDGE [ADDRESS]"; fi
        ;;
    default-route)
        if [ $# -eq 1 ]; then check_route "$1"
        else misread "default-route INTERFACE|none"; fi
        ;;
    diversion)
        if [ $# -eq 2 ]; then check_diversion "$1" "$2"
        else misread "diversion FILE TARGET"; fi
        ;;
    grub-first)
        if [ "$*" = xen ]; then check_grub
        else misread "grub-first xen"; fi
        ;;
    toolstack)
        if [ $# -eq 1 ]; then check_toolstack "$1"
        else misread "toolstack NAME"; fi
        ;;
    xendomains)
        # A value may hold blanks, so it is taken from the line as it stands.
        value=$(printf '%s\n' "$line" | sed 's/^[[:blank:]]*xendomains[[:blank:]]*//; s/[[:blank:]]*$//')
        if has_equals "$value" && is_variable "${value%%=*}"; then check_xendomains "$value"
        else misread "xendomains VARIABLE=[VALUE]"; fi
        ;;
    *)
        misread "a known keyword"
        ;;
    esac
}

# ---- run ----

uptime_seconds() {
    seconds=$(first_line "$root/proc/uptime")
    seconds=${seconds%%.*}
    if is_number "$seconds"; then printf '%s' "$seconds"; else printf 0; fi
}

ready() {
    ask_xl info >/dev/null || return 1
    for interface in $(asked lease); do
        [ -n "$(leases "$interface")" ] || return 1
    done
}

write_report() {
    report=$root/var/lib/xenseed/report.json
    mkdir -p "${report%/*}" || return 1
    if printf '%s\n' "$1" >"$report.$$" && mv -f "$report.$$" "$report"; then return 0; fi
    rm -f "$report.$$"
    return 1
}

while [ $# -gt 0 ]; do
    case $1 in
    --console) console=yes ;;
    --wait)
        if [ $# -lt 2 ] || { [ "$2" != 0 ] && ! is_number "$2"; }; then
            complain "--wait takes a number of seconds"
            exit 2
        fi
        wait_for=$2
        shift
        ;;
    --help)
        usage
        exit 0
        ;;
    *)
        usage >&2
        exit 2
        ;;
    esac
    shift
done

if [ ! -f "$expect" ] || [ ! -r "$expect" ]; then
    complain "cannot read $expect"
    exit 2
fi

server=$(sed -n '/^report /{s///;p;q;}' "$expect")
timeout=$(found timeout)
xl=$(found xl)
lvs=$(found lvs)
ip=$(found ip)
hostname=$(found hostname)
divert=$(found dpkg-divert)
systemctl=$(found systemctl)

# What the last run since boot came to; /run does not outlive a boot.
last=$root/run/xenseed-verify
before=$(first_line "$last")
again=${before:+yes}

node=$(asked hostname | sed 1q)
node=${node:-$(own_name)}
if [ -z "$again" ]; then
    progress boot - ok
    progress verify - start
fi

began=$(uptime_seconds)
while [ "$wait_for" -gt 0 ] && ! ready; do
    sleep 2
    # An attempt may itself have taken long; the wall clock may be set meanwhile.
    after=$(uptime_seconds)
    spent=$((after - began))
    [ "$spent" -ge 2 ] || spent=2
    wait_for=$((wait_for - spent))
    began=$after
done

xl_info=$(ask_xl info)
links=$("$ip" -d -o link show 2>/dev/null)

check_xen
number=0
while IFS= read -r line <&3 || [ -n "$line" ]; do
    number=$((number + 1))
    case $line in
    '#'*) continue ;;
    esac
    # shellcheck disable=SC2086
    set -- $line
    if [ $# -gt 0 ]; then judge "$@"; fi
done 3<"$expect"

outcome=ok
summary="$passed ok, $failed failed"
if [ "$restarts" -gt 0 ]; then
    outcome=restart
    summary="$summary, restart needed"
fi
[ "$failed" -eq 0 ] || outcome=failed
say "$(printable "xenseed-verify: $node: $summary")" "${outcome#restart}"

content="{
  \"format\": 1,
  \"node\": $(json "$node"),
  \"release\": $(json_or_null "$(first_line "$root/etc/debian_version")"),
  \"kernel\": $(json_or_null "$(first_line "$root/proc/sys/kernel/osrelease")"),
  \"xen\": $(json_or_null "$(info xen_version)"),
  \"time\": \"$(date -u +%Y-%m-%dT%H:%M:%SZ)\",
  \"passed\": $passed,
  \"failed\": $failed,
  \"checks\": [$checks
  ]
}"
if ! write_report "$content"; then
    complain "cannot write $root/var/lib/xenseed/report.json"
    exit 2
fi
post /report "$content"
[ "$before" = "$outcome" ] || progress verify - "$outcome" "$summary"
mkdir -p "${last%/*}"
echo "$outcome" >"$last"
case $outcome in
ok) exit 0 ;;
restart) exit 3 ;;
*) exit 1 ;;
esac
