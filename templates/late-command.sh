#!/bin/sh
# {{made_by}}
# {{fqdn}}: the script that the installer of Debian {{release_number}} ({{codename}}) runs.
#
#   late-command.sh prepare PLACE   before partitioning: fetches the overlay from PLACE (a directory, or a URL for
#                                   preseed_fetch), checks it, chooses the disks, and only then clears them.
#   late-command.sh install         at the end: upgrade, packages, overlay, diversion, GRUB's menu.
#   late-command.sh tell STAGE STEP STATUS   reports the progress; the hooks that prepare installs call it.
#
# It runs under the installer's busybox ash. Each step has a name. If a step fails, its last output is shown, and the step
# is repeated when the message is dismissed, so the installer never reboots a half-configured node.
# The script may be run repeatedly. Log: {{log}}.
set -u
umask 022

node={{node}}
overlay_sum={{overlay_sum}}
work=/tmp/xenseed
# The directory with the status: in the installer until /target is mounted, then in the new system.
record=/var/lib/xenseed
log=$work/late-command.log

say() {
    echo "xenseed: $*" >>"$log"
    logger -t xenseed "$node: $*"
}

# progress STAGE STEP STATUS [MESSAGE]: reports the progress of this node in one line for programs: name and version of the
# format, node, stage, step or -, start, ok or failed, seconds since the kernel started, message. Printable ASCII only.
# After a failure, the last lines of the log follow.
progress() {
    read -r seconds _ </proc/uptime
    line=$(echo "xenseed/1 $node $1 $2 $3 $seconds ${4:-}" | tr -c ' -~\n' '?' | cut -c 1-250)
    echo "$line" >>"$log"
{{#tells}}
    text=$line
    [ "$3" != failed ] || text=$(
        echo "$line"
        tail -n 50 "$log" | tr -c ' -~\n' '?' | cut -c 1-250 | sed "s/^/xenseed\/1+ $node /"
    )
{{/tells}}
{{#serial_port}}
    # The installer draws on the same terminal, so each line begins and ends with a line break.
    printf '\r\n%s\n' "$text" | sed 's/$/\r/' >>/dev/{{.}} 2>/dev/null || true
{{/serial_port}}
{{#report}}
    keep "$text"
    # It runs in the background, so a server that does not answer delays nothing.
    send </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- &
    sender=$!
{{/report}}
}

{{#report}}
# ---- posting ----

# The server refuses posts without the token that it gives to this node. Both files below $work are for root only.
token=$work/token
# The lines that have not been posted: one file for each progress line and its log lines. The names are numbers in the order of the
# lines.
unsent=$work/unsent
# A link that names the process that posts. The installer's busybox has no flock.
sending=$work/sending

# Sets newest to the name of the last file with lines; to nothing if there is none.
find_newest() {
    newest=
    for name in "$unsent"/*; do
        [ ! -e "$name" ] || newest=${name##*/}
    done
}

# keep TEXT: keeps lines until they have been posted.
keep() {
    mkdir -p $unsent
    find_newest
    number=${newest:-100000}
    echo "$1" >$work/kept.$$
    # If another process keeps lines at the same time, it may have taken the number.
    for _ in 1 2 3; do
        number=$((number + 1))
        ! ln $work/kept.$$ $unsent/$number 2>/dev/null || break
    done
    rm -f $work/kept.$$
}

# Posts all lines in their order, unless another process does so. It returns when there are none, or when it has given up; the next
# line starts it again.
send() {
    umask 077
    tried=
    cd $unsent || return 0
    find_newest
    while [ "$newest" != "$tried" ]; do
        lock || return 0
        deliver
        [ "$(readlink $sending)" != "$own" ] || rm -f $sending
        # A process with a newer line may have found the lock.
        find_newest
    done
}

# identify PID: sets identity to the number and the start time of a process (fields 1 and 22 of /proc/PID/stat), which together no
# other process has; to nothing if there is no such process.
identify() {
    identity=
    read -r stat <"/proc/$1/stat" || return 0
    # The name of the program, in parentheses, may contain blanks.
    # shellcheck disable=SC2086
    set -- "${stat%% *}" ${stat##*) }
    identity=$1-${21-}
}

# Succeeds if this process is the one that posts from now on. A process that was killed does not count.
lock() {
    identify self
    own=$identity
    for _ in 1 2 3; do
        ! ln -s "$own" $sending || return 0
        holder=$(readlink $sending)
        identify "${holder%-*}"
        [ "$identity" != "$holder" ] || return 1
        rm -f $sending
    done
    return 1
}

# Posts until there are no lines. A server that does not answer, or has an error (5xx), gets the same post again, after pauses that
# grow to a minute, for about an hour; a new line ends the pause. What it refuses (4xx) is dropped, but with 403 this node first
# claims a new token, and then keeps the lines.
deliver() {
    path=progress
    [ -e $token ] || path=claim
    attempts=0
    pause=1
    renewed=
    single=
    while [ "$(readlink $sending)" = "$own" ]; do
        set -- *
        if [ ! -e "$1" ]; then
            tried=
            break
        fi
        for tried; do :; done
        if [ $path = claim ]; then
            echo "$node" >$work/post
        else
            [ "$(cat "$@" | wc -l)" -le 200 ] || shorten "$@"
            [ -z "$single" ] || set -- "$1"
            cat "$@" >$work/post
        fi
        exchange $path
        case $path-$status in
            claim-2??)
                answer=$(tail -n 1 $work/answer | tr -cd 0-9a-f)
                [ ${#answer} -eq 32 ] || answer=
                printf %s "$answer" >$token.new
                mv $token.new $token
                path=progress
                attempts=0
                pause=1
                ;;
            claim-403) break ;;
            claim-4??)
                # This server does not use tokens.
                : >$token
                path=progress
                ;;
            progress-2??)
                rm -f "$@"
                attempts=0
                pause=1
                renewed=
                ;;
            progress-403)
                [ -z "$renewed" ] || break
                renewed=yes
                path=claim
                ;;
            progress-4??)
                # One of several lines may be the reason.
                [ $# -gt 1 ] || rm -f "$1"
                single=yes
                ;;
            *)
                attempts=$((attempts + 1))
                [ $attempts -lt 60 ] || break
                [ ! -e $work/restarts ] || pause=1
                waited=0
                find_newest
                while [ $waited -lt $pause ] && [ "$newest" = "$tried" ]; do
                    sleep 1
                    waited=$((waited + 1))
                    find_newest
                done
                [ $pause -ge 60 ] || pause=$((pause * 2))
                ;;
        esac
    done
}

# shorten FILE...: leaves at most 200 lines, so that one post can have all, also within 64 KiB: the log of the last failure and the
# last progress lines. They are all in the last file then.
shorten() {
    {
        cat "$@" | grep '^xenseed/1 ' | tail -n 149
        grep '^xenseed/1+ ' "$tried"
    } >$work/post
    mv $work/post "$tried"
    for name; do
        [ "$name" = "$tried" ] || rm -f "$name"
    done
}

# exchange PATH: posts $work/post to a path of the server, and sets status to that of its answer; to nothing if there is none.
exchange() {
    {
        printf 'POST {{path}}/%s HTTP/1.0\r\nHost: {{host}}:{{port}}\r\nContent-Type: text/plain\r\nContent-Length: %s\r\n' \
            "$1" $(($(wc -c <$work/post)))
        [ "$1" = claim ] || [ ! -s $token ] || printf 'Authorization: Bearer %s\r\n' "$(cat $token)"
        printf '\r\n'
        cat $work/post
    } >$work/request
    # A longer answer, which would fill the memory, ends nc.
    (
        ulimit -f 16
        exec nc -w 5 {{host}} {{port}}
    ) <$work/request >$work/answer &
    # -w only limits the time to connect, and the installer's busybox has no timeout.
    waited=0
    while sleep 1 && kill -0 $!; do
        waited=$((waited + 1))
        if [ $waited -eq 5 ]; then
            kill $!
            break
        fi
    done
    rm -f $work/request
    status=
    read -r _ status _ <$work/answer
}

# Puts the token into the new system, for xenseed-verify.
install_token() {
    [ -e $token ] && [ -d /target/var/lib ] || return 0
    mkdir -p /target/var/lib/xenseed
    (
        umask 077
        cat $token >/target/var/lib/xenseed/token.new
    )
    mv /target/var/lib/xenseed/token.new /target/var/lib/xenseed/token
}

# Waits at most ten seconds until all lines have been posted, because the server does not install a node again that has told it of its
# restart. xenseed-verify posts the rest.
finish_posts() {
    : >$work/restarts
    waited=0
    find_newest
    while [ -n "$newest" ] && [ $waited -lt 10 ] && { kill -0 $sender || [ -L $sending ]; } 2>/dev/null; do
        sleep 1
        waited=$((waited + 1))
        find_newest
    done
    install_token
    [ -n "$newest" ] && [ -d /target/var/lib ] || return 0
    mkdir -p /target/var/lib/xenseed/unsent
    cp $unsent/* /target/var/lib/xenseed/unsent
}

{{/report}}
# Only debconf may write to the installer's screen. The question about a failed command is used, with the step in place of
# the command. Without a frontend (in a rescue shell), standard error is used.
show() {
    if [ -n "${DEBIAN_HAS_FRONTEND:-}" ] && [ -r /usr/share/debconf/confmodule ]; then
        # shellcheck disable=SC1091
        (
            . /usr/share/debconf/confmodule
            db_subst preseed/command_failed COMMAND "$1"
            db_subst preseed/command_failed CODE "$2"
            db_fset preseed/command_failed seen false
            # If the frontend shows nothing, this prevents a busy loop.
            db_input critical preseed/command_failed || sleep 30
            db_go
        ) || sleep 30
        return 0
    fi
    echo "$1 (exit code $2)" >&2
    return 1
}

# run NAME FUNCTION: runs a step of $stage. It runs in a new shell, because -e is ignored in a function that is called in
# a condition. Its output goes to the log; if it fails, the round ends. Standard input is inherited: debconf-set and
# preseed_fetch read debconf's answers from it.
run() {
    say "step $1"
    progress "$stage" "$1" start
    code=0
    rm -f $work/is-logged
    sh "$0" step "$2" "$place" >$work/step.out 2>&1 || code=$?
    cat $work/step.out >>"$log"
    [ -e $work/is-logged ] || logger -t xenseed <$work/step.out
    if [ $code -eq 0 ]; then
        progress "$stage" "$1" ok
        return 0
    fi
    say "step $1 FAILED with code $code"
    progress "$stage" "$1" failed "exit code $code"
    failed=$1
    return 1
}

# rounds NAME: runs the round NAME until it succeeds; a person starts each further attempt.
rounds() {
    progress "$stage" - start
    until "$1"; do
        status "failed $1 $failed $code"
        # The last complete lines that fit into a dialog, because they contain the reason.
        for count in 8 6 4 3 2 1; do
            last=$(tail -n $count $work/step.out | tr '\n' ' ' | cut -c 1-600)
            [ ${#last} -eq 600 ] || break
        done
        show "xenseed: $node: step $failed of $1: $last [Continue repeats the step; log: $log]" "$code" || exit 1
    done
    status "done $1"
    progress "$stage" - ok
    say "$1 done"
}

status() {
    mkdir -p $record
    echo "$1" >$record/late-command.status
}

# ---- prepare ----

# Checks that the installed system will boot with this firmware. The variable SecureBoot has four bytes of attributes and then one
# byte, which is 1 when Secure Boot is on (UEFI 2.8, section 3.3; efivarfs of Linux).
check_firmware() {
    mode=bios
    [ ! -d /sys/firmware/efi ] || mode=uefi
    if [ $mode != {{firmware}} ]; then
        echo "this machine was started in $mode mode, but the lab has firmware: {{firmware}}. Nothing has been erased: start it in" \
            "{{firmware}} mode, or correct the lab and build again"
        return 1
    fi
    [ $mode = uefi ] || return 0
    variables=/sys/firmware/efi/efivars
    secure_boot=$variables/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c
    if [ ! -e $secure_boot ]; then
        modprobe efivarfs 2>/dev/null || true
        mount -t efivarfs efivarfs $variables 2>/dev/null || true
    fi
    if [ "$(cat $secure_boot 2>/dev/null | dd bs=1 skip=4 count=1 2>/dev/null)" = "$(printf '\001')" ]; then
        echo "Secure Boot is on, so GRUB would not start Xen, which is not signed. Nothing has been erased: disable Secure" \
            "Boot in the firmware setup of this machine, and start the installation again"
        return 1
    fi
}

{{#unknown_cards}}
# The lab does not know the addresses of these cards and has others in their place. find-node.sh writes which card each one is, after a
# person has confirmed it. A virtual machine of the lab has the addresses in place of the unknown ones.
check_cards() {
    for mac in{{#unknown_macs}} {{.}}{{/unknown_macs}}; do
        grep -q "^$mac " $work/macs 2>/dev/null || cat /sys/class/net/*/address 2>/dev/null | grep -q -x "$mac" || {
            echo "a network card of $node is unknown: start the machine from a medium that xenseed iso has written, and confirm" \
                "its question. Nothing has been erased"
            return 1
        }
    done
}

# Puts the addresses of the cards into the files of the overlay.
fill_in_cards() {
    [ -e $work/macs ] || return 0
    while read -r unknown mac; do
        for file in etc/network/interfaces etc/udev/rules.d/70-persistent-net.rules etc/xenseed/cards etc/xenseed/expect; do
            [ ! -e "/target/$file" ] || sed -i "s/$unknown/$mac/" "/target/$file"
        done
    done <$work/macs
}

{{/unknown_cards}}
get() {
    case $place in
{{#web_proxy}}
        *://*)
            # The mirror's proxy may not reach the boot server.
            debconf-set mirror/http/proxy ''
            code=0
            preseed_fetch "$place/$1" "$work/$1.part" || code=$?
            debconf-set mirror/http/proxy {{.}}
            [ $code -eq 0 ]
            ;;
{{/web_proxy}}
{{^web_proxy}}
        *://*) preseed_fetch "$place/$1" "$work/$1.part" ;;
{{/web_proxy}}
        *) cp "$place/$1" "$work/$1.part" ;;
    esac
    mv "$work/$1.part" "$work/$1"
}

fetch_overlay() {
    get overlay.tar.gz
}

check_overlay() {
    echo "$overlay_sum  $work/overlay.tar.gz" >$work/overlay.sum
    sha256sum -c $work/overlay.sum
}

# whole_disk NAME: the disks that a device is on, by their names in sysfs: sda for sda, sda1, and a dm-0 that is mapped to it.
whole_disk() {
    [ -e "/sys/class/block/$1" ] || return 1
    below=
    for path in /sys/class/block/"$1"/slaves/*; do
        [ ! -e "$path" ] || below="$below ${path##*/}"
    done
    if [ -n "$below" ]; then
        for name in $below; do
            (whole_disk "$name")
        done
    elif [ -e "/sys/class/block/$1/partition" ]; then
        up=$(readlink -f "/sys/class/block/$1")
        basename "${up%/*}"
    else
        echo "$1"
    fi
}

# name_of PATH: the name in sysfs of the device that a path leads to.
name_of() {
    real=$(readlink -f "$1") || real=$1
    [ -e "/sys/block/${real#/dev/}" ] || [ -e "/sys/class/block/${real#/dev/}" ] || return 1
    echo "${real#/dev/}"
}

# The disks that the installer runs from.
medium_disks() {
    while read -r device folder _; do
        case $folder in
            /cdrom | /hd-media | /media | /media/*)
                real=$(readlink -f "$device") || real=$device
                whole_disk "${real#/dev/}" || true
                ;;
        esac
    done </proc/mounts
}

megabytes() {
    echo $(($(cat "/sys/block/$1/size") * 512 / 1000000))
}

# Whether a disk is removable: it is on USB, or sysfs has it as removable.
is_removable() {
    [ "$(cat "/sys/block/$1/removable")" = 0 ] || return 0
    case $(readlink -f "/sys/block/$1") in
        */usb*) return 0 ;;
    esac
    return 1
}

# The name of the ISO 9660 volume on a disk, as installer images have one.
volume() {
    [ "$(dd if="/dev/$1" bs=1 skip=32769 count=5 2>/dev/null)" = CD001 ] || return 0
    echo "the image $(dd if="/dev/$1" bs=1 skip=32808 count=32 2>/dev/null | sed 's/ *$//')"
}

# The description of a removable disk for a person.
looks_like() {
    {
        cat "/sys/block/$1/device/vendor" "/sys/block/$1/device/model" 2>/dev/null
        echo "$(megabytes "$1") MB"
        volume "$1"
    } | tr -s '\n ' ' ' | sed 's/ $//'
}

# The disks that the lab keeps, by their names in sysfs. If one is missing, it may have another name here, so nothing is erased.
kept_disks() {
    # shellcheck disable=SC2043
    for path in{{#kept}} {{.}}{{/kept}}; do
        if ! name=$(name_of "$path"); then
            echo "the lab keeps $path, but this machine has no such disk: attach it, or correct disk.keep, build again and restart" \
                "the installation; the disks are: $(every_disk | describe)" >&2
            return 1
        fi
        whole_disk "$name"
    done
}

# All whole disks, by their names in sysfs.
every_disk() {
    for path in /sys/block/*; do
        is_whole_disk "${path##*/}" && echo "${path##*/}"
    done
    return 0
}

# Whether a name in sysfs is that of a whole disk: not a partition, a device that is composed of disks (dm-0, md0), a loop device, a
# CD drive, a boot area of an MMC, or one of several paths to an NVMe disk (nvme0c1n1).
is_whole_disk() {
    case $1 in
        mmcblk*boot* | mmcblk*rpmb | nvme*c*n*) return 1 ;;
        sd* | vd* | xvd* | hd* | nvme* | mmcblk*) [ -e "/sys/block/$1" ] ;;
        *) return 1 ;;
    esac
}

# The devices that are composed of a disk or its partitions: maps of LVM and multipath, RAID arrays.
users() {
    for path in /sys/block/"$1"/holders/* /sys/block/"$1"/"$1"*/holders/*; do
        [ -e "$path" ] || continue
        name=${path##*/}
        map=$(cat "/sys/class/block/$name/dm/uuid" 2>/dev/null) || map=
        echo "$name${map:+ ($map)}"
    done
}

# The world-wide identifier and the size of a disk. Linux shows the identifier of SCSI disks since 4.6, of NVMe disks since 4.8.
identity() {
    wwid=$(cat "/sys/block/$1/wwid" 2>/dev/null || cat "/sys/block/$1/device/wwid" 2>/dev/null) || wwid=
    [ -z "$wwid" ] || echo "$wwid $(cat "/sys/block/$1/size")"
}

# The other names of the same disk, if several paths lead to it.
other_paths() {
    own=$(identity "$1")
    [ -n "$own" ] || return 0
    every_disk | while read -r name; do
        [ "$name" = "$1" ] || [ "$(identity "$name")" != "$own" ] || echo "$name"
    done
}

# may_not_erase NAME: succeeds and prints the reason if the disk must not be erased, even if the lab selects it. It needs $kept and
# $medium, which choose_disk sets.
may_not_erase() {
    if ! is_whole_disk "$1"; then
        echo "$1 is not a whole disk"
        return 0
    fi
    case " $kept " in
        *" $1 "*)
            echo "$1 is a disk that the lab keeps"
            return 0
            ;;
    esac
    case " $medium " in
        *" $1 "*)
            echo "$1 is the install medium itself"
            return 0
            ;;
    esac
    # The medium of an installer that runs from RAM may not be mounted.
    if is_removable "$1"; then
        echo "$1 is on USB or removable, so it may be the install medium: $(looks_like "$1")"
        return 0
    fi
    used=$(users "$1" | tr '\n' ' ')
    if [ -n "$used" ]; then
        echo "$1 is in use by ${used% }"
        return 0
    fi
    paths=$(other_paths "$1" | tr '\n' ' ')
    if [ -n "$paths" ]; then
        echo "$1 is one of several paths to the same disk: ${paths% }"
        return 0
    fi
    if [ "$(cat "/sys/block/$1/size")" -eq 0 ]; then
        echo "$1 is empty: there is no medium in the drive"
        return 0
    fi
    return 1
}

# The disks that may be erased.
candidates() {
    every_disk | while read -r name; do
        may_not_erase "$name" >/dev/null || echo "$name"
    done
}

# The names from standard input with their sizes, for a person.
describe() {
    while read -r name; do
        [ -z "$name" ] || printf '%s (%s MB) ' "$name" "$(megabytes "$name")"
    done
}

{{#rule}}
# one_of NAMES WHAT: prints the name if there is exactly one; fails otherwise.
one_of() {
    case $1 in
        '' | *[!a-z0-9]*)
            echo "$2: found $(echo "$1" | describe); the disks are: $(candidates | describe)" >&2
            return 1
            ;;
    esac
    echo "$1"
}

{{/rule}}
# The selected disks, by their names in sysfs.
pick_disks() {
{{#listed}}
    # shellcheck disable=SC2043
    for path in{{#paths}} {{.}}{{/paths}}; do
        if ! name_of "$path"; then
            echo "there is no $path; the disks are: $(candidates | describe)" >&2
            return 1
        fi
    done
{{/listed}}
{{#only}}
    one_of "$(candidates)" "the only disk"
{{/only}}
{{#by_order}}
    # Each line begins with the size, by which they are sorted. If two disks have that size, one_of fails.
    sizes=$(candidates | while read -r name; do echo "$(cat "/sys/block/$name/size") $name"; done | sort -n{{#largest}} -r{{/largest}})
    best=$(echo "$sizes" | head -n 1 | cut -d ' ' -f 1)
    one_of "$(echo "$sizes" | grep "^$best " | cut -d ' ' -f 2)" "the {{order_word}} disk"
{{/by_order}}
{{#by_size}}
    # Within 5 % of {{size_words}}.
    one_of "$(candidates | while read -r name; do
        mb=$(megabytes "$name")
        if [ "$mb" -ge {{size_low}} ] && [ "$mb" -le {{size_high}} ]; then echo "$name"; fi
    done)" "the disk of {{size_words}}"
{{/by_size}}
}

{{#raid}}
# partition NAME NUMBER: the name of a partition of a disk.
partition() {
    case $1 in
        *[0-9]) echo "${1}p$2" ;;
        *) echo "$1$2" ;;
    esac
}

# array INDEX FILESYSTEM MOUNTPOINT: an array in the language of partman-auto-raid. A disk with a GPT has the partition of the boot
# loader before those of the arrays.{{^uefi}} The installer writes a GPT on a disk of more than 2 TiB (partman-partitioning 159,
# lib/disk-label.sh).{{/uefi}}
array() {
    members=
    for disk in $disks; do
        first=1
{{#uefi}}
        first=2
{{/uefi}}
{{^uefi}}
        [ "$(cat "/sys/block/$disk/size")" -le 4294967296 ] || first=2
{{/uefi}}
        members="$members#/dev/$(partition "$disk" $((first + $1)))"
    done
    echo "1 {{count}} 0 $2 $3 ${members#\#} ."
}

{{/raid}}
{{#uses_groups}}
# is_on NAME DISKS: whether a device is on these disks only.
is_on() {
    below=$(whole_disk "$1") || return 1
    for name in $below; do
        case " $2 " in
            *" $name "*) ;;
            *) return 1 ;;
        esac
    done
}

# physical_volumes GROUP: the devices of a volume group.
physical_volumes() {
    pvs --noheadings -o pv_name,vg_name 2>/dev/null | while read -r volume group; do
        [ "$group" != "$1" ] || echo "$volume"
    done
}

{{/uses_groups}}
choose_disk() {
    medium=$(medium_disks | tr '\n' ' ')
    kept=$(kept_disks)
    kept=$(echo "$kept" | tr '\n' ' ')
    disks=$(pick_disks)
    [ -n "$disks" ]
    disks=$(echo "$disks" | tr '\n' ' ' | sed 's/ $//')
{{#raid}}
    if [ "$(echo "$disks" | tr ' ' '\n' | sort -u | wc -l)" -ne {{count}} ]; then
        echo "two of the {{count}} disks in the lab are the same disk: $disks"
        return 1
    fi
{{/raid}}
    for disk in $disks; do
        if reason=$(may_not_erase "$disk"); then
            echo "$reason; the disks are: $(candidates | describe)"
            return 1
        fi
{{#boot_disks}}
        case $disk in
            {{.}}) ;;
            *)
                echo "the installer of {{codename}} cannot install its boot loader on $disk: connect the disk to another" \
                    "controller, or select another disk"
                return 1
                ;;
        esac
{{/boot_disks}}
        have=$(megabytes "$disk")
        if [ "$have" -lt {{disk_minimum}} ]; then
            echo "$disk has $have MB; the layout needs {{disk_minimum}} MB"
            return 1
        fi
    done
{{#volume_group}}
    # partman fails if a volume group of this name exists.
    elsewhere=$(physical_volumes {{.}} | while read -r volume; do
        is_on "${volume#/dev/}" "$disks" || echo "$volume"
    done)
    if [ -n "$elsewhere" ]; then
        echo "there is a volume group {{.}} on $elsewhere, which is not erased: rename it, or use another name in the lab"
        return 1
    fi
{{/volume_group}}
    echo "everything on this will be erased: $(echo "$disks" | tr ' ' '\n' | describe)"
    echo "$disks" | tr ' ' '\n' >$work/disks
    devices=$(echo "$disks" | sed 's,[^ ]*,/dev/&,g')
    debconf-set partman-auto/disk "$devices"
    debconf-set grub-installer/bootdev "$devices"
{{#raid}}
    debconf-set partman-auto-raid/recipe "{{#arrays}}{{#separator}} {{/separator}}$(array {{index}} {{filesystem}} {{mountpoint}}){{/arrays}}"
{{/raid}}
}

{{#has_groups}}
# is_empty NAME: whether a disk has no partition, and nothing but zeros where labels are.
is_empty() {
    for path in /sys/block/"$1"/"$1"*; do
        [ ! -e "$path/partition" ] || return 1
    done
    dd if=/dev/zero of=$work/zeros bs=512 count=2048 2>/dev/null
    dd if="/dev/$1" bs=512 count=2048 2>/dev/null | cmp - $work/zeros >/dev/null 2>&1 || return 1
    dd if="/dev/$1" bs=512 skip=$(($(cat "/sys/block/$1/size") - 2048)) 2>/dev/null | cmp - $work/zeros >/dev/null 2>&1
}

# check_group NAME ERASE PATH...: checks that the volume group can be made of these disks, or that it is already there. ERASE is
# yes if the lab allows to erase them. It needs $kept, $medium and $used.
check_group() {
    group=$1
    erase=$2
    shift 2
    disks=
    for path; do
        if ! disk=$(name_of "$path"); then
            echo "there is no $path, a disk of the volume group $group; the disks are: $(every_disk | describe)"
            return 1
        fi
        case " $used " in
            *" $disk "*)
                echo "$path, a disk of the volume group $group, is $disk, which the lab already uses"
                return 1
                ;;
        esac
        used="$used $disk"
        disks="$disks $disk"
    done
    volumes=$(physical_volumes "$group")
    for volume in $volumes; do
        if ! is_on "${volume#/dev/}" "$disks"; then
            echo "there is a volume group $group on $volume, which is not one of its disks in the lab: rename it, or correct" \
                "the lab"
            return 1
        fi
    done
    if [ "$erase" = no ] && [ -n "$volumes" ]; then
        present=$(for volume in $volumes; do whole_disk "${volume#/dev/}"; done | tr '\n' ' ')
        for disk in $disks; do
            case " $present " in
                *" $disk "*) ;;
                *)
                    echo "the volume group $group exists without $disk: remove $disk from the lab, or add it to the group with" \
                        "vgextend"
                    return 1
                    ;;
            esac
        done
        echo "the volume group $group is kept, with the disks$disks"
        return 0
    fi
    for disk in $disks; do
        if reason=$(may_not_erase "$disk"); then
            echo "$reason"
            return 1
        fi
        [ "$erase" = no ] || echo "$disk" >>$work/group-disks
        if [ "$erase" = no ] && ! is_empty "$disk"; then
            echo "$disk, a disk of the volume group $group, is not empty. Nothing has been erased: if its content is not needed," \
                "write in the lab: erase: EVERYTHING ON THESE DISKS, build again and restart the installation"
            return 1
        fi
    done
}

check_groups() {
    medium=$(medium_disks | tr '\n' ' ')
    kept=$(kept_disks)
    kept=$(echo "$kept" | tr '\n' ' ')
    used=$(tr '\n' ' ' <$work/disks)
    : >$work/group-disks
{{#volume_groups}}
    check_group {{name}} {{erase}}{{#devices}} {{.}}{{/devices}}
{{/volume_groups}}
    echo "everything on this will be erased: $(describe <$work/group-disks)"
}

{{/has_groups}}
# wipe NAME: the first and the last mebibyte of a disk or partition.
wipe() {
    sectors=$(cat "/sys/class/block/$1/size")
    count=$sectors
    [ "$count" -lt 2048 ] || count=2048
    dd if=/dev/zero of="/dev/$1" bs=512 count="$count"
    dd if=/dev/zero of="/dev/$1" bs=512 count="$count" seek=$((sectors - count))
}

# clear_one NAME: overwrites the places where partition tables, RAID members and LVM volumes have their labels. Otherwise partman
# would start the devices that they belong to, and ask; and the new system would find a label that partitioning did not overwrite.
clear_one() {
    for path in /sys/block/"$1"/"$1"*; do
        [ ! -e "$path/partition" ] || wipe "${path##*/}"
    done
    wipe "$1"
}

clear_disk() {
    while read -r disk; do
        clear_one "$disk"
    done <$work/disks
{{#has_groups}}
    while read -r disk; do
        clear_one "$disk"
    done <$work/group-disks
{{/has_groups}}
    sync
}

{{#raid}}
# The data of a new array is what its partitions had, because mdadm does not overwrite it. After an earlier installation with the
# same layout, LVM would find the old volume group there. partman runs its init.d again when the arrays have been made.
clear_arrays() {
    [ ! -e $work/arrays-are-clear ] || return 0
    disks=$(tr '\n' ' ' <$work/disks)
    for path in /sys/block/md*; do
        if [ -e "$path/md" ] && is_on "${path##*/}" "$disks"; then
            wipe "${path##*/}"
            : >$work/arrays-are-clear
        fi
    done
}

{{/raid}}
# partman starts the arrays and volume groups of all disks, which writes to them, and formats every swap space for the new
# system (up to partman-basicfilesystems 165). The chosen disks are clear, so these are all on other disks.
leave_other_disks() {
    rm -f /lib/partman/init.d/*md-devices /lib/partman/init.d/*lvm-devices /lib/partman/init.d/*autouse_swap
    # os-prober mounts every file system that it finds, in search of other systems for the boot menu.
    [ ! -e /usr/bin/os-prober ] || printf '#!/bin/sh\n' >/usr/bin/os-prober
{{#volume_group}}
    # lvm-devices also prepares LVM.
    mkdir -p /var/lib/partman
    : >/var/lib/partman/lvm
    modprobe dm-mod || true
{{/volume_group}}
{{#raid}}
    mkdir -p /lib/partman/init.d
    printf '#!/bin/sh\nsh %s step clear_arrays </dev/null >/dev/null 2>&1\nexit 0\n' "$0" >/lib/partman/init.d/24xenseed
    chmod 755 /lib/partman/init.d/24xenseed
{{/raid}}
}

# hook PATH ARGUMENTS...: writes a hook of the installer that calls `tell` with each of the arguments. The hook prints nothing,
# because its standard output may be debconf's.
hook() {
    path=$1
    shift
    mkdir -p "${path%/*}"
    {
        echo '#!/bin/sh'
        for words; do
            echo "sh $0 tell $words </dev/null >/dev/null 2>&1"
        done
        echo 'exit 0'
    } >"$path"
    chmod 755 "$path"
}

# base-installer.d runs after debootstrap. The stage base ends when the packages begin, because post-base-installer.d already runs
# before the kernel is installed (base-installer 1.154). The stage packages includes the boot loader. The late command runs from
# finish-install.d, where step 95 unmounts /proc.
tell_stages() {
    hook /lib/partman/finish.d/99xenseed 'partitioning - ok' 'base - start'
    hook /usr/lib/base-installer.d/00xenseed 'base debootstrap ok'
    hook /usr/lib/pre-pkgsel.d/00xenseed 'base - ok' 'packages - start'
    hook /usr/lib/finish-install.d/00xenseed 'packages - ok'
    hook /usr/lib/finish-install.d/94xenseed 'reboot - start'
}

prepare() {
    # Until a disk is chosen, partman must not select one automatically.
    debconf-set partman-auto/method ''
    run check-firmware check_firmware &&{{#unknown_cards}}
        run check-cards check_cards &&{{/unknown_cards}}
        run fetch-overlay fetch_overlay &&
        run check-overlay check_overlay &&
        run choose-disk choose_disk &&
{{#has_groups}}
        run check-volume-groups check_groups &&
{{/has_groups}}
        run clear-disk clear_disk &&
        run leave-other-disks leave_other_disks &&
        run tell-stages tell_stages &&
        debconf-set partman-auto/method {{method}}
}

# ---- install ----

# in_target COMMAND: runs a shell command in the new system. Its output is kept, so that it can be shown, and is also in the
# installer's log while the command runs, because packages take minutes. The parent of the command must wait for it: the
# installer's log-output does not notice the end of a command while another process, here tail, can write to the log.
in_target() {
    : >$work/is-logged
    : >/target/var/log/xenseed/command.out
    code=0
    in-target sh -c "cd /var/log/xenseed
        (cd /; export DEBIAN_FRONTEND=noninteractive; $1) >>command.out 2>&1 </dev/null & command=\$!
        tail -n +1 -f --pid=\$command command.out &
        code=0; wait \$command || code=\$?; wait; exit \$code" || code=$?
    cat /target/var/log/xenseed/command.out
    rm -f /target/var/log/xenseed/command.out
    return $code
}

{{#rest_volume}}
# The installer of {{codename}} gives the rest of the group to the last volume. The recipe has an extra last volume, which is
# removed here, so that its space is free for guests.
free_rest() {
    if lvs {{.}} >/dev/null 2>&1; then
        lvremove -f {{.}}
    fi
}

{{/rest_volume}}
{{#has_groups}}
# make_group NAME PATH...: makes a volume group unless it exists.
make_group() {
    group=$1
    shift
    if vgs "$group" >/dev/null 2>&1; then
        return 0
    fi
    for path; do
        pvcreate -ff -y "/dev/$(name_of "$path")"
    done
    # shellcheck disable=SC2046
    vgcreate "$group" $(for path; do echo "/dev/$(name_of "$path")"; done)
}

{{/has_groups}}
{{#makes_volumes}}
# make_volume GROUP NAME MIB: makes a logical volume unless it exists. Its content is left as it is.
make_volume() {
    lvs "$1/$2" >/dev/null 2>&1 || lvcreate -y --wipesignatures n -L "$3m" -n "$2" "$1"
}

make_volumes() {
    modprobe dm-mod || true
{{#volume_groups}}
    make_group {{name}}{{#devices}} {{.}}{{/devices}}
{{/volume_groups}}
{{#guest_volumes}}
    make_volume {{group}} {{name}} {{size}}
{{/guest_volumes}}
}

{{/makes_volumes}}
{{#upgrade}}
# Installs the updates since the release, from which the kernel and the base system come. If an index can't be fetched, apt only
# prints a warning and finds no updates, so the output of apt is searched for it.
upgrade() {
    # If a later step is repeated, this one, which takes long, is not.
    [ ! -e $work/is-upgraded ] || return 0
{{#missing_source}}
    # The installer of {{codename}} cannot enable this archive by itself.
    grep -q -x -F 'deb {{.}} main' /target/etc/apt/sources.list || echo 'deb {{.}} main' >>/target/etc/apt/sources.list
{{/missing_source}}
    # The shell of the new system expands the variables.
    # shellcheck disable=SC2016
    in_target '
        said=/var/log/xenseed/update.out
        code=0
        LC_ALL=C apt-get -q{{update_options}} update >$said 2>&1 || code=$?
        cat $said
        if [ $code -ne 0 ] || grep -q "failed to download" $said; then
            echo "The updates cannot be determined. In the lab, mirror: {security: false} omits the security archive, and" \
                "upgrade: false omits this step."
            exit 1
        fi
        rm $said
        apt-get -q -y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold{{apt_options}} dist-upgrade'
    : >$work/is-upgraded
}

{{/upgrade}}
install_packages() {
    in_target 'apt-get -q -y{{apt_options}} install{{#packages}} {{.}}{{/packages}}'
}

{{#users}}
# The accounts of people: user name, number or nothing, shell, groups, full name.
accounts() {
    cat <<'END'
{{#accounts}}
{{user}}:{{uid}}:{{shell}}:{{groups}}:{{full_name}}
{{/accounts}}
END
}

# The hashes of their passwords, in the form of chpasswd(8).
hashes() {
    cat <<'END'
{{#accounts}}
{{user}}:{{hash}}
{{/accounts}}
END
}

# Their SSH keys, each after the name of its user.
ssh_keys() {
    cat <<'END'
{{#accounts}}
{{#user_keys}}
{{user}} {{.}}
{{/user_keys}}
{{/accounts}}
END
}

# Creates the accounts. The data is passed in files that only root can read, because the arguments of a command are shown by ps and in
# logs. An account that exists already, because the step is repeated, gets the same settings again.
make_users() {
    data=/var/lib/xenseed/users
    mkdir -p /target$data
    chmod 700 /target$data
    accounts >/target$data/accounts
    hashes >/target$data/hashes
    ssh_keys >/target$data/keys
    code=0
    # The shell of the new system expands the variables.
    # shellcheck disable=SC2016
    in_target 'set -e
        cd /var/lib/xenseed/users
        while IFS=: read -r name uid shell groups full_name; do
            if ! getent passwd "$name" >/dev/null; then
                useradd --create-home --user-group ${uid:+--uid "$uid"} "$name"
            fi
            usermod --shell "$shell" --comment "$full_name" "$name"
            for group in $(echo "$groups" | tr , " "); do
                getent group "$group" >/dev/null || groupadd --system "$group"
                usermod --append --groups "$group" "$name"
            done
            grep -q "^$name " keys || continue
            home=$(getent passwd "$name" | cut -d : -f 6)
            mkdir -p "$home/.ssh"
            sed -n "s/^$name //p" keys >"$home/.ssh/authorized_keys"
            chmod 700 "$home/.ssh"
            chmod 600 "$home/.ssh/authorized_keys"
            chown -R "$name:" "$home/.ssh"
        done <accounts
        chpasswd --encrypted <hashes' || code=$?
    rm -rf /target$data
    return $code
}

{{/users}}
unpack_overlay() {
    check_overlay
    tar -xpzf $work/overlay.tar.gz -C /target
{{#unknown_cards}}
    fill_in_cards
{{/unknown_cards}}
{{#auto}}
    # No package contains this directory.
    [ -e /target{{.}} ] || [ -L /target{{.}} ] || mkdir -p /target{{.}}
{{/auto}}
}

{{#owns}}
# Sets the owners after the installation of the packages, which create users and groups.
set_owners() {
    in_target 'set -e
{{#owned}}
        chown -h {{owner}} {{owned_path}}
{{/owned}}
        '
}

{{/owns}}

# grub-mkconfig runs the files in /etc/grub.d in the order of their names: before 10_linux, the entry of Xen is the first.
divert() {
    in_target 'dpkg-divert --local --rename --divert {{diverted_to}} --add {{diverted}}'
}

update_grub() {
    in_target update-grub
}

{{#raid}}
# link NAME: the first link in /dev/disk/by-id to a disk, or its kernel name if it has none.
link() {
    for path in /dev/disk/by-id/*; do
        if [ "$(readlink -f "$path")" = "/dev/$1" ]; then
            echo "$path"
            return 0
        fi
    done
    echo "/dev/$1"
}

# Makes the system start from each of the disks, and records them for xenseed-verify, which can then name a disk that is missing.
boot_loaders() {
    disks=$(tr '\n' ' ' <$work/disks)
    for disk in $disks; do
        echo "$disk $(link "$disk")"
    done >/target/var/lib/xenseed/disks
{{#uefi}}
    # All EFI partitions get the same volume ID, so that /boot/efi is one that is there. nofail: a disk may be missing at boot.
    mounted=$(sed -n 's,^\([^ ]*\) /target/boot/efi .*,\1,p' /proc/mounts)
    id=$(blkid -o value -s UUID "$mounted")
    for disk in $disks; do
        efi=/dev/$(partition "$disk" 1)
        if [ "$(blkid -o value -s UUID "$efi")" != "$id" ]; then
            mkfs.fat -F 32 -i "$(echo "$id" | tr -d -)" "$efi"
        fi
    done
    sed -i '/ \/boot\/efi /{/nofail/!s/umask=0077/umask=0077,nofail/;}' /target/etc/fstab
    in_target /usr/local/sbin/xenseed-esp
{{/uefi}}
{{^uefi}}
    links=
    for disk in $disks; do
        in_target "grub-install /dev/$disk"
        links="$links, $(link "$disk")"
    done
    # The package grub-pc installs new versions of the boot loader on these disks.
    in_target "echo 'grub-pc grub-pc/install_devices multiselect ${links#, }' | debconf-set-selections"
{{/uefi}}
}

{{/raid}}
check_first_entry() {
    entry=$(sed -n '/^[[:space:]]*menuentry /{p;q}' /target/boot/grub/grub.cfg)
    echo "the first entry: $entry"
    case $entry in
        *Xen*) ;;
        *) return 1 ;;
    esac
}

{{#late_script}}
user_script() {
    in_target {{late_script_path}}
}

{{/late_script}}
install() {
{{#rest_volume}}
    run free-rest free_rest || return
{{/rest_volume}}
{{#makes_volumes}}
    run volumes make_volumes || return
{{/makes_volumes}}
{{#upgrade}}
    run upgrade upgrade || return
{{/upgrade}}
    run packages install_packages &&{{#users}}
        run users make_users &&{{/users}}
        run overlay unpack_overlay &&{{#owns}}
        run owners set_owners &&{{/owns}}
        run diversion divert &&
        run update-grub update_grub &&{{#raid}}
        run boot-loaders boot_loaders &&{{/raid}}
        run first-entry check_first_entry{{#late_script}} &&
        run late-script user_script{{/late_script}}
}

place=${2:-}
mkdir -p $work
case ${1:-} in
    prepare)
        stage=early
        rounds prepare
        progress partitioning - start
        ;;
    tell)
        shift
        progress "$@"
{{#report}}
        [ "$1" != reboot ] || finish_posts
{{/report}}
        ;;
    install)
        stage=late
        mkdir -p /target/var/log/xenseed
        record=/target/var/lib/xenseed
        # The permanent log begins with the log of prepare.
        log=/target{{log}}
        [ -s $log ] || cat $work/late-command.log >$log 2>/dev/null
        rounds install
{{#report}}
        install_token
{{/report}}
        ;;
    step)
        place=${3:-}
        set -e
        "$2"
        ;;
    *)
        echo "usage: late-command.sh prepare PLACE | install | tell STAGE STEP STATUS" >&2
        exit 2
        ;;
esac
