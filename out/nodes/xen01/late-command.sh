#!/bin/sh
# Written by xenseed from the lab file; a change here is lost with the next build.
# xen01.hl.local: the script that the installer of Debian 8 (jessie) runs.
#
#   late-command.sh prepare PLACE   before partitioning: fetches the overlay from PLACE (a directory, or a URL for
#                                   preseed_fetch), checks it, chooses the disks, and only then clears them.
#   late-command.sh install         at the end: upgrade, packages, overlay, diversion, GRUB's menu.
#   late-command.sh tell STAGE STEP STATUS   reports the progress; the hooks that prepare installs call it.
#
# It runs under the installer's busybox ash. Each step has a name. If a step fails, its last output is shown, and the step
# is repeated when the message is dismissed, so the installer never reboots a half-configured node.
# The script may be run repeatedly. Log: /var/log/xenseed/late-command.log.
set -u
umask 022

node=xen01
overlay_sum=bf817f98bc0b239f8ddc6e3fe1bf565eb5a79d4451ba7ab46d08a07b0040444a
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
    text=$line
    [ "$3" != failed ] || text=$(
        echo "$line"
        tail -n 50 "$log" | tr -c ' -~\n' '?' | cut -c 1-250 | sed "s/^/xenseed\/1+ $node /"
    )
    keep "$text"
    # It runs in the background, so a server that does not answer delays nothing.
    send </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- &
    sender=$!
}

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
        printf 'POST /%s HTTP/1.0\r\nHost: 10.8.8.1:8000\r\nContent-Type: text/plain\r\nContent-Length: %s\r\n' \
            "$1" $(($(wc -c <$work/post)))
        [ "$1" = claim ] || [ ! -s $token ] || printf 'Authorization: Bearer %s\r\n' "$(cat $token)"
        printf '\r\n'
        cat $work/post
    } >$work/request
    # A longer answer, which would fill the memory, ends nc.
    (
        ulimit -f 16
        exec nc -w 5 10.8.8.1 8000
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
    if [ $mode != bios ]; then
        echo "this machine was started in $mode mode, but the lab has firmware: bios. Nothing has been erased: start it in" \
            "bios mode, or correct the lab and build again"
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

get() {
    case $place in
        *://*) preseed_fetch "$place/$1" "$work/$1.part" ;;
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
    for path in; do
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

# The selected disks, by their names in sysfs.
pick_disks() {
    # shellcheck disable=SC2043
    for path in /dev/sda; do
        if ! name_of "$path"; then
            echo "there is no $path; the disks are: $(candidates | describe)" >&2
            return 1
        fi
    done
}

choose_disk() {
    medium=$(medium_disks | tr '\n' ' ')
    kept=$(kept_disks)
    kept=$(echo "$kept" | tr '\n' ' ')
    disks=$(pick_disks)
    [ -n "$disks" ]
    disks=$(echo "$disks" | tr '\n' ' ' | sed 's/ $//')
    for disk in $disks; do
        if reason=$(may_not_erase "$disk"); then
            echo "$reason; the disks are: $(candidates | describe)"
            return 1
        fi
        case $disk in
            sd? | vd? | xvd? | hd? | mmcblk?) ;;
            *)
                echo "the installer of jessie cannot install its boot loader on $disk: connect the disk to another" \
                    "controller, or select another disk"
                return 1
                ;;
        esac
        have=$(megabytes "$disk")
        if [ "$have" -lt 3576 ]; then
            echo "$disk has $have MB; the layout needs 3576 MB"
            return 1
        fi
    done
    echo "everything on this will be erased: $(echo "$disks" | tr ' ' '\n' | describe)"
    echo "$disks" | tr ' ' '\n' >$work/disks
    devices=$(echo "$disks" | sed 's,[^ ]*,/dev/&,g')
    debconf-set partman-auto/disk "$devices"
    debconf-set grub-installer/bootdev "$devices"
}

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
    sync
}

# partman starts the arrays and volume groups of all disks, which writes to them, and formats every swap space for the new
# system (up to partman-basicfilesystems 165). The chosen disks are clear, so these are all on other disks.
leave_other_disks() {
    rm -f /lib/partman/init.d/*md-devices /lib/partman/init.d/*lvm-devices /lib/partman/init.d/*autouse_swap
    # os-prober mounts every file system that it finds, in search of other systems for the boot menu.
    [ ! -e /usr/bin/os-prober ] || printf '#!/bin/sh\n' >/usr/bin/os-prober
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
    run check-firmware check_firmware &&
        run fetch-overlay fetch_overlay &&
        run check-overlay check_overlay &&
        run choose-disk choose_disk &&
        run clear-disk clear_disk &&
        run leave-other-disks leave_other_disks &&
        run tell-stages tell_stages &&
        debconf-set partman-auto/method regular
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

# Installs the updates since the release, from which the kernel and the base system come. If an index can't be fetched, apt only
# prints a warning and finds no updates, so the output of apt is searched for it.
upgrade() {
    # If a later step is repeated, this one, which takes long, is not.
    [ ! -e $work/is-upgraded ] || return 0
    # The installer of jessie cannot enable this archive by itself.
    grep -q -x -F 'deb http://archive.debian.org/debian-security jessie/updates main' /target/etc/apt/sources.list || echo 'deb http://archive.debian.org/debian-security jessie/updates main' >>/target/etc/apt/sources.list
    # The shell of the new system expands the variables.
    # shellcheck disable=SC2016
    in_target '
        said=/var/log/xenseed/update.out
        code=0
        LC_ALL=C apt-get -q -o Acquire::Check-Valid-Until=false update >$said 2>&1 || code=$?
        cat $said
        if [ $code -ne 0 ] || grep -q "failed to download" $said; then
            echo "The updates cannot be determined. In the lab, mirror: {security: false} omits the security archive, and" \
                "upgrade: false omits this step."
            exit 1
        fi
        rm $said
        apt-get -q -y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold dist-upgrade'
    : >$work/is-upgraded
}

install_packages() {
    in_target 'apt-get -q -y install bridge-utils xen-linux-system-amd64'
}

unpack_overlay() {
    check_overlay
    tar -xpzf $work/overlay.tar.gz -C /target
    # No package contains this directory.
    [ -e /target/etc/xen/auto ] || [ -L /target/etc/xen/auto ] || mkdir -p /target/etc/xen/auto
}


# grub-mkconfig runs the files in /etc/grub.d in the order of their names: before 10_linux, the entry of Xen is the first.
divert() {
    in_target 'dpkg-divert --local --rename --divert /etc/grub.d/08_linux_xen --add /etc/grub.d/20_linux_xen'
}

update_grub() {
    in_target update-grub
}

check_first_entry() {
    entry=$(sed -n '/^[[:space:]]*menuentry /{p;q}' /target/boot/grub/grub.cfg)
    echo "the first entry: $entry"
    case $entry in
        *Xen*) ;;
        *) return 1 ;;
    esac
}

install() {
    run upgrade upgrade || return
    run packages install_packages &&
        run overlay unpack_overlay &&
        run diversion divert &&
        run update-grub update_grub &&
        run first-entry check_first_entry
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
        [ "$1" != reboot ] || finish_posts
        ;;
    install)
        stage=late
        mkdir -p /target/var/log/xenseed
        record=/target/var/lib/xenseed
        # The permanent log begins with the log of prepare.
        log=/target/var/log/xenseed/late-command.log
        [ -s $log ] || cat $work/late-command.log >$log 2>/dev/null
        rounds install
        install_token
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
