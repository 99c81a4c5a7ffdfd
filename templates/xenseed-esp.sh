#!/bin/sh
# Written by xenseed, the same on every node; change it in xenseed, not here.
# Keeps the EFI system partitions (ESPs) of a RAID in step: each disk has one, and
# all have the same volume ID, so that /boot/efi is one that is there.
#
#   xenseed-esp         copies /boot/efi to the other ESPs, and adds missing entries
#                       to the firmware's boot menu
#   xenseed-esp check   prints for each ESP "NAME ok" or what is wrong; changes nothing
#
# It runs at the end of the installation and after apt has changed packages, because
# grub-install writes to /boot/efi only. After an ESP was made on a new disk with
# mkfs.fat -F 32 -i ID (ID: blkid -s UUID of /boot/efi, without the hyphen), run it.
# Exit status: 0 all ESPs are in step, 1 at least one is not.
set -u
LC_ALL=C
PATH=${PATH:-/bin}:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
umask 077

mode=${1:-copy}
case $mode in
copy | check) ;;
*)
    echo "usage: xenseed-esp [check]" >&2
    exit 2
    ;;
esac

# For tests, XENSEED_ROOT is put in front of every path.
root=${XENSEED_ROOT:-}
efi=$root/boot/efi
current=$(findmnt -n -o SOURCE --mountpoint "$efi") || current=
if [ -z "$current" ]; then
    echo "/boot/efi is not mounted" >&2
    exit 1
fi
id=$(blkid -c /dev/null -o value -s UUID "$current")
copy=$(mktemp -d) || exit 1
trap 'umount "$copy" 2>/dev/null; rmdir "$copy"' EXIT
trap 'exit 1' HUP INT TERM
code=0

# bring_into_step: makes the files of $copy those of /boot/efi
bring_into_step() {
    cp -r "$efi/." "$copy/" || return 1
    (cd "$copy" && find . -mindepth 1 -depth) | while IFS= read -r path; do
        [ -e "$efi/$path" ] || rm -r "${copy:?}/$path" || exit 1
    done || return 1
    sync
    diff -rq "$efi" "$copy" >/dev/null
}

# state DEVICE: prints ok or what is wrong with the ESP, and corrects it
state() {
    [ "$1" != "$current" ] || {
        echo ok
        return
    }
    options=umask=0077
    [ "$mode" = copy ] || options=ro,$options
    if ! mount -t vfat -o "$options" "$1" "$copy"; then
        echo "cannot be mounted"
        return
    fi
    if diff -rq "$efi" "$copy" >/dev/null || { [ "$mode" = copy ] && bring_into_step; }; then
        echo ok
    else
        echo "differs from /boot/efi"
    fi
    umount "$copy"
}

# add_entry DEVICE: adds an entry for the ESP to the firmware's boot menu unless it has one. GRUB is also at the path that firmware
# tries by itself, so a failure is not an error.
add_entry() {
    part=$(blkid -c /dev/null -o value -s PARTUUID "$1")
    entries=$(efibootmgr -v 2>/dev/null) && [ -n "$part" ] || return 0
    case $(printf '%s' "$entries" | tr '[:upper:]' '[:lower:]') in
    *"$part"*) return 0 ;;
    esac
    name=${1##*/}
    disk=$(lsblk -n -d -o PKNAME "$1")
    loader=grubx64.efi
    [ ! -e "$efi/EFI/debian/shimx64.efi" ] || loader=shimx64.efi
    efibootmgr -q -c -d "/dev/$disk" -p "$(cat "$root/sys/class/block/$name/partition")" -L "debian on $disk" \
        -l "\\EFI\\debian\\$loader" || true
}

for device in $(blkid -c /dev/null -o device -t "UUID=$id" | sort); do
    shown=$(state "$device")
    echo "${device##*/} $shown"
    [ "$shown" = ok ] || code=1
    [ "$mode" = check ] || add_entry "$device"
done
exit $code
