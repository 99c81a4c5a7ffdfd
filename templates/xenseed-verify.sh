#!/bin/sh
# Written by xenseed; the same on every node, so it is changed in xenseed and not here.
# Checks that this Xen dom0 is what its lab file asked for, as written down in
# /etc/xenseed/expect, and leaves the result in /var/lib/xenseed/report.json.
#
# Output, one line per assertion (the text of SEEN starts in no fixed column,
# the name of the assertion always in column seven):
#
#   ok    NAME: saw SEEN
#   FAIL  NAME: saw SEEN, asked ASKED
#
# and last "xenseed-verify: NODE: N ok, M failed". Whatever is not printable
# ASCII is shown as "?"; the JSON report has it escaped.
# Exit status: 0 all ok, 1 something failed, 2 could not run or could not report.
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
#   total-memory MIB                     total_memory of `xl info`, see machine_slack
#   volume GROUP/NAME MIB                the size of a logical volume, see volume_slack; guests have the rest of the group
#   address INTERFACE ADDRESS/LENGTH     the interface has this IPv4 address
#   bridge BRIDGE PORT...                the bridge is up and has these ports (and maybe guests')
#   lease BRIDGE [ADDRESS]               has an IPv4 address that is not link-local: any, or this one
#   default-route INTERFACE|none         the only IPv4 default route
#   diversion FILE TARGET                dpkg diverts FILE to TARGET, and TARGET is there
#   grub-first xen                       grub.cfg's first entry loads Xen with every xen-option
#   toolstack NAME                       TOOLSTACK of /etc/default/xen, or what stands in for it
#   xendomains VARIABLE=[VALUE]          of /etc/default/xendomains; unset is the same as empty
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
# MiB by which the machine may be smaller than its modules: Xen counts only what
# the firmware reports as usable, so its tables, the legacy hole under 1 MiB and
# the like are missing (2047 of 2048 in VirtualBox, tens of MiB with real
# firmware). Memory lent to a graphics adapter is more than that, and is meant
# to be noticed.
machine_slack=64

# MiB by which a logical volume may be larger or smaller: the installer counts
# in megabytes, and LVM in extents of 4 MiB.
volume_slack=16

root=${XENSEED_ROOT:-}
expect=$root/etc/xenseed/expect
console=
wait_for=0
passed=0
failed=0
checks=

usage() {
    cat <<'USAGE'
usage: xenseed-verify [--console] [--wait SECONDS]
       xenseed-verify --help

Checks this dom0 against /etc/xenseed/expect: one line per assertion on
standard output, a report in /var/lib/xenseed/report.json.

  --console        write the lines to /dev/console too
  --wait SECONDS   first wait so long for xl to answer and for DHCP leases

Exit status: 0 all ok, 1 something failed, 2 could not run or could not report.
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

say() {
    printf '%s\n' "$1"
    show "$1"
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

# result true|false NAME SEEN ASKED
result() {
    set -- "$1" "$2" "${3:-nothing}" "$4"
    if [ "$1" = true ]; then
        passed=$((passed + 1))
        say "$(printable "ok    $2: saw $3")"
    else
        failed=$((failed + 1))
        say "$(printable "FAIL  $2: saw $3, asked $4")"
        progress verify "$(printf '%s' "$2" | tr ' ' -)" failed "saw $3, asked $4"
    fi
    checks="$checks${checks:+,}
    {\"name\": $(json "$2"), \"ok\": $1, \"seen\": $(json "$3"), \"asked\": $(json "$4")}"
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

ports() {
    set +f
    for port in "$root/sys/class/net/$1/brif/"*; do
        if [ -e "$port" ] || [ -L "$port" ]; then printf '%s\n' "${port##*/}"; fi
    done
    set -f
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

# first_entry: three lines about grub.cfg's first entry: menuentry or submenu,
# its title, the words of the line that loads a hypervisor
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
            exit
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
        if [ $# -eq 1 ] && is_number "$1"; then megabytes total-memory "$(info total_memory)" "$1" "$machine_slack"
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
        else misread "bridge BRIDGE PORT..."; fi
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

node=$(asked hostname | sed 1q)
node=${node:-$(own_name)}
progress boot - ok
progress verify - start

before=$(uptime_seconds)
while [ "$wait_for" -gt 0 ] && ! ready; do
    sleep 2
    # An attempt may itself have taken long; the wall clock may be set meanwhile.
    after=$(uptime_seconds)
    spent=$((after - before))
    [ "$spent" -ge 2 ] || spent=2
    wait_for=$((wait_for - spent))
    before=$after
done

xl_info=$(ask_xl info)

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

say "$(printable "xenseed-verify: $node: $passed ok, $failed failed")"

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
outcome=ok
[ "$failed" -eq 0 ] || outcome=failed
progress verify - "$outcome" "$passed ok, $failed failed"
[ "$failed" -eq 0 ]
