"""Creates used disks with the real tools, in a virtual machine that boots the kernel of Debian's installer and runs a script in a
small bookworm system.
"""
import os
import pathlib
import shutil
import subprocess
import tempfile

from initrd import added_to
from machine import sh
from mirror import upstream

# The content of the first disk, on which the lab is installed, and of the second one, which it
# keeps. At the end, all is stopped.
KINDS = {
    # A volume group with the name that the lab uses, and one on the other disk with a swap volume.
    "lvm": """
        parted -s $first mklabel gpt mkpart boot ext2 1MiB 300MiB mkpart lvm 300MiB 100%
        mke2fs -q -F -t ext4 ${first}1
        pvcreate ${first}2; vgcreate vg0 ${first}2
        lvcreate -y -n root -L 2G vg0; lvcreate -y -n swap -L 512M vg0
        mke2fs -q -F -t ext4 /dev/vg0/root; mkswap /dev/vg0/swap
        parted -s $second mklabel gpt mkpart lvm 1MiB 100%
        pvcreate ${second}1; vgcreate guests ${second}1
        lvcreate -y -n data -L 400M guests; lvcreate -y -n swap -L 200M guests
        mke2fs -q -F -t ext4 /dev/guests/data; mkswap /dev/guests/swap
        vgchange -an
        """,
    # Members of RAID arrays on both disks, with the metadata after and before the data; one array
    # contains a volume group.
    "raid": """
        for disk in $first $second; do
            parted -s $disk mklabel gpt mkpart a 1MiB 200MiB mkpart b 200MiB 700MiB mkpart swap linux-swap 700MiB 900MiB
        done
        mdadm --create --run --level=1 --raid-devices=2 --metadata=0.90 /dev/md0 ${first}1 ${second}1
        mdadm --create --run --level=1 --raid-devices=2 --metadata=1.2 /dev/md1 ${first}2 ${second}2
        mdadm --wait /dev/md0 /dev/md1
        mke2fs -q -F -t ext4 /dev/md0; pvcreate /dev/md1; vgcreate vg0 /dev/md1; lvcreate -y -n data -L 200M vg0
        mkswap ${first}3; mkswap ${second}3
        vgchange -an; mdadm --stop /dev/md0 /dev/md1
        """,
    # File systems with files in them, and swap.
    "data": """
        for disk in $first $second; do
            parted -s $disk mklabel gpt mkpart data ext4 1MiB 600MiB mkpart swap linux-swap 600MiB 900MiB
            mke2fs -q -F -t ext4 -L data ${disk}1; mkswap ${disk}2
            mount ${disk}1 /mnt; cp -r /usr/share/zoneinfo /mnt; umount /mnt
        done
        """,
}
PACKAGES = "e2fsprogs,lvm2,mdadm,parted"
# Replaces the installer's init; the tools are on the disk at the third port.
INIT = """#!/bin/sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin DM_DISABLE_UDEV=1
mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t devtmpfs devtmpfs /dev 2>/dev/null
for module in ahci sd_mod ext4 dm-mod md-mod raid1; do modprobe -q $module; done
# sda, sdb and sdc are whichever the kernel finds first; of the controller's ports, ours are known.
on_port() {
    for path in /sys/block/sd*; do
        case $(readlink -f "$path") in
            */ata$1/*) echo "/dev/${path##*/}" ;;
        esac
    done
}
tries=30
until [ "$(ls -d /sys/block/sd* | wc -l)" = 3 ] || [ $tries = 0 ]; do tries=$((tries - 1)); sleep 1; done
mount -t ext4 "$(on_port 3)" /mnt
export first="$(on_port 1)" second="$(on_port 2)"
for folder in dev proc sys; do mount -o bind /$folder /mnt/$folder; done
for folder in run tmp; do mount -t tmpfs tmpfs /mnt/$folder; done
cp /make.sh /mnt/tmp
if chroot /mnt sh -eux /tmp/make.sh; then echo "DISKS MADE"; fi
sync
poweroff -f
"""


def tools(work):
    """Returns a file system image with the tools, which is created once."""
    image = work / "tools.ext4"
    if not image.exists():
        with tempfile.TemporaryDirectory(dir=work) as folder:
            sh("debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", folder, upstream(),
               stdout=subprocess.DEVNULL)
            shutil.rmtree(pathlib.Path(folder, "var/cache/apt"))
            sh("mke2fs", "-q", "-t", "ext4", "-d", folder, f"{image}.part", "600M")
        os.rename(f"{image}.part", image)
    return image


def make(kind, work, netboot, first, second, log):
    """Fills two empty disks (qcow2).

    netboot is the directory with the installer's kernel and initrd; log is the file to which the output of the tools is written.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        for name, text in (("init", INIT), ("make.sh", KINDS[kind])):
            (place / name).write_text(text, encoding="ascii")
            (place / name).chmod(0o755)
        (place / "initrd").write_bytes(added_to((netboot / "initrd.gz").read_bytes(), place))
        words = [
            "qemu-system-x86_64", "-accel", "tcg", "-cpu", "qemu64", "-m", "768", "-nodefaults", "-display", "none",
            "-no-reboot", "-serial", f"file:{log}", "-kernel", netboot / "linux", "-initrd", place / "initrd", "-append",
            "console=ttyS0 quiet", "-device", "ich9-ahci,id=ahci"]
        for number, (file, form) in enumerate([(first, "qcow2"), (second, "qcow2"), (tools(work), "raw")]):
            words += [
                "-drive", f"if=none,id=d{number},format={form},file={file}" + (",snapshot=on" if form == "raw" else ""),
                "-device", f"ide-hd,drive=d{number},bus=ahci.{number}"]
        sh(*words, timeout=900)
    if "DISKS MADE" not in pathlib.Path(log).read_text(encoding="utf-8", errors="replace"):
        raise OSError(f"the disks could not be made: {log}")
