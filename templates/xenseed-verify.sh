#!/bin/sh
# Written by xenseed, the same on every node; change it in xenseed, not here.
# Checks the assertions in /etc/xenseed/expect, which come from the lab file, on
# this Xen dom0, and writes a report to /var/lib/xenseed/report.json.
#
# Output, one line per assertion (the name always starts in column seven, SEEN in
# no fixed column):
#
#   ok    NAME: saw SEEN
#   WARN  NAME: saw SEEN, expected EXPECTED
#   FAIL  NAME: saw SEEN, expected EXPECTED
#
# and last "xenseed-verify: NODE: N ok, M failed". WARN is an assertion that will
# be met after a restart of the node: a program was upgraded, but the old version
# still runs. It counts as ok, and the last line then ends in ", restart needed".
# Bytes that are not printable ASCII are shown as "?" and escaped in the report.
# Exit status: 0 all ok, 1 a check failed, 2 could not run or could not report,
# 3 all ok, but a restart is needed.
#
# It runs after every boot, once a day, and after apt has changed packages. From
# the second run since boot on, the console shows only checks that are not ok, and
# the server gets the report and, if the result changed, one progress line.
#
# /etc/xenseed/expect has one assertion per line. Fields are separated by blanks or
# tabs; empty lines and lines with "#" in column one are ignored; a line that is
# not in this list is a failure:
#
#   report HOST PORT [PATH]              not an assertion: the HTTP server for progress and report
#   hostname NAME                        the output of `hostname`
#   xen-version NUMBERS                  leading numbers of MAJOR.MINOR: 4 or 4.17, not 4.1
#   xen-option OPTION                    an option on the running hypervisor's command line
#   dom0-memory MIB                      Domain-0 in `xl list`, see memory_slack
#   dom0-vcpus COUNT                     Domain-0 in `xl list`
#   dom0-pinned yes|no                   each dom0 vcpu may run on one cpu only, or none is pinned
#   total-memory MIB                     the machine's memory, see check_memory
#   card INTERFACE MAC                   the interface is the card with this permanent address
#   array MOUNTPOINT|GROUP|swap COUNT    the RAID array that has this is complete: COUNT members in step
#   boot-loader bios|uefi                each disk of the RAID that is there has the boot loader
#   group GROUP COUNT                    a volume group with COUNT disks, none of which is missing
#   volume GROUP/NAME MIB                the size of a logical volume, see volume_slack
#   address INTERFACE ADDRESS/LENGTH     the interface has this IPv4 address
#   bridge BRIDGE [PORT[=MAC]...]        the bridge is up, and has these ports, those with MAC being the
#                                        cards with these permanent addresses, and maybe those of guests
#   lease BRIDGE [ADDRESS]               has an IPv4 address that is not link-local: any, or this one
#   default-route INTERFACE|none         the only IPv4 default route
#   diversion FILE TARGET                dpkg diverts FILE to TARGET, and TARGET exists
#   grub-first xen                       grub.cfg's first entry loads Xen with every xen-option
#   toolstack NAME                       TOOLSTACK of /etc/default/xen, or its default
#   xendomains VARIABLE=[VALUE]          a variable of /etc/default/xendomains; unset is the same as empty
#   current grub                         grub.cfg's first entry loads the newest hypervisor and the newest
#                                        kernel for dom0 in /boot, and the initramfs of that kernel
#   current xen|kernel                   the running build is that of the newest file in /boot
#   time-service SERVER...               systemd-timesyncd is enabled and active, and uses these servers
#   bond BOND MODE MEMBER...             the bond has this mode, and these members, all with a link and,
#                                        for 802.3ad, with a partner
#   vlan INTERFACE ID BASE               the interface is the VLAN with this number on BASE
#   mtu INTERFACE BYTES                  the interface's MTU
#   more-address INTERFACE ADDRESS/LENGTH  the interface has this IPv4 or IPv6 address, too
#   ipv6-address INTERFACE ADDRESS/LENGTH  the interface has this IPv6 address
#   slaac INTERFACE                      has a global IPv6 address
#   no-address INTERFACE                 has no IPv4 and no IPv6 address
#   no-ipv6 INTERFACE                    has no IPv6 address
#   route DESTINATION GATEWAY INTERFACE  a route
#   ipv6-default-route INTERFACE         the only IPv6 default route
#   search DOMAIN...                     the search domains in /etc/resolv.conf
#   ssh yes|no key|command|no            sshd is enabled and active; whether it takes passwords, and whether root may
#                                        log in with a key, or only run the command that belongs to a key
#   login USER none                      the account has neither a usable key nor a password
#   login USER [keys=COUNT] [password] [sudo|sudo-nopasswd]
#                                        the account has at least these: keys that sshd accepts, a password, the right
#                                        to become root with or without it
#
#   guest NAME GROUP MIB                 /etc/xen/NAME.cfg exists, and the logical volume GROUP/NAME of this size
#   replication NAME                     the disk of the guest is connected to that of the other node, both are up
#                                        to date, and at most one of the nodes uses it
#   migration-peer NODE ADDRESS NAME     the other node of the guest answers at ADDRESS to the key of this one
#
# That Xen runs and that `xl info` works is always checked.
#
# The progress is reported on the console (with --console) and to the server, in
# the format that the installer's late-command.sh describes, and then the report.
# The server takes posts only with the token of this node, which the installer has
# put into /var/lib/xenseed/token. What could not be posted, also by the installer,
# is in /var/lib/xenseed/unsent, and the next run posts it first. Ten seconds
# without an answer end an attempt, and one such attempt ends posting; with --wait,
# it is repeated twice after pauses, so a server that does not answer delays the
# script by less than a minute.
#
# With --migrate, it checks nothing and writes no report: it moves a guest to its other
# node and back, see migrate.
#
# For tests, XENSEED_ROOT is put in front of every path read or written here,
# and commands are looked up in PATH.

set -uf
LC_ALL=C
PATH=${PATH:-/bin}:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
umask 022
exec </dev/null

# The MiB by which Domain-0 may be smaller than dom0_mem: xl rounds down, and at
# boot the kernel returns a few MiB of unusable pages to Xen. Domain-0 must not be
# larger, because "max:" is a limit.
memory_slack=16

# The MiB by which a logical volume may be larger or smaller: the installer uses
# megabytes, and LVM extents of 4 MiB.
volume_slack=16

root=${XENSEED_ROOT:-}
expect=$root/etc/xenseed/expect
console=
wait_for=0
passed=0
failed=0
restarts=0
checks=
# The lines of this run that have not been posted, and the posts that may still get no answer.
pending=
attempts=1
pause=5
checked=
guest=
address=

usage() {
    cat <<'USAGE'
usage: xenseed-verify [--console] [--wait SECONDS]
       xenseed-verify --migrate GUEST [--ping ADDRESS]
       xenseed-verify --help

Checks this dom0 against /etc/xenseed/expect: one line per assertion on
standard output, a report in /var/lib/xenseed/report.json.

  --console        write the lines to /dev/console too
  --wait SECONDS   first wait up to this time for xl and for DHCP leases; if the
                   server does not answer, post again
  --migrate GUEST  move a guest that runs here to its other node and back, and
                   say how long it stood still
  --ping ADDRESS   meanwhile ping the guest at this address, and count lost pings

Exit status: 0 all ok, 1 a check failed, 2 could not run or could not report,
3 all ok, but a restart of this machine is needed, 4 the guest to migrate does
not run here.
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

# is_interface TEXT: can be the name of a network interface, and a path component
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

# has_word LIST ITEM: whether a list that is separated by blanks has the item
has_word() {
    case " $1 " in
    *" $2 "*) return 0 ;;
    esac
    return 1
}

# joined: the lines of standard input, joined with commas
joined() {
    paste -s -d , - | sed 's/,/, /g'
}

printable() {
    case $1 in
    *[!\ -~]*) printf '%s' "$1" | tr -c ' -~' '?' ;;
    *) printf '%s' "$1" ;;
    esac
}

# json TEXT: the text as a JSON string. A byte outside ASCII becomes the character
# of the same number, so that the report is always valid JSON.
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

# say TEXT [ok]: prints to standard output and, except for an ok in a later run since boot, to the console
say() {
    printf '%s\n' "$1"
    [ "$again${2:-}" = yesok ] || show "$1"
}

# show TEXT: prints to the console if --console was given
show() {
    # Opened for each line, because a getty that starts in the meantime hangs up the console.
    [ -z "$console" ] || { printf '%s\r\n' "$1" >>"$root/dev/console"; } 2>/dev/null || :
}

# post PATH: posts standard input to the server of the lab, and prints the status of its answer; nothing if there is none. It uses
# bash, which is on every Debian and can open a connection; wget or nc may be missing. bash reads the token itself, because other
# users can see the arguments of a program.
post() {
    # shellcheck disable=SC2016
    "$timeout" -k 5 10 bash -c '
        read -r host port path <<<"$1"
        body=$(cat; echo .)
        body=${body%.}
        token=
        [ ! -s "$3" ] || read -r token <"$3"
        exec 3<>"/dev/tcp/$host/$port" || exit
        printf "POST %s HTTP/1.0\r\nHost: %s\r\nContent-Length: %s\r\n" "$path$2" "$host:$port" "${#body}" >&3
        [ -z "$token" ] || printf "Authorization: Bearer %s\r\n" "$token" >&3
        printf "\r\n%s" "$body" >&3
        read -r -n 200 _ status _ <&3
        printf "%s" "$status"' post "$server" "$1" "$root/var/lib/xenseed/token" 2>/dev/null
}

# try PATH FILE...: posts the report, or these files and the lines of this run, and repeats that while the server does not answer or
# has an error; before the checks, which should not wait, it does not repeat it. Fails if there was no success; later posts of this
# run may then fail without an attempt.
try() {
    while [ -n "$server" ] && [ "$attempts" -gt 0 ]; do
        case $(posted "$@" | post "$1") in
        2??) return 0 ;;
        403)
            complain "the server refuses what this node posts, because $root/var/lib/xenseed/token is not the token that it gave last"
            attempts=0
            ;;
        # The server does not take this content at any time.
        4??) return 0 ;;
        *)
            attempts=$((attempts - 1))
            [ "$attempts" -gt 0 ] && [ -n "$checked" ] || return 1
            sleep "$pause"
            pause=$((pause * 2))
            ;;
        esac
    done
    return 1
}

# posted PATH FILE...: the content of such a post
posted() {
    if [ "$1" = /report ]; then
        printf '%s\n' "$content"
    else
        shift
        lines "$@"
    fi
}

# unsent: the files with lines of earlier runs and of the installer, in their order
unsent() {
    for name in $(entries /var/lib/xenseed/unsent '[0-9]*'); do
        printf '%s\n' "$root/var/lib/xenseed/unsent/$name"
    done
}

# lines FILE...: the lines of these files and of this run, at most 200, which one post can have; without the oldest log lines and
# then the oldest progress lines, if they are more
lines() {
    {
        [ $# -eq 0 ] || cat "$@" 2>/dev/null
        printf '%s' "$pending"
    } | awk '
        { line[NR] = $0 }
        END {
            more = NR - 200
            for (i = 1; more > 0 && i <= NR; i++) if (line[i] ~ /^xenseed\/1\+ /) { delete line[i]; more-- }
            for (i = 1; more > 0 && i <= NR; i++) if (i in line) { delete line[i]; more-- }
            for (i = 1; i <= NR; i++) if (i in line) print line[i]
        }'
}

# deliver: posts all lines that have not been posted; fails if there are still some
deliver() {
    # shellcheck disable=SC2046
    set -- $(unsent)
    [ -n "$pending$*" ] || return 0
    try /progress "$@" || return 1
    [ $# -eq 0 ] || rm -f "$@"
    pending=
}

# keep: puts the lines of this run into a file for the next run, together with those of earlier runs
keep() {
    [ -n "$server" ] && [ -n "$pending" ] || return 0
    spool=$root/var/lib/xenseed/unsent
    mkdir -p "$spool" 2>/dev/null || return 0
    # shellcheck disable=SC2046
    set -- $(unsent)
    number=100000
    for file in "$@"; do
        number=${file##*/}
    done
    lines "$@" >"$spool/.$$"
    # Another run may have taken the number.
    for _ in 1 2 3; do
        number=$((number + 1))
        if ln "$spool/.$$" "$spool/$number" 2>/dev/null; then
            [ $# -eq 0 ] || rm -f "$@"
            break
        fi
    done
    rm -f "$spool/.$$"
}

# progress STAGE STEP STATUS [MESSAGE]
progress() {
    [ -n "$console$server" ] || return 0
    up=$(first_line "$root/proc/uptime")
    line=$(printable "xenseed/1 ${node%%.*} $1 $2 $3 ${up%% *} ${4:-}" | cut -c 1-250)
    show "$line"
    pending="$pending$line
"
}

# result true|false|restart NAME SEEN EXPECTED: prints and records the result of a check
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
        say "$(printable "WARN  $2: saw $3, expected $4")"
        ;;
    *)
        ok=false
        failed=$((failed + 1))
        say "$(printable "FAIL  $2: saw $3, expected $4")"
        [ -n "$again" ] || progress verify "$(printf '%s' "$2" | tr ' ' -)" failed "saw $3, expected $4"
        ;;
    esac
    checks="$checks${checks:+,}
    {\"name\": $(json "$2"), \"ok\": $ok, \"seen\": $(json "$3"), \"asked\": $(json "$4")$restart}"
}

# equal NAME SEEN EXPECTED: checks that both are equal
equal() {
    if [ "$2" = "$3" ]; then result true "$@"; else result false "$@"; fi
}

# listed NAME SEEN EXPECTED: checks that EXPECTED is one of the lines of SEEN
listed() {
    seen=$(printf '%s\n' "$2" | joined)
    if printf '%s\n' "$2" | grep -Fqx -e "$3"; then
        result true "$1" "$seen" "$3"
    else
        result false "$1" "$seen" "$3"
    fi
}

# megabytes NAME SEEN EXPECTED SLACK: checks that SEEN is at most SLACK MiB below EXPECTED, and not above
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

# found COMMAND: the path of the command. A shell with built-in ip, hostname and
# timeout (busybox) would otherwise not search PATH for them.
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

# xl may wait for a xenstore that never starts, and ignore that it should end.
ask_xl() {
    "$timeout" -k 5 60 "$xl" "$@" 2>/dev/null
}

ask_ip() {
    "$ip" -o -4 "$@" 2>/dev/null
}

own_name() {
    "$hostname" 2>/dev/null
}

# info NAME: a field of `xl info`
info() {
    printf '%s\n' "$xl_info" | sed -n "s/^$1[[:blank:]]*:[[:blank:]]*//p" | sed 's/[[:blank:]]*$//; 1q'
}

# addresses INTERFACE
addresses() {
    ask_ip addr show | awk -v interface="$1" '$2 == interface && $3 == "inet" { print $4 }'
}

ask_ip6() {
    "$ip" -o -6 "$@" 2>/dev/null
}

# addresses6 INTERFACE: the IPv6 addresses that do not wait for the check for duplicates
addresses6() {
    ask_ip6 addr show | awk -v interface="$1" '$2 == interface && $3 == "inet6" && !/ (tentative|dadfailed)/ { print $4 }'
}

# leases INTERFACE: the addresses that may be from DHCP
leases() {
    addresses "$1" | sed '/^169\.254\./d'
}

is_enabled() {
    case $(first_line "$root/sys/class/net/$1/flags") in
    0x*[13579bdfBDF]) ;;
    *) return 1 ;;
    esac
}

is_up() {
    is_enabled "$1" || return 1
    case $(first_line "$root/sys/class/net/$1/operstate") in
    up | unknown) ;;
    *) return 1 ;;
    esac
}

# entries DIRECTORY PATTERN: the matching names in the directory
entries() {
    set +f
    for path in "$root$1"/$2; do
        if [ -e "$path" ] || [ -L "$path" ]; then printf '%s\n' "${path##*/}"; fi
    done
    set -f
}

# permanent INTERFACE: the permanent MAC address of the card, which the lab has;
# the current address may differ, for example with bonding. The kernel shows it
# for a port of a bond (since Linux 3.14), and iproute2 since 5.6 for other cards
# if the two differ.
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

# ports BRIDGE: NAME=MAC for each port
ports() {
    for port in $(entries "/sys/class/net/$1/brif" '*'); do
        printf '%s=%s\n' "$port" "$(permanent "$port")"
    done
}

# modules: the memory modules in the firmware's list (SMBIOS, "System memory" of
# type 16 and the modules of type 17 in it; DSP0134, 7.17 and 7.18): their number,
# their sum in MiB and the smallest in MiB. Nothing if there is no such list.
# Linux has the whole list in one file since 4.2, and before a file for each entry.
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

# strings: the printable texts on standard input, one per line
strings() {
    tr -c ' -~' '\n'
}

# newest PATTERN: the matching file in /boot with the highest version; only kernels
# that can be dom0 are considered, as in 20_linux_xen.
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

# sourced FILE VARIABLE: the value of the variable in a new sh that has sourced the
# file, as the init scripts do. No other file that is read here is executed.
sourced() {
    [ -r "$1" ] || return 1
    # shellcheck disable=SC2016
    env -i PATH="$PATH" sh -c 'set -a; . "$1" >/dev/null 2>&1; exec printenv "$2"' sh "$1" "$2" 2>/dev/null
}

# default_toolstack: the toolstack if TOOLSTACK is not set. The wrapper of jessie
# uses xm if it is installed; bookworm has only xl.
default_toolstack() {
    set +f
    for tool in "$root"/usr/lib/xen-*/bin/xm; do
        if [ -e "$tool" ]; then printf xm; set -f; return; fi
    done
    set -f
    [ ! -x "$xl" ] || printf xl
}

# first_entry: the first entry of grub.cfg, in lines: menuentry or submenu, its
# title, the line that loads a hypervisor, and then the names of the files that it
# loads as modules
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

# asked KEYWORD: the first value of each line with that keyword in the expect file
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

# dom0_column N: a column of the line of Domain-0 in `xl list`
dom0_column() {
    ask_xl list 0 | awk -v column="$1" '$2 == "0" { print $column; exit }'
}

# Rows are "Name ID VCPU CPU State Time(s)" and then the affinity: "0" or "any
# cpu" in Xen 4.4; later hard and soft, as in "0 / all" or "all / all". On a
# machine with one cpu, the output does not depend on whether dom0 is pinned.
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
    seen=$(volume_size "$1")
    good=false
    if is_number "$seen"; then
        if [ "$seen" -ge $(($2 - volume_slack)) ] && [ "$seen" -le $(($2 + volume_slack)) ]; then good=true; fi
        seen="$seen MiB"
    fi
    result "$good" "volume $1" "$seen" "$2 MiB"
}

# volume_size GROUP/NAME: the size of a logical volume in MiB, without its fraction
volume_size() {
    "$timeout" 60 "$lvs" --noheadings --nosuffix --units m -o lv_size "$1" 2>/dev/null | sed 's/^ *//; s/[.,].*//'
}

# ---- guests ----

# check_guest NAME GROUP MIB
check_guest() {
    size=$(volume_size "$2/$1")
    if is_number "$size" && [ "$size" -ge $(($3 - volume_slack)) ] && [ "$size" -le $(($3 + volume_slack)) ]; then
        size=$3
    fi
    file=/etc/xen/$1.cfg
    [ -f "$root$file" ] || file="no $file"
    equal "guest $1" "$file, ${size:-no}${size:+ MiB} in $2" "/etc/xen/$1.cfg, $3 MiB in $2"
}

# check_replication NAME: xenseed-guests says it in the words of drbdadm: CONNECTION ROLE/ROLE DISK/DISK
check_replication() {
    state=$("$timeout" 60 "$guests" check "$1" 2>/dev/null)
    good=false
    case $state in
    'Connected Primary/Primary '*) ;;
    'Connected '*' UpToDate/UpToDate') good=true ;;
    esac
    result "$good" "replication $1" "$state" "Connected, UpToDate/UpToDate, at most one primary"
}

# check_peer NODE ADDRESS NAME
check_peer() {
    if said=$("$timeout" 60 "$migrate" --ask "$3" 2>&1); then
        said="answers at $2"
    else
        said=$(printf '%s\n' "$said" | sed -n '$p')
    fi
    equal "migration-peer $1" "$said" "answers at $2"
}

# array_of MOUNTPOINT|GROUP|swap: the name of the block device that has it, such as md0
array_of() {
    case $1 in
    /*)
        number=$(awk -v at="$1" '$5 == at { number = $3 } END { print number }' "$root/proc/self/mountinfo" 2>/dev/null)
        device=$(readlink -f "$root/sys/dev/block/${number:-none}")
        ;;
    swap) device=$(awk '$1 ~ "^/dev/" { print $1; exit }' "$root/proc/swaps" 2>/dev/null) ;;
    *)
        device=$("$timeout" 60 "$pvs" --noheadings -o pv_name,vg_name 2>/dev/null |
            awk -v group="$1" '$2 == group { print $1; exit }')
        ;;
    esac
    case $device in
    "$root"/dev/* | /dev/*) device=$(readlink -f "$root${device#"$root"}") ;;
    esac
    printf '%s' "${device##*/}"
}

# members ARRAY: NAME STATE for each member of the array: in_sync, or for example faulty or spare
members() {
    for member in $(entries "/sys/block/$1/md" 'dev-*'); do
        printf '%s %s\n' "${member#dev-}" "$(first_line "$root/sys/block/$1/md/$member/state")"
    done
}

# disk_of PARTITION: the name of its disk
disk_of() {
    if [ -e "$root/sys/class/block/$1/partition" ]; then
        device=$(readlink -f "$root/sys/class/block/$1")
        device=${device%/*}
        printf '%s' "${device##*/}"
    else
        printf '%s' "$1"
    fi
}

# lost_disks: the disks of the installation that are no longer there
lost_disks() {
    while read -r former link; do
        [ -e "$root$link" ] || printf '%s (was %s)\n' "$link" "$former"
    done <"$root/var/lib/xenseed/disks" 2>/dev/null | joined
}

check_array() {
    name=$(array_of "$1")
    if [ -z "$name" ] || [ ! -d "$root/sys/block/$name/md" ]; then
        result false "array $1" "${name:+$name, which is not an array}" "$2 of $2 members"
        return
    fi
    list=$(members "$name")
    count=$(printf '%s\n' "$list" | grep -c ' in_sync')
    if [ "$count" -eq "$2" ] && [ "$(first_line "$root/sys/block/$name/md/raid_disks")" = "$2" ]; then
        result true "array $1" "$2 of $2 members" "$2 of $2 members"
        return
    fi
    shown="$count of $2 members of $name: $(printf '%s\n' "$list" | sed -n 's/ in_sync.*//p' | joined)"
    other=$(printf '%s\n' "$list" | sed '/ in_sync/d; / /!d' | joined)
    lost=$(lost_disks)
    action=$(first_line "$root/sys/block/$name/md/sync_action")
    case $action in
    '' | idle | frozen) ;;
    *) other="$other${other:+; }$action is running" ;;
    esac
    result false "array $1" "$shown${other:+; $other}${lost:+; missing: $lost}" "$2 of $2 members"
}

# has_loader DISK: whether the disk's boot sector is GRUB's, and the sector that it loads is the start of GRUB's core image
has_loader() {
    disk=$root/dev/$1
    dd if="$disk" bs=512 count=1 2>/dev/null | strings | grep -q GRUB || return 1
    sector=$(dd if="$disk" bs=1 skip=92 count=4 2>/dev/null | od -An -tu4 | tr -d ' ')
    is_number "$sector" || return 1
    dd if="$disk" bs=512 skip="$sector" count=1 2>/dev/null | strings | grep -q loading
}

# check_loaders bios|uefi: about the disks that are there; check_array reports the others
check_loaders() {
    if [ "$1" = uefi ]; then
        states=$("$timeout" 60 "$root/usr/local/sbin/xenseed-esp" check 2>/dev/null)
    else
        states=$(for array in $(entries /sys/block 'md*'); do
            members "$array"
        done | while read -r member state; do
            disk_of "$member"
            echo
        done | sort -u | while read -r name; do
            if has_loader "$name"; then echo "$name ok"; else echo "$name has no boot loader"; fi
        done)
    fi
    good=$(printf '%s\n' "$states" | sed -n 's/ ok$//p' | joined)
    bad=$(printf '%s\n' "$states" | sed '/ ok$/d; /^$/d' | joined)
    if [ -n "$good" ] && [ -z "$bad" ]; then
        result true boot-loader "$good" "each disk"
    else
        result false boot-loader "$good${good:+${bad:+; }}$bad" "each disk"
    fi
}

# The fourth letter of a group's attributes is p if a physical volume is missing (vgs(8)).
check_group() {
    word=disks
    [ "$2" -ne 1 ] || word=disk
    seen=$("$timeout" 60 "$vgs" --noheadings -o pv_count,vg_attr "$1" 2>/dev/null | awk '{ print $1, substr($2, 4, 1) }')
    case $seen in
    '') result false "group $1" "no such group" "$2 $word" ;;
    *p) result false "group $1" "${seen% *} disks, of which at least one is missing" "$2 $word" ;;
    *) equal "group $1" "${seen% *} $word" "$2 $word" ;;
    esac
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
        # Bridges and VLANs have the address of a card, but no device.
        for other in $(entries /sys/class/net '*'); do
            if [ -e "$root/sys/class/net/$other/device" ] && [ "$(permanent "$other")" = "$2" ]; then
                seen="$seen ($2 is $other)"
            fi
        done
    fi
    equal "card $1" "$seen" "$2"
}

# Xen reports the memory that the firmware leaves to it. Intact machines lack 0.2
# to 0.5 % of the memory in their modules, and up to 2.2 GiB more if a graphics
# adapter uses main memory (16 GiB: 16308 or 14234 MiB; 768 GiB: 785069 MiB).
#
# If the firmware lists the modules, their sum must be the expected memory, and Xen
# may lack less than one module, and at most a quarter; so both a missing and a
# disabled module are noticed. Without the list, Xen may lack one seventh, at most
# 2304 MiB, and in addition 64 MiB and 1/512. That is less than a module of 4 GiB;
# a missing module of 2 GiB in a machine with eight or more is then not noticed.
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
        # A list with less memory than Xen has is wrong, as on some virtual machines.
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
    wanted="up${*:+ with $*}"
    if [ ! -d "$root/sys/class/net/$bridge/bridge" ]; then
        result false "bridge $bridge" "no such bridge" "$wanted"
        return
    fi
    names=$(entries "/sys/class/net/$bridge/brif" '*' | paste -s -d ' ' -)
    present=$(ports "$bridge" | paste -s -d ' ' -)
    state=up
    if [ $# -gt 0 ]; then
        is_up "$bridge" || state=down
    else
        # A bridge without a port has no link until a guest starts.
        is_enabled "$bridge" || state=down
    fi
    good=true
    [ "$state" = up ] || good=false
    for port in "$@"; do
        case $port in
        *=*) has_word "$present" "$port" || good=false ;;
        *) has_word "$names" "$port" || good=false ;;
        esac
    done
    result "$good" "bridge $bridge" "$state with ${present:-no port}" "$wanted"
}

check_bond() {
    bond=$1
    mode=$2
    shift 2
    folder=$root/sys/class/net/$bond/bonding
    if [ ! -d "$folder" ]; then
        result false "bond $bond" "no such bond" "$mode with $*"
        return
    fi
    # The mode has its number behind it.
    seen=$(first_line "$folder/mode")
    seen=${seen%% *}
    good=true
    [ "$seen" = "$mode" ] || good=false
    is_up "$bond" || { good=false; seen="$seen, down,"; }
    seen="$seen with"
    members=$(first_line "$folder/slaves")
    for member in $members; do
        state=$(first_line "$root/sys/class/net/$member/bonding_slave/mii_status")
        if [ "$state" = up ]; then seen="$seen $member"; else seen="$seen $member (${state:-state unknown})"; fi
        [ "$state" = up ] || good=false
    done
    [ -n "$members" ] || seen="$seen no member"
    for member in "$@"; do
        has_word "$members" "$member" || good=false
    done
    active=$(first_line "$folder/active_slave")
    [ -z "$active" ] || seen="$seen, $active active"
    if [ "$mode" = 802.3ad ]; then
        # Without a partner, the kernel uses one member only.
        case $(first_line "$folder/ad_partner_mac") in
        '' | 00:00:00:00:00:00)
            good=false
            seen="$seen, no LACP partner"
            ;;
        esac
    fi
    result "$good" "bond $bond" "$seen" "$mode with $*"
}

# check_vlan INTERFACE ID BASE: /proc/net/vlan/config has a line "INTERFACE | ID | BASE" for each VLAN
check_vlan() {
    seen=$(awk -F '[ \t]*[|][ \t]*' -v name="$1" '{ sub(/[ \t]+$/, "", $3) } $1 == name { print $2 " on " $3 }' \
        "$root/proc/net/vlan/config" 2>/dev/null)
    equal "vlan $1" "$seen" "$2 on $3"
}

# some_address NAME SEEN: checks that there is an address
some_address() {
    if [ -n "$2" ]; then
        result true "$1" "$(printf '%s\n' "$2" | joined)" "an address"
    else
        result false "$1" "" "an address"
    fi
}

# empty NAME SEEN EXPECTED: checks that nothing is seen
empty() {
    if [ -z "$2" ]; then result true "$1" "$3" "$3"; else result false "$1" "$(printf '%s\n' "$2" | joined)" "$3"; fi
}

# check_static_route DESTINATION GATEWAY INTERFACE: `ip` omits the length of a host's prefix
check_static_route() {
    case $1 in
    *:*) host=${1%/128} lines=$(ask_ip6 route show) ;;
    *) host=${1%/32} lines=$(ask_ip route show) ;;
    esac
    listed "route $1" "$(printf '%s\n' "$lines" | awk -v to="$1" -v host="$host" '
        $1 == to || $1 == host {
            via = device = "nothing"
            for (i = 2; i < NF; i++) {
                if ($i == "via") via = $(i + 1)
                if ($i == "dev") device = $(i + 1)
            }
            print "via " via " on " device
        }')" "via $2 on $3"
}

check_search() {
    equal search "$(sed -n 's/^search[[:blank:]]*//p' "$root/etc/resolv.conf" 2>/dev/null | tail -n 1)" "$*"
}

check_lease() {
    seen=$(leases "$1")
    if [ $# -gt 1 ]; then
        listed "lease $1" "$(printf '%s\n' "$seen" | sed 's,/.*,,')" "$2"
    else
        some_address "lease $1" "$seen"
    fi
}

# check_route NAME LINES INTERFACE: checks that the only default route in the output of `ip route` is over the interface
check_route() {
    routes=$(printf '%s\n' "$2" | awk '
        $1 == "default" {
            via = ""
            for (i = 2; i < NF; i++) {
                if ($i == "via") via = " via " $(i + 1)
                if ($i == "dev") print $(i + 1) via
            }
        }')
    devices=$(printf '%s\n' "${routes:-none}" | sed 's/ .*//')
    seen=$(printf '%s\n' "${routes:-none}" | joined)
    if [ "$devices" = "$3" ]; then
        result true "$1" "$seen" "$3"
    else
        result false "$1" "$seen" "$3"
    fi
}

check_diversion() {
    seen=$("$divert" --truename "$1" 2>/dev/null)
    if [ "$seen" = "$1" ]; then
        seen="no diversion"
    elif [ "$seen" = "$2" ] && [ ! -e "$root$2" ]; then
        seen="$2, which does not exist"
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

# loaded_files: the hypervisor and its modules in the first entry
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

# The image contains the cc_compile_date of `xl info`, which differs between
# builds; the version may not.
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
        result restart "current xen" "Xen $(info xen_version) of $built, but $xen is another build" "the installed build"
    fi
}

# The image begins with the text of /proc/version: release, (builder), version
# (Documentation/x86/boot: kernel_version). Security updates may not change the
# release.
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
        result restart "current kernel" "$release $version, but $kernel is ${installed:-newer}" "the installed build"
    fi
}

# The servers are in timesyncd.conf and then in the files of timesyncd.conf.d, in
# the order of their names; an empty value removes the earlier servers. systemd 215
# reads only the first file, and the key is Servers.
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
    equal time-service "${active:-not installed}, ${enabled:-not enabled}, ${servers:-no server}" "active, enabled, $*"
}

# check_ssh PASSWORDS ROOT: the service, and its settings as sshd itself reads them
check_ssh() {
    state=$("$systemctl" show -p ActiveState -p UnitFileState ssh.service 2>/dev/null)
    active=$(printf '%s\n' "$state" | sed -n 's/^ActiveState=//p')
    enabled=$(printf '%s\n' "$state" | sed -n 's/^UnitFileState=//p')
    settings=$("$sshd" -T 2>/dev/null)
    passwords=$(printf '%s\n' "$settings" | sed -n 's/^passwordauthentication //p')
    access=$(printf '%s\n' "$settings" | sed -n 's/^permitrootlogin //p')
    case $access in
    without-password | prohibit-password) access=key ;;
    forced-commands-only) access="command" ;;
    esac
    equal ssh "${active:-not installed}, ${enabled:-not enabled}, passwords: ${passwords:-unknown}, root: ${access:-unknown}" \
        "active, enabled, passwords: $1, root: $2"
}

# strict PATH UID: sshd ignores a key if another user could have written it (StrictModes)
strict() {
    set -- "$(stat -L -c '%u %a' "$1" 2>/dev/null)" "$2"
    case $1 in
    "0 "* | "$2 "*) ;;
    *) return 1 ;;
    esac
    case $1 in
    *[2367]? | *[2367]) return 1 ;;
    esac
}

# account USER: the ways to log in to the account and to become root from it
account() {
    entry=$(grep "^$1:" "$root/etc/passwd" 2>/dev/null | sed 1q)
    [ -n "$entry" ] || { printf 'no such user'; return; }
    shell=${entry##*:}
    home=${entry%:*}
    home=${home##*:}
    number=$(printf '%s' "$entry" | cut -d : -f 3)
    if [ ! -x "$root$shell" ]; then printf 'no shell %s' "$shell"; return; fi
    file=$home/.ssh/authorized_keys
    count=$(grep -Ec '^(sk-)?(ssh|ecdsa)-' "$root$file" 2>/dev/null)
    for path in "$home" "$home/.ssh" "$file"; do
        if [ "${count:-0}" != 0 ] && ! strict "$root$path" "$number"; then
            printf 'keys ignored (owner or mode of %s)\n' "$path"
            count=0
        fi
    done
    [ "${count:-0}" = 0 ] || printf 'keys=%s\n' "$count"
    case $(awk -F : -v name="$1" '$1 == name { print $2; exit }' "$root/etc/shadow" 2>/dev/null) in
    '$'*) echo password ;;
    esac
    [ "$1" != root ] || return
    case $("$sudo" -n -l -U "$1" 2>/dev/null) in
    *'NOPASSWD: ALL'*) echo sudo-nopasswd ;;
    *') ALL'*) echo sudo ;;
    esac
}

check_login() {
    name=$1
    shift
    seen=$(account "$name")
    good=true
    for way in "$@"; do
        case $way in
        none) [ -z "$seen" ] || good=false ;;
        keys=*)
            count=$(printf '%s\n' "$seen" | sed -n 's/^keys=//p')
            [ "${count:-0}" -ge "${way#keys=}" ] || good=false
            ;;
        *) printf '%s\n' "$seen" | grep -Fqx -e "$way" || good=false ;;
        esac
    done
    seen=$(printf '%s\n' "${seen:-none}" | paste -s -d ' ' -)
    result "$good" "login $name" "$seen" "$*"
}

# are_ways USER WAY...: whether all can be arguments of login
are_ways() {
    shift
    for way in "$@"; do
        case $way in
        none | password | sudo | sudo-nopasswd) ;;
        keys=*) is_number "${way#keys=}" || return 1 ;;
        *) return 1 ;;
        esac
    done
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

# misread GRAMMAR: the current line of the expect file does not have this form
misread() {
    result false "expect line $number" "$line" "$1"
}

# judge KEYWORD ARGUMENT...: checks one line of the expect file, which is $line with the number $number
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
    array)
        if [ $# -eq 2 ] && is_number "$2"; then check_array "$1" "$2"
        else misread "array MOUNTPOINT|GROUP|swap COUNT"; fi
        ;;
    boot-loader)
        case "$*" in
        bios | uefi) check_loaders "$1" ;;
        *) misread "boot-loader bios|uefi" ;;
        esac
        ;;
    guest)
        if [ $# -eq 3 ] && is_interface "$1" && is_number "$3"; then check_guest "$@"
        else misread "guest NAME GROUP MIB"; fi
        ;;
    replication)
        if [ $# -eq 1 ] && is_interface "$1"; then check_replication "$1"
        else misread "replication NAME"; fi
        ;;
    migration-peer)
        if [ $# -eq 3 ]; then check_peer "$@"
        else misread "migration-peer NODE ADDRESS NAME"; fi
        ;;
    group)
        if [ $# -eq 2 ] && is_number "$2"; then check_group "$1" "$2"
        else misread "group GROUP COUNT"; fi
        ;;
    address)
        if [ $# -eq 2 ] && is_interface "$1"; then check_address "$1" "$2"
        else misread "address INTERFACE ADDRESS/LENGTH"; fi
        ;;
    bridge)
        if [ $# -ge 1 ] && is_interface "$1"; then check_bridge "$@"
        else misread "bridge BRIDGE [PORT[=MAC]...]"; fi
        ;;
    bond)
        if [ $# -ge 3 ] && is_interface "$1"; then check_bond "$@"
        else misread "bond BOND MODE MEMBER..."; fi
        ;;
    vlan)
        if [ $# -eq 3 ] && is_number "$2"; then check_vlan "$@"
        else misread "vlan INTERFACE ID BASE"; fi
        ;;
    mtu)
        if [ $# -eq 2 ] && is_interface "$1" && is_number "$2"; then
            equal "mtu $1" "$(first_line "$root/sys/class/net/$1/mtu")" "$2"
        else misread "mtu INTERFACE BYTES"; fi
        ;;
    more-address)
        if [ $# -eq 2 ] && is_interface "$1"; then
            listed "more-address $1 $2" "$(addresses "$1"; addresses6 "$1")" "$2"
        else misread "more-address INTERFACE ADDRESS/LENGTH"; fi
        ;;
    ipv6-address)
        if [ $# -eq 2 ] && is_interface "$1"; then listed "ipv6-address $1" "$(addresses6 "$1")" "$2"
        else misread "ipv6-address INTERFACE ADDRESS/LENGTH"; fi
        ;;
    slaac)
        if [ $# -eq 1 ] && is_interface "$1"; then some_address "slaac $1" "$(addresses6 "$1" | sed '/^fe80:/d')"
        else misread "slaac INTERFACE"; fi
        ;;
    no-address)
        if [ $# -eq 1 ] && is_interface "$1"; then
            empty "no-address $1" "$(addresses "$1"; addresses6 "$1")" "no address"
        else misread "no-address INTERFACE"; fi
        ;;
    no-ipv6)
        if [ $# -eq 1 ] && is_interface "$1"; then empty "no-ipv6 $1" "$(addresses6 "$1")" "no IPv6 address"
        else misread "no-ipv6 INTERFACE"; fi
        ;;
    route)
        if [ $# -eq 3 ]; then check_static_route "$@"
        else misread "route DESTINATION GATEWAY INTERFACE"; fi
        ;;
    ipv6-default-route)
        # A router advertisement may give the same gateway a second time.
        if [ $# -eq 1 ]; then check_route ipv6-default-route "$(ask_ip6 route show | grep -v ' proto ra ')" "$1"
        else misread "ipv6-default-route INTERFACE"; fi
        ;;
    search)
        if [ $# -ge 1 ]; then check_search "$@"
        else misread "search DOMAIN..."; fi
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
    ssh)
        case "$*" in
        'yes key' | 'yes command' | 'yes no' | 'no key' | 'no command' | 'no no') check_ssh "$@" ;;
        *) misread "ssh yes|no key|command|no" ;;
        esac
        ;;
    login)
        if [ $# -ge 2 ] && is_interface "$1" && are_ways "$@"; then check_login "$@"
        else misread "login USER none|[keys=COUNT] [password] [sudo|sudo-nopasswd]"; fi
        ;;
    lease)
        if { [ $# -eq 1 ] || [ $# -eq 2 ]; } && is_interface "$1"; then check_lease "$@"
        else misread "lease BRIDGE [ADDRESS]"; fi
        ;;
    default-route)
        if [ $# -eq 1 ]; then check_route default-route "$(ask_ip route show)" "$1"
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
        # A value may contain blanks, so it is taken from the original line.
        value=$(printf '%s\n' "$line" | sed 's/^[[:blank:]]*xendomains[[:blank:]]*//; s/[[:blank:]]*$//')
        if has_equals "$value" && is_variable "${value%%=*}"; then check_xendomains "$value"
        else misread "xendomains VARIABLE=[VALUE]"; fi
        ;;
    *)
        misread "a known keyword"
        ;;
    esac
}

# ---- migration ----

# hundredths: the time since boot in hundredths of a second; the wall clock may be set in the meantime
hundredths() {
    up=$(first_line "$root/proc/uptime")
    up=${up%% *}
    printf '%s' "${up%.*}${up#*.}"
}

# in_seconds HUNDREDTHS
in_seconds() {
    printf '%s.%02d' "$(($1 / 100))" "$(($1 % 100))"
}

# watch_guest: prints the time and the state of the guest on this node, again and again: running, or still when it is suspended
# or not here any more
watch_guest() {
    # A signal can get lost while the shell starts, so the end is not left to one.
    while [ -e "$work/said" ] && [ ! -e "$work/moved" ]; do
        began=$(hundredths)
        case $(ask_xl list "$guest" | awk 'NR == 2 { print $5 }') in
        r----- | -b---- | ------) printf '%s running\n' "$began" ;;
        *) printf '%s still\n' "$began" ;;
        esac
        sleep 0.2
    done
}

# journey WORDS COMMAND...: moves the guest by a command, whose output is shown, and says how long that took. WORDS say where it moves
# to. In the directory $work, the output is `said`, each line with its time, and `pings` and `states` are what was seen meanwhile.
journey() {
    words=$1
    shift
    : >"$work/said"
    rm -f "$work/moved"
    watch_guest >"$work/states" &
    watcher=$!
    if [ -n "$address" ]; then
        # -D puts the time in front of each answer.
        "$ping" -D -n -i 0.2 -w 86400 "$address" >"$work/pings" 2>/dev/null &
        pinger=$!
    fi
    began=$(hundredths)
    {
        "$@" 2>&1
        echo "ended with $?"
    } | while IFS= read -r text; do
        printf '%s %s\n' "$(hundredths)" "$text" >>"$work/said"
        case $text in
        'ended with '*) ;;
        *) printf '%s\n' "$(printable "$text")" ;;
        esac
    done
    took=$(($(hundredths) - began))
    answers=yes
    [ -z "$address" ] || "$ping" -n -c 3 -i 0.5 -w 30 "$address" >/dev/null 2>&1 || answers=
    # ping prints its counts when it is interrupted. A shell starts it with the signal ignored, until it has set itself up.
    tries=25
    while [ -n "$pinger" ] && [ "$tries" -gt 0 ] && kill -INT "$pinger" 2>/dev/null; do
        tries=$((tries - 1))
        sleep 0.2
    done
    : >"$work/moved"
    # shellcheck disable=SC2086,SC2248
    kill $watcher $pinger 2>/dev/null
    wait
    watcher='' pinger=''
    status=$(sed -n '$s/^[0-9]* ended with //p' "$work/said")
    if [ "$status" != 0 ]; then
        complain "$guest did not move $words: status ${status:-unknown}"
        return 1
    fi
    text="$guest moved $words in $(in_seconds "$took") s"
    still=$(pause_of)
    [ -z "$still" ] || text="$text; it stood still for at most $(in_seconds "$still") s"
    echo "xenseed-verify: $text"
    [ -n "$address" ] || return 0
    say_pings
    if [ -z "$answers" ]; then
        complain "$guest does not answer to ping at $address any more"
        return 1
    fi
}

# pause_of: how long the guest stood still, in hundredths of a second: from the last time that it was seen running on this node
# until xl says that it runs on the other one. Nothing if it was not seen: on the way back, another node has it.
pause_of() {
    ends=$(sed -n 's/^\([0-9]*\) .*Target reports successful startup.*/\1/p' "$work/said" | sed 1q)
    awk -v ends="$ends" '
        $2 == "running" && !still { last = $1 }
        $2 == "still" && last != "" { still = 1 }
        END { if (ends != "" && still && ends >= last) print ends - last }' "$work/states"
}

# say_pings: how many pings were lost, and the longest time without an answer
say_pings() {
    awk -v address="$address" '
        / icmp_seq=/ && /^\[/ {
            time = substr($1, 2) + 0
            if (got++ && time - before > gap) gap = time - before
            before = time
        }
        / packets transmitted/ { sent = $1 }
        END {
            if (sent == "" || sent < got) sent = got
            printf "xenseed-verify: ping %s: %d of %d lost, at most %.1f s without an answer\n", address, sent - got, sent, gap
        }' "$work/pings"
}

# migrate: moves the guest to its other node and back. Returns the exit status.
migrate() {
    mover=$root/usr/local/sbin/xenseed-migrate
    if [ ! -x "$mover" ]; then
        complain "there is no $mover: this node has no guest that could move"
        return 2
    fi
    if ! ask_xl domid "$guest" >/dev/null; then
        complain "$guest does not run on this node"
        return 4
    fi
    if [ -n "$address" ] && ! "$ping" -n -c 3 -i 0.5 -W 5 "$address" >/dev/null 2>&1; then
        complain "$guest does not answer to ping at $address, so it is not moved"
        return 1
    fi
    work=$(mktemp -d) || return 2
    watcher='' pinger=''
    trap 'kill $watcher $pinger 2>/dev/null; rm -rf "$work"' EXIT
    trap 'exit 1' HUP INT TERM
    journey 'to its other node' "$mover" "$guest" || return 1
    journey back "$mover" --back "$guest" || return 1
    if ! ask_xl domid "$guest" >/dev/null; then
        complain "$guest does not run on this node again"
        return 1
    fi
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
    for interface in $(asked slaac); do
        [ -n "$(addresses6 "$interface" | sed '/^fe80:/d')" ] || return 1
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
            complain "--wait needs a number of seconds"
            exit 2
        fi
        wait_for=$2
        attempts=3
        shift
        ;;
    --migrate | --ping)
        case ${2:-} in
        '' | -* | *[!A-Za-z0-9.:_-]*)
            complain "$1 needs $([ "$1" = --ping ] && echo 'an address' || echo 'the name of a guest')"
            exit 2
            ;;
        esac
        if [ "$1" = --ping ]; then address=$2; else guest=$2; fi
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

timeout=$(found timeout)
xl=$(found xl)
if [ -n "$guest" ]; then
    ping=$(found ping)
    migrate
    exit
elif [ -n "$address" ]; then
    complain "--ping needs --migrate"
    exit 2
fi

if [ ! -f "$expect" ] || [ ! -r "$expect" ]; then
    complain "cannot read $expect"
    exit 2
fi

server=$(sed -n '/^report /{s///;p;q;}' "$expect")
lvs=$(found lvs)
pvs=$(found pvs)
vgs=$(found vgs)
ip=$(found ip)
hostname=$(found hostname)
divert=$(found dpkg-divert)
systemctl=$(found systemctl)
sshd=$(found sshd)
guests=$(found xenseed-guests)
migrate=$(found xenseed-migrate)
sudo=$(found sudo)

# The result of the last run since boot; a boot clears /run.
last=$root/run/xenseed-verify
before=$(first_line "$last")
again=${before:+yes}

node=$(asked hostname | sed 1q)
node=${node:-$(own_name)}
if [ -z "$again" ]; then
    progress boot - ok
    progress verify - start
fi
if [ -n "$server" ] && [ ! -e "$root/var/lib/xenseed/token" ]; then
    complain "there is no $root/var/lib/xenseed/token, so the server refuses what this node posts: install the node again to get one"
fi
deliver || :

began=$(uptime_seconds)
while [ "$wait_for" -gt 0 ] && ! ready; do
    sleep 2
    # The uptime is used because an attempt may take long and the wall clock may be set in the meantime.
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
checked=yes
if ! write_report "$content"; then
    complain "cannot write $root/var/lib/xenseed/report.json"
    deliver || keep
    exit 2
fi
# When the server gets the last line, it has the report.
if deliver; then
    try /report || :
fi
[ "$before" = "$outcome" ] || progress verify - "$outcome" "$summary"
deliver || keep
mkdir -p "${last%/*}"
echo "$outcome" >"$last"
case $outcome in
ok) exit 0 ;;
restart) exit 3 ;;
*) exit 1 ;;
esac
