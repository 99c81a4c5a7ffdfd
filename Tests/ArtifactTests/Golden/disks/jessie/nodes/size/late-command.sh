#!/bin/sh
# Written by xenseed from the lab file; a change here is lost with the next build.
# size.hl.local: what the installer of Debian 8 (jessie) runs beside its own work.
#
#   late-command.sh prepare PLACE   before partitioning: fetches the overlay from PLACE (a folder, or an address
#                                   that preseed_fetch takes), checks it, chooses the disk, and only then clears it.
#   late-command.sh install         at the end: upgrade, packages, overlay, diversion, GRUB's menu.
#   late-command.sh tell STAGE STEP STATUS   says how far the installation is; what prepare leaves in the installer calls it.
#
# It runs under the installer's busybox ash. Each step is named; the first that fails is shown with its last output,
# and is tried again when the message is dismissed: the installer never goes on to reboot a half-configured node.
# Running it again changes nothing twice. Log: /var/log/xenseed/late-command.log.
set -u
umask 022

node=size
overlay_sum={sha256 of overlay.tar.gz}
work=/tmp/xenseed
# Where things are known to stand: in the installer until /target is mounted, then in the new system.
record=/var/lib/xenseed
log=$work/late-command.log

say() {
    echo "xenseed: $*" >>"$log"
    logger -t xenseed "$node: $*"
}

# progress STAGE STEP STATUS [MESSAGE]: how far this node is, in one line for programs: the format's name and version, node,
# stage, step or -, start, ok or failed, seconds since the kernel started, message. Printable ASCII only.
# A failure brings the last lines of the log with it.
progress() {
    read -r seconds _ </proc/uptime
    line=$(echo "xenseed/1 $node $1 $2 $3 $seconds ${4:-}" | tr -c ' -~\n' '?' | cut -c 1-250)
    echo "$line" >>"$log"
}

# The installer's screen belongs to debconf. The question that reports a failed command takes our words for the
# command's, so it names the step. Without a frontend (a rescue shell), standard error has to do.
show() {
    if [ -n "${DEBIAN_HAS_FRONTEND:-}" ] && [ -r /usr/share/debconf/confmodule ]; then
        # shellcheck disable=SC1091
        (
            . /usr/share/debconf/confmodule
            db_subst preseed/command_failed COMMAND "$1"
            db_subst preseed/command_failed CODE "$2"
            db_fset preseed/command_failed seen false
            # A frontend that shows nothing must not make this a busy loop.
            db_input critical preseed/command_failed || sleep 30
            db_go
        ) || sleep 30
        return 0
    fi
    echo "$1 (exit code $2)" >&2
    return 1
}

# run NAME FUNCTION: a step of $stage, in a shell of its own, for -e has no say in what a condition calls. Its output goes to the
# log; its failure ends the round. Standard input stays: debconf-set and preseed_fetch hear debconf's answers there.
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

# rounds NAME: runs the round NAME until it passes; a person decides about the next try.
rounds() {
    progress "$stage" - start
    until "$1"; do
        status "failed $1 $failed $code"
        # The last whole lines that a dialog has room for: the reason stands in them.
        for count in 8 6 4 3 2 1; do
            last=$(tail -n $count $work/step.out | tr '\n' ' ' | cut -c 1-600)
            [ ${#last} -eq 600 ] || break
        done
        show "xenseed: $node: step $failed of $1: $last [tried again on Continue; log: $log]" "$code" || exit 1
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

# What the firmware would refuse or what would not start on it. The variable SecureBoot has four bytes of attributes and then one
# byte, which is 1 when Secure Boot is on (UEFI 2.8, section 3.3; efivarfs of Linux).
check_firmware() {
    mode=bios
    [ ! -d /sys/firmware/efi ] || mode=uefi
    if [ $mode != bios ]; then
        echo "this machine was started in $mode mode, and the lab says firmware: bios. Nothing has been erased: start it in" \
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
        echo "Secure Boot is on, and with it GRUB does not start Xen, which is not signed. Nothing has been erased: switch Secure" \
            "Boot off in the firmware setup of this machine, and start the installation again"
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

# The disks below a device, by their names in sysfs: sda for sda, for sda1, and for dm-0 that is mapped onto it.
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

# The disks that the installer itself runs from.
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

# Whether a disk can be pulled out: it is on USB, or says so itself.
is_removable() {
    [ "$(cat "/sys/block/$1/removable")" = 0 ] || return 0
    case $(readlink -f "/sys/block/$1") in
        */usb*) return 0 ;;
    esac
    return 1
}

# The name of the ISO 9660 volume on a disk; installer images are such.
volume() {
    [ "$(dd if="/dev/$1" bs=1 skip=32769 count=5 2>/dev/null)" = CD001 ] || return 0
    echo "the image $(dd if="/dev/$1" bs=1 skip=32808 count=32 2>/dev/null | sed 's/ *$//')"
}

# For a person: what a disk that can be pulled out is.
looks_like() {
    {
        cat "/sys/block/$1/device/vendor" "/sys/block/$1/device/model" 2>/dev/null
        echo "$(megabytes "$1") MB"
        volume "$1"
    } | tr -s '\n ' ' ' | sed 's/ $//'
}

# The disks that the lab keeps, by their names in sysfs. A disk that is not there may be there under another name, so nothing is
# erased then.
kept_disks() {
    # shellcheck disable=SC2043
    for path in; do
        real=$(readlink -f "$path") || real=$path
        if [ ! -e "/sys/class/block/${real#/dev/}" ]; then
            echo "the lab keeps $path, and this machine has no such disk: attach it, or correct disk.keep, build again and start" \
                "again; there are: $(every_disk | describe)" >&2
            return 1
        fi
        whole_disk "${real#/dev/}"
    done
}

# All whole disks, by their names in sysfs.
every_disk() {
    for path in /sys/block/*; do
        is_whole_disk "${path##*/}" && echo "${path##*/}"
    done
    return 0
}

# Whether a name in sysfs is one that Linux gives to a whole disk: not a partition, not what is put together from disks (dm-0,
# md0), not a loop device, a CD drive, a boot area of an MMC, or one path to an NVMe disk that has several (nvme0c1n1).
is_whole_disk() {
    case $1 in
        mmcblk*boot* | mmcblk*rpmb | nvme*c*n*) return 1 ;;
        sd* | vd* | xvd* | hd* | nvme* | mmcblk*) [ -e "/sys/block/$1" ] ;;
        *) return 1 ;;
    esac
}

# What is put together from a disk or from its partitions: the maps of LVM and of multipath, RAID arrays.
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

# The other names of the same disk, which Linux gives when several paths lead to it.
other_paths() {
    own=$(identity "$1")
    [ -n "$own" ] || return 0
    every_disk | while read -r name; do
        [ "$name" = "$1" ] || [ "$(identity "$name")" != "$own" ] || echo "$name"
    done
}

# may_not_erase NAME: succeeds, and says why, when the disk must not be erased, however the lab selects it. It needs $kept and
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
    # An installer that runs from RAM need not have its medium mounted.
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
        echo "$1 is one of several paths to one disk: ${paths% }"
        return 0
    fi
    if [ "$(cat "/sys/block/$1/size")" -eq 0 ]; then
        echo "$1 is empty: no medium is in it"
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

# For a person: the names from standard input with their sizes.
describe() {
    while read -r name; do
        [ -z "$name" ] || printf '%s (%s MB) ' "$name" "$(megabytes "$name")"
    done
}

# one_of NAMES WHAT: the name, when it is one.
one_of() {
    case $1 in
        '' | *[!a-z0-9]*)
            echo "$2: found $(echo "$1" | describe); to choose from: $(candidates | describe)" >&2
            return 1
            ;;
    esac
    echo "$1"
}

pick_disk() {
    # Within one in twenty of 250 GB.
    one_of "$(candidates | while read -r name; do
        mb=$(megabytes "$name")
        if [ "$mb" -ge 237500 ] && [ "$mb" -le 262500 ]; then echo "$name"; fi
    done)" "the disk of 250 GB"
}

choose_disk() {
    medium=$(medium_disks | tr '\n' ' ')
    kept=$(kept_disks)
    kept=$(echo "$kept" | tr '\n' ' ')
    disk=$(pick_disk)
    [ -n "$disk" ]
    if reason=$(may_not_erase "$disk"); then
        echo "$reason; there are: $(candidates | describe)"
        return 1
    fi
    case $disk in
        sd? | vd? | xvd? | hd? | mmcblk?) ;;
        *)
            echo "the installer of jessie cannot install its boot loader on $disk: connect the disk to another controller," \
                "or select another disk"
            return 1
            ;;
    esac
    have=$(megabytes "$disk")
    if [ "$have" -lt 2502 ]; then
        echo "$disk has $have MB; the layout needs 2502 MB"
        return 1
    fi
    echo "the disk is /dev/$disk ($have MB); everything on it will be erased"
    debconf-set partman-auto/disk "/dev/$disk"
    debconf-set grub-installer/bootdev "/dev/$disk"
}

# wipe NAME: the first and the last mebibyte of a disk or partition.
wipe() {
    sectors=$(cat "/sys/class/block/$1/size")
    count=$sectors
    [ "$count" -lt 2048 ] || count=2048
    dd if=/dev/zero of="/dev/$1" bs=512 count="$count"
    dd if=/dev/zero of="/dev/$1" bs=512 count="$count" seek=$((sectors - count))
}

# Where partition tables, RAID members and LVM's volumes have their labels. Left standing, partman would start what they
# belong to, and ask; a label that partitioning happens to spare would be found by the new system.
clear_disk() {
    disk=$(debconf-get partman-auto/disk)
    disk=${disk#/dev/}
    for path in /sys/block/"$disk"/"$disk"*; do
        [ ! -e "$path/partition" ] || wipe "${path##*/}"
    done
    wipe "$disk"
    sync
}

# partman starts arrays and volume groups of every disk, which writes to them, and formats every swap space for the new
# system's use (up to partman-basicfilesystems 165). Nothing of that is ours, now that this disk is clear.
leave_other_disks() {
    rm -f /lib/partman/init.d/*md-devices /lib/partman/init.d/*lvm-devices /lib/partman/init.d/*autouse_swap
    # It mounts every file system that it finds, to tell the boot loader's installer what else could be started.
    [ ! -e /usr/bin/os-prober ] || printf '#!/bin/sh\n' >/usr/bin/os-prober
}

# hook PATH WORDS...: has the installer tell those of each. What it prints there may be debconf's, so nothing is printed.
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

# base-installer.d runs after debootstrap. The base system ends where the packages begin: post-base-installer.d runs before the
# kernel is installed (base-installer 1.154). The stage of the packages includes the boot loader; the late command itself runs from
# finish-install.d, where step 95 unmounts /proc.
tell_stages() {
    hook /lib/partman/finish.d/99xenseed 'partitioning - ok' 'base - start'
    hook /usr/lib/base-installer.d/00xenseed 'base debootstrap ok'
    hook /usr/lib/pre-pkgsel.d/00xenseed 'base - ok' 'packages - start'
    hook /usr/lib/finish-install.d/00xenseed 'packages - ok'
    hook /usr/lib/finish-install.d/94xenseed 'reboot - start'
}

prepare() {
    # Until a disk is chosen, partman must not find one by itself.
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

# in_target COMMAND: a shell command in the new system. Its output is kept where we can show it; the installer's log has
# it as it comes, for what packages do takes minutes. Who waits for the command must be its parent: the installer's
# log-output looks for a command's end only when nobody can write to it any more, and tail is one who can.
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

# The kernel and the base system come from the release as it was published; this brings the updates since. An index that cannot be
# fetched is only a warning of apt, which then knows no updates, so it is looked for in what apt says.
upgrade() {
    # Later steps may be tried again, and this one takes its time.
    [ ! -e $work/is-upgraded ] || return 0
    # The installer of jessie cannot enable this archive by itself.
    grep -q -x -F 'deb http://archive.debian.org/debian-security jessie/updates main' /target/etc/apt/sources.list || echo 'deb http://archive.debian.org/debian-security jessie/updates main' >>/target/etc/apt/sources.list
    # The new system's shell expands this.
    # shellcheck disable=SC2016
    in_target '
        said=/var/log/xenseed/update.out
        code=0
        LC_ALL=C apt-get -q -o Acquire::Check-Valid-Until=false update >$said 2>&1 || code=$?
        cat $said
        if [ $code -ne 0 ] || grep -q "failed to download" $said; then
            echo "The updates cannot be found out. In the lab, mirror: {security: false} leaves the security archive out, and" \
                "upgrade: false this step."
            exit 1
        fi
        rm $said
        apt-get -q -y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold dist-upgrade'
    : >$work/is-upgraded
}

install_packages() {
    in_target 'apt-get -q -y install bridge-utils openssh-server xen-linux-system-amd64'
}

unpack_overlay() {
    check_overlay
    tar -xpzf $work/overlay.tar.gz -C /target
    # No package has it.
    [ -e /target/etc/xen/auto ] || [ -L /target/etc/xen/auto ] || mkdir -p /target/etc/xen/auto
}


# grub-mkconfig runs /etc/grub.d in the order of names: before 10_linux, Xen's entry is the first.
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
        ;;
    install)
        stage=late
        mkdir -p /target/var/log/xenseed
        record=/target/var/lib/xenseed
        # What prepare wrote comes first in the log that stays.
        log=/target/var/log/xenseed/late-command.log
        [ -s $log ] || cat $work/late-command.log >$log 2>/dev/null
        rounds install
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
