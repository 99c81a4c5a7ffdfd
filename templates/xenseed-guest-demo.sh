#!/bin/sh
# Written by xenseed, the same on every node; change it in xenseed, not here.
# Makes the blank disk of a guest into a guest to try with, from this node's own kernel
# and busybox:
#
#   xenseed-guest-demo NAME ADDRESS/LENGTH
#
# It boots by PVGRUB, counts once a second, writes each number and the time to the file
# /log on its disk and to its console (xl console NAME), and answers ping at ADDRESS.
# After a restart, it goes on with the number that its disk has.
#
# A disk that is neither blank nor of such a guest is refused, and so is that of a guest
# that runs. Exit status: 0 made, 1 not made, 2 wrong arguments.
set -uf
LC_ALL=C
PATH=${PATH:-/bin}:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
umask 022

# For tests, XENSEED_ROOT is put in front of every path of a file that is read or written here.
root=${XENSEED_ROOT:-}
label=xenseed-demo
# What the guest needs of the kernel, if it is not built in.
modules='xen-blkfront xen-netfront ext4'

fail() {
    printf 'xenseed-guest-demo: %s\n' "$*" >&2
    exit 1
}

if [ $# -ne 2 ]; then
    echo 'usage: xenseed-guest-demo NAME ADDRESS/LENGTH' >&2
    exit 2
fi
name=$1
address=$2
case $address in
*[!0-9./]* | */*/* | /* | */) fail "$address is not an IPv4 address with a prefix length, like 192.0.2.1/24" ;;
*.*.*.*/*) ;;
*) fail "$address is not an IPv4 address with a prefix length, like 192.0.2.1/24" ;;
esac
line=$(awk -v name="$name" '$1 == name && $1 !~ /^#/' "$root/etc/xenseed/guests" | sed 1q)
[ -n "$line" ] || fail "there is no guest $name in /etc/xenseed/guests"
# shellcheck disable=SC2086
set -- $line
mode=$2
disk=/dev/$3/$1
minor=$5

if xl domid "$name" >/dev/null 2>&1; then
    fail "$name runs: first stop it with xl shutdown $name"
fi
busybox=$(command -v busybox) || fail "there is no busybox on this node"
kernel=$(uname -r)
[ -r "$root/boot/vmlinuz-$kernel" ] || fail "there is no kernel /boot/vmlinuz-$kernel"

work=$(mktemp -d) || exit 1
primary=
tidy() {
    ! mountpoint -q "$work/disk" || umount "$work/disk"
    [ -z "$primary" ] || drbdadm secondary "$name"
    rm -rf --one-file-system "$work"
}
trap tidy EXIT
trap 'exit 1' HUP INT TERM

if [ "$mode" = replicated ]; then
    state=$(xenseed-guests check "$name")
    case $state in
    *\ Secondary/Secondary\ UpToDate/* | 'WFConnection Secondary/Unknown UpToDate/'*) ;;
    *\ Secondary/Primary\ *) fail "$name runs on the other node" ;;
    *) fail "the disk of $name must be up to date and not be in use, but is $state" ;;
    esac
    drbdadm primary "$name" || fail "the disk of $name cannot be written"
    primary=yes
    disk=/dev/drbd$minor
fi
[ -b "$disk" ] || fail "there is no disk $disk"
if [ "$(blkid -p -o value -s LABEL "$disk" 2>/dev/null)" != "$label" ]; then
    dd if="$disk" bs=1048576 count=1 2>/dev/null | cmp -s -n 1048576 - /dev/zero ||
        fail "the disk of $name is not blank, so it is not touched"
fi

# ---- the initramfs ----

tree=$work/initramfs
mkdir -p "$tree/bin" "$tree/sbin" "$tree/lib" "$tree/proc" "$tree/sys" "$tree/dev" "$tree/disk" "$tree/modules"
cp -L "$busybox" "$tree/bin/busybox"
# The libraries, if busybox is not static.
ldd "$busybox" 2>/dev/null | sed -n 's/^[^/]*\(\/[^ ]*\) (0x.*/\1/p' | while read -r library; do
    mkdir -p "$tree${library%/*}"
    cp -L "$library" "$tree$library"
done
count=100
for module in $modules; do
    modprobe -S "$kernel" --show-depends "$module" || fail "there is no kernel module $module"
done >"$work/modules" || exit 1
sed -n 's/^insmod \([^ ]*\).*/\1/p' "$work/modules" | awk '!seen[$0]++' >"$work/files"
while read -r file; do
    count=$((count + 1))
    base=${file##*/}
    copy=$tree/modules/$count-${base%%.ko*}.ko
    case $file in
    *.xz) "$busybox" unxz -c <"$file" >"$copy" ;;
    *.gz) "$busybox" gunzip -c <"$file" >"$copy" ;;
    *.zst) zstd -q -d -c <"$file" >"$copy" ;;
    *) cp "$file" "$copy" ;;
    esac || fail "cannot unpack $file"
done <"$work/files"

cat >"$tree/init" <<END
#!/bin/busybox sh
address=$address
END
cat >>"$tree/init" <<'END'
PATH=/bin:/sbin
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
for module in /modules/*.ko; do
    insmod "$module" 2>/dev/null
done
# The devices appear a little after their drivers.
patience=30
until [ -b /dev/xvda ] && [ -e /sys/class/net/eth0 ] || [ $patience -eq 0 ]; do
    patience=$((patience - 1))
    sleep 1
done
ip link set lo up
ip address add "$address" dev eth0
ip link set eth0 up
mount -t ext4 /dev/xvda /disk || echo 'xenseed-demo: the disk cannot be mounted'
number=0
[ ! -f /disk/log ] || number=$(awk 'NF == 2 && $1 ~ /^[0-9]+$/ { last = $1 } END { print last + 0 }' /disk/log)
echo "xenseed-demo: starts at $number, answers at $address"
while :; do
    number=$((number + 1))
    # A log of a day is enough.
    [ $((number % 86400)) -ne 0 ] || mv /disk/log /disk/log.old
    echo "$number $(date +%s)" >>/disk/log
    sync
    echo "xenseed-demo: $number"
    sleep 1
done
END
# The kernel runs it when the toolstack asks the guest to shut down.
cat >"$tree/sbin/poweroff" <<'END'
#!/bin/busybox sh
/bin/busybox sync
/bin/busybox mount -o remount,ro /disk
/bin/busybox poweroff -f
END
sed 's/poweroff -f/reboot -f/' "$tree/sbin/poweroff" >"$tree/sbin/reboot"
chmod 755 "$tree/init" "$tree/sbin/poweroff" "$tree/sbin/reboot"

# ---- the disk ----

mke2fs -q -F -t ext4 -L "$label" "$disk" || fail "cannot make a file system on $disk"
mkdir "$work/disk"
mount -t ext4 "$disk" "$work/disk" || fail "cannot mount $disk"
mkdir -p "$work/disk/boot/grub"
cp "$root/boot/vmlinuz-$kernel" "$work/disk/boot/vmlinuz" || fail "cannot copy the kernel"
(cd "$tree" && find . | cpio -o -H newc -R 0:0 --quiet) | gzip -c >"$work/disk/boot/initrd.img" || fail "cannot write the initramfs"
cat >"$work/disk/boot/grub/grub.cfg" <<'END'
linux /boot/vmlinuz console=hvc0 quiet panic=10
initrd /boot/initrd.img
boot
END
umount "$work/disk" || fail "cannot unmount $disk"
printf '%s\n' "$name counts and answers ping at ${address%/*}: xl create /etc/xen/$name.cfg"
