#!/bin/sh
# {{made_by}}
# Creates, starts, stops and removes the machines of the lab {{domain}} in QEMU; see `lab --help`.
#
# A state directory has a directory for each node, with disks, the variables of the firmware, the serial log and sockets.
# A process belongs to a node if the file `pid` there has its number and its command line contains the path of that file.
set -u
umask 077

domain={{domain}}
all='{{names}}'
qemu='qemu-system-x86_64'
# The directories pxe and usb are next to this one.
here=$(cd "$(dirname "$0")" && pwd -P) || exit 3

# ---- the lab ----

# hardware NODE: sets firmware, cpus, memory in MiB, the UUID, the serial port of the console, the serial number in DMI,
# the disks to keep that QEMU can't provide, and the installer's kernel options: with a preseed by URL, and for an initrd
# with the seed.
hardware() {
    firmware='' cpus='' memory='' uuid='' port='' console=no dmi='' unmade='' options='' seed_options=''
    case $1 in
{{#machines}}
        {{node}})
            firmware={{firmware}} cpus={{cpus}} memory={{memory}} port={{port}}
            uuid={{uuid}}
{{#console}}
            console={{.}}
{{/console}}
{{#serial}}
            dmi='{{.}}'
{{/serial}}
{{#unmade}}
            unmade='{{.}}'
{{/unmade}}
            options='{{options}}'
            seed_options='{{seed_options}}'
            ;;
{{/machines}}
    esac
}

# adapters NODE: name on the node, MAC address, whether the installer uses it, and the network that it is on:
#   user NETWORK NUMBER SUBNET HOST DNS LEASE WEB   a network that leads out of the host; NUMBER counts the adapters on it,
#                                                   the rest is for user mode: WEB is the boot server if it is not HOST
#   link NODE ADAPTER                               a closed network: the node at the other end and the number of its
#                                                   adapter, counted from 0
#   none                                            a closed network without another node
adapters() {
    case $1 in
{{#machines}}
        {{node}})
            cat <<'END'
{{#adapters}}
{{name}} {{mac}} {{installs}} {{way}}
{{/adapters}}
END
            ;;
{{/machines}}
    esac
}

# controllers NODE: the controllers of the disks.
controllers() {
    case $1 in
{{#machines}}
        {{node}})
            cat <<'END'
{{#controllers}}
{{.}}
{{/controllers}}
END
            ;;
{{/machines}}
    esac
}

# disks NODE: name on the node, size in MiB, device. The system disk boots before a CD and the network. Without a size in
# the lab, the system disk has {{default_disk}}, or more if its layout needs more. Every other disk has {{other_disk}}.
disks() {
    case $1 in
{{#machines}}
        {{node}})
            cat <<'END'
{{#disks}}
{{name}} {{size}} {{device}}
{{/disks}}
END
            ;;
{{/machines}}
    esac
}

# cramped NETWORK: why user mode cannot provide the network; nothing if it can.
cramped() {
    case $1 in
{{#cramped}}
        {{network}}) echo 'the network {{network}} {{why}}: use --lan {{network}}=bridge:NAME or --lan {{network}}=tap:PREFIX' ;;
{{/cramped}}
        *) ;;
    esac
}

# The carriers of the networks that lead out of the host, as chosen with --lan.
{{#lans}}
lan_{{index}}=''
{{/lans}}

# carrier NETWORK: user, bridge:NAME or tap:PREFIX.
carrier() {
    case $1 in
{{#lans}}
        {{network}}) echo "${lan_{{index}}:-user}" ;;
{{/lans}}
        *) ;;
    esac
}

# choose [NETWORK=]WAY: sets the carrier of one network, or of all that lead out of the host.
choose() {
    network='' way=$1
    case $1 in
{{#lans}}
        {{network}}=*) network={{network}} way=${1#*=} ;;
{{/lans}}
    esac
    case $way in
        user | bridge:?* | tap:?*) ;;
        *) misuse "--lan takes user, bridge:NAME or tap:PREFIX, not $way" ;;
    esac
    case ${way#*:} in
        *[!A-Za-z0-9_.-]*) misuse "${way#*:} is not the name of an interface" ;;
    esac
{{#lans}}
    if [ -z "$network" ] || [ "$network" = {{network}} ]; then
        [ -z "$lan_{{index}}" ] || misuse "--lan is given twice for the network {{network}}"
        lan_{{index}}=$way
    fi
{{/lans}}
}

usage() {
    cat <<END
usage: lab up [--kernel [--seed] [--append OPTIONS] | --pxe | --iso FILE |
              --usb FILE] [--netboot DIR] [--lan [NETWORK=]WAY]
              [--cards ORDER] [--accel auto|kvm|tcg] [--print] [NODE...]
       lab status [NODE...]
       lab console [--log] [NODE...]
       lab down [--wait SECONDS] [--force] [NODE...]
       lab snapshot save|restore NAME [NODE...]
       lab snapshot list [NODE...]
       lab destroy --yes [NODE...]

Nodes: $all

Every subcommand takes --state DIR, the directory of disks and logs. The default
is XENSEED_STATE, or \$XDG_STATE_HOME/xenseed/$domain,
or ~/.local/state/xenseed/$domain.

up       Creates the disks that are missing and starts the nodes that are not
         running. A node boots from its disk. If the disk is empty, one of these
         is needed, with which it boots:
           --kernel          the installer's kernel and initrd, without a boot
                             loader
             --seed          with usb/seed.cpio.gz appended to the initrd,
                             instead of a preseed by URL
             --append OPTIONS
                             with additional kernel options
           --usb FILE        a USB disk, read-only
                             These two come before the disk, so they are refused
                             if the disk is not empty, and a reboot ends the
                             machine.
           --pxe             the network, with the ROM of the card that the
                             installer uses
           --iso FILE        a CD
         Other options:
           --netboot DIR     Debian's unpacked netboot archive; the default is
                             pxe/tftp of this lab
           --lan WAY         the attachment of {{lan_words}};
                             NETWORK=WAY attaches only that network. WAY is
               user          QEMU's user mode (the default), with DHCP, TFTP and
                             access to other networks for each node separately.
                             The boot server's address is 127.0.0.1 of this
                             host: serve out/ there
               bridge:NAME   a bridge of this host, with qemu-bridge-helper
               tap:PREFIX    existing interfaces of this host: PREFIX0 for the
                             first card of the lab on that network, and so on
           --cards ORDER     the order in which the kernel finds the network
                             cards, whatever their names are: reverse, or a list
                             of names (eth1,eth0), which the other cards follow.
                             The default is the lab's order
           --accel WAY       kvm, tcg, or auto (the default): kvm if a test
                             guest runs with it, else tcg, which is slow
           --print           prints the commands and does not run them
status   Prints each node's state: absent, poweroff or running.
console  Connects to the serial port of one running node; Ctrl-] disconnects.
         For several nodes, or with --log, follows their output. The screen is
         the socket nodes/NODE/vnc.sock in the state directory, for a VNC viewer
         that supports sockets.
down     Presses the power button and waits (120 seconds by default); with
         --force, it then cuts the power.
snapshot Saves, restores or lists snapshots of the disks of nodes that are off.
destroy  Removes the machines and their disks.

Exit status: 0 success; 1 refused, or not all was done; 2 wrong command line;
3 QEMU is missing or failed.
END
}

{{> machines.sh}}

{{> cards.sh}}

# need PROGRAM PACKAGE
need() {
    command -v "$1" >/dev/null 2>&1 || broken "there is no $1: install it (Debian: $2)"
}

# listed VALUE: the value as an item of QEMU's lists, which are separated by commas.
listed() {
    printf '%s\n' "$1" | sed 's/,/,,/g'
}

# ---- processes ----

# live FILE: sets pid if FILE has the number of a running process of this script.
live() {
    pid=
    [ -r "$1" ] || return 1
    read -r pid <"$1" || return 1
    case $pid in
        '' | *[!0-9]*) return 1 ;;
    esac
    { tr '\0' '\n' <"/proc/$pid/cmdline" | grep -Fqx -e "$1"; } 2>/dev/null
}

# look NODE: sets folder and state.
look() {
    folder=$kept/nodes/$1
    if live "$folder/pid"; then
        state=running
    elif [ -e "$folder/disks" ]; then
        state=poweroff
    else
        state=absent
    fi
}

# end FILE: ends the process of this script whose number FILE has; QEMU does not damage its disks.
end() {
    live "$1" || return 0
    kill "$pid" 2>/dev/null
    tries=50
    while live "$1"; do
        tries=$((tries - 1))
        case $tries in
            20) kill -9 "$pid" 2>/dev/null ;;
            0) broken "process $pid does not end" ;;
        esac
        sleep 0.2 2>/dev/null || sleep 1
    done
}

# ---- up ----

# Runs a guest of nine bytes at the reset vector. It writes a number N to the port of isa-debug-exit, which ends QEMU with
# the status 2N + 1. If KVM is present but does not work, the guest does not get that far.
kvm_works() {
    [ -w /dev/kvm ] || return 1
    probe=$(mktemp) || broken "a temporary file can't be created"
    {
        head -c 65520 /dev/zero
        printf '\272\364\000\260\025\356\364\353\375'
        head -c 7 /dev/zero
    } >"$probe"
    "$qemu" -machine pc,accel=kvm -cpu host -m 16 -nodefaults -display none -no-reboot -bios "$probe" \
        -device isa-debug-exit,iobase=0xf4,iosize=1 </dev/null >/dev/null 2>&1 &
    guest=$!
    tries=10
    while [ $tries -gt 0 ] && kill -0 $guest 2>/dev/null; do
        sleep 0.2 2>/dev/null || sleep 1
        tries=$((tries - 1))
    done
    kill -9 $guest 2>/dev/null
    wait $guest 2>/dev/null
    result=$?
    rm -f "$probe"
    [ $result -eq 43 ]
}

choose_accel() {
    case $accel in
        kvm) kvm_works || refuse "KVM (/dev/kvm) is missing or does not work: use --accel tcg" ;;
        auto)
            if kvm_works; then accel=kvm; else
                accel=tcg
                say "KVM is not available, so this is slow"
            fi
            ;;
    esac
    cpu=host
    # Xen's dom0 crashes on the CPU that TCG emulates with -cpu max. Nested paging is for pvh and hvm guests.
    [ "$accel" = kvm ] || cpu=qemu64,+npt
}

# find_ovmf: sets code and variables.
find_ovmf() {
    while read -r code variables; do
        if [ -r "$code" ] && [ -r "$variables" ]; then return 0; fi
    done <<'END'
/usr/share/OVMF/OVMF_CODE_4M.fd /usr/share/OVMF/OVMF_VARS_4M.fd
/usr/share/OVMF/OVMF_CODE.fd /usr/share/OVMF/OVMF_VARS.fd
/usr/share/edk2/x64/OVMF_CODE.4m.fd /usr/share/edk2/x64/OVMF_VARS.4m.fd
/usr/share/edk2/ovmf/OVMF_CODE.fd /usr/share/edk2/ovmf/OVMF_VARS.fd
END
    broken "the UEFI firmware OVMF is missing: install it (Debian: ovmf)"
}

# act COMMAND...: runs the command, or prints it with --print.
act() {
    if [ -n "$print" ]; then
        line=
        for word in "$@"; do
            case $word in
                '' | *[!A-Za-z0-9_./:=,@%+-]*) word="'$(printf '%s\n' "$word" | sed "s/'/'\\\\''/g")'" ;;
            esac
            line="$line${line:+ }$word"
        done
        printf '%s\n' "$line"
    else
        said=$("$@" 2>&1 </dev/null) || broken "$1 failed: $said"
        [ -z "$said" ] || say "$said"
    fi
}

# make NODE: creates the disks and the variables of the firmware if they are missing.
make() {
    table=$(disks "$1")
    if [ -z "$print" ]; then
        mkdir -p "$folder" || broken "$folder can't be made"
        printf '%s\n' "$table" >"$folder/disks" || broken "$folder can't be written"
    fi
    while read -r disk size device; do
        file=$folder/$disk.qcow2
        [ ! -e "$file" ] || continue
        act qemu-img create -q -f qcow2 "$file.part" "${size}M"
        act mv "$file.part" "$file"
    done <<END
$table
END
    if [ "$firmware" = uefi ] && [ ! -e "$folder/variables.qcow2" ]; then
        act qemu-img convert -f raw -O qcow2 "$variables" "$folder/variables.qcow2.part"
        act mv "$folder/variables.qcow2.part" "$folder/variables.qcow2"
    fi
}

# is_written DISK: whether its first sector is a boot sector.
is_written() {
    [ -e "$1" ] || return 1
    qemu-img dd -f qcow2 -O raw bs=512 count=1 "if=$1" "of=$1.sector" >/dev/null 2>&1 || broken "$1 can't be read"
    mark=$(tail -c 2 "$1.sector" | od -An -tx1 | tr -d ' \n')
    rm -f "$1.sector"
    [ "$mark" = 55aa ]
}

# system_disk NODE: the name of the system disk.
system_disk() {
    disks "$1" | sed -n 's/^\([^ ]*\) .*,bootindex=1.*/\1/p'
}

# start NODE
start() {
    node=$1
    set -- -name "$node.$domain" -uuid "$uuid" -machine "pc,accel=$accel" -cpu $cpu -smp "$cpus" -m "$memory" \
        -nodefaults -no-user-config -rtc base=utc -vga std -display "vnc=unix:$(listed "$folder/vnc.sock")" \
        -daemonize -pidfile "$folder/pid" \
        -chardev "pipe,id=control,path=$(listed "$folder/control")" -mon chardev=control,mode=control
    [ -z "$dmi" ] || set -- "$@" -smbios "type=1,serial=$dmi"
    [ "$firmware" = bios ] ||
        set -- "$@" -drive "if=pflash,unit=0,format=raw,readonly=on,file=$code" \
            -drive "if=pflash,unit=1,format=qcow2,file=$(listed "$folder/variables.qcow2")"

    set -- "$@" -chardev \
        "socket,id=serial,path=$(listed "$folder/serial.sock"),server=on,wait=off,logfile=$(listed "$folder/serial.log")"
    [ "$port" = 1 ] || set -- "$@" -serial null
    set -- "$@" -serial chardev:serial

    # Every adapter has its own slot, so the order does not depend on how fast a network is attached.
    number=0
    table=$(adapters "$node")
    order=$(in_order "$table")
    while read -r name mac installs kind network count subnet host dns lease web; do
        id=n$number
        case $kind in
            user)
                way=$(carrier "$network")
                case $way in
                    user)
                        netdev="user,id=$id,net=$subnet,host=$host,dns=$dns,dhcpstart=$lease,hostname=$node"
                        [ -z "$pxe" ] || netdev="$netdev,tftp=$(listed "$tftp"),bootfile=$(loader)"
                        set -- "$@" -netdev "$netdev$(forward "$web")"
                        ;;
                    bridge:*) set -- "$@" -netdev "bridge,id=$id,br=${way#*:}" ;;
                    tap:*) set -- "$@" -netdev "tap,id=$id,ifname=${way#*:}$count,script=no,downscript=no" ;;
                esac
                ;;
            link)
                netdev="dgram,id=$id,local.type=unix,local.path=$(listed "$folder/$id.sock")"
                netdev="$netdev,remote.type=unix,remote.path=$(listed "$kept/nodes/$network/n$count.sock")"
                set -- "$@" -netdev "$netdev"
                ;;
            none) set -- "$@" -netdev "hubport,id=$id,hubid=$number" ;;
        esac
        slot=$(printf '%s\n' "$order" | grep -nFx -e "$name" | cut -d : -f 1)
        device=e1000,netdev=$id,mac=$mac,addr=$(printf '0x%x' $((15 + slot)))
        if [ -n "$pxe" ] && [ "$installs" = yes ]; then device=$device,bootindex={{network_boot_order}}; else device=$device,romfile=; fi
        set -- "$@" -device "$device"
        number=$((number + 1))
    done <<END
$table
END

    table=$(controllers "$node")
    while read -r device; do
        [ -z "$device" ] || set -- "$@" -device "$device"
    done <<END
$table
END
    table=$(disks "$node")
    while read -r disk _ device; do
        set -- "$@" -drive "if=none,id=$disk,format=qcow2,discard=unmap,file=$(listed "$folder/$disk.qcow2")" \
            -device "$device"
    done <<END
$table
END

    [ -z "$iso" ] ||
        set -- "$@" -drive "if=none,id=cd,media=cdrom,format=raw,readonly=on,file=$(listed "$iso")" \
            -device ide-cd,bus=ide.1,drive=cd,bootindex={{cd_boot_order}}
    [ -z "$usb" ] ||
        set -- "$@" -drive "if=none,id=stick,format=raw,readonly=on,file=$(listed "$usb")" \
            -device usb-ehci,id=usb -device usb-storage,bus=usb.0,drive=stick,removable=on,bootindex=0
    # After a reboot, the machine would boot the installer again instead of the disk, so a reboot ends it.
    [ -z "$kernel$usb" ] || set -- "$@" -no-reboot
    if [ -n "$kernel" ]; then
        set -- "$@" -kernel "$netboot/linux"
        if [ -n "$seed" ]; then
            [ -n "$print" ] || cat "$netboot/initrd.gz" "$here/../usb/seed.cpio.gz" >"$folder/initrd" ||
                broken "$folder/initrd can't be written"
            set -- "$@" -initrd "$folder/initrd" -append "$seed_options$append ---"
        else
            set -- "$@" -initrd "$netboot/initrd.gz" -append "$options$append ---"
        fi
    else
        set -- "$@" -boot strict=on
    fi

    if [ -z "$print" ]; then
        rm -f "$folder/control.in" "$folder/control.out" "$folder"/*.sock
        mkfifo "$folder/control.in" "$folder/control.out" || broken "$folder can't be written"
        : >"$folder/serial.log"
    fi
    act $qemu "$@"
}

# loader: the boot loader that a machine with that firmware fetches.
loader() {
    if [ "$firmware" = bios ]; then echo pxelinux.0; else echo debian-installer/amd64/bootnetx64.efi; fi
}

# forward ADDRESS:PORT: an option of user mode for the boot server, if its address is not already that of this host.
forward() {
    if [ -z "$1" ]; then return 0; fi
    if command -v nc >/dev/null 2>&1; then
        printf ',guestfwd=tcp:%s-cmd:nc 127.0.0.1 %s' "$1" "${1#*:}"
    else
        say "nc is missing, so the boot server $1 can't be reached in user mode"
    fi
}

# absolute FILE: sets file.
absolute() {
    file=$1
    case $file in
        /*) ;;
        *) file=$PWD/$file ;;
    esac
}

# readable FILE
readable() {
    if [ ! -f "$1" ] || [ ! -r "$1" ]; then refuse "$1 can't be read${2:-}"; fi
}

up() {
    check_cards
    status=0
    for node in $nodes; do
        why=$(refusal "$node")
        if [ -z "$why" ]; then
            table=$(adapters "$node")
            while read -r _ _ _ kind network count _; do
                [ "$kind" = user ] || continue
                way=$(carrier "$network")
                case $way in
                    user) why=${why:-$(cramped "$network")} ;;
                    tap:*)
                        # As root, QEMU would create the interface, but it would not be part of a network.
                        tap=${way#*:}$count
                        [ -n "$print" ] || [ -e "/sys/class/net/$tap" ] || why="there is no interface $tap"
                        ;;
                esac
            done <<END
$table
END
            hardware "$node"
            if [ -n "$kernel" ] && [ -z "$seed$options" ]; then
                why='the lab has no boot_server to fetch a preseed from: use --seed'
            fi
        fi
        if [ -n "$why" ]; then
            say "$node: $why"
            status=1
        fi
    done
    [ $status -eq 0 ] || exit 1
    # sun_path has 108 bytes; /nodes/NODE/serial.sock follows.
    [ ${#kept} -le {{state_room}} ] || refuse "$kept is too long for sockets (more than {{state_room}} characters): use a shorter --state"

    if [ -n "$kernel$pxe" ]; then
        absolute "${netboot:-$here/../pxe/tftp}"
        netboot=$file/debian-installer/amd64
        how="; create it with xenseed netboot --archive netboot.tar.gz"
        if [ -n "$kernel" ]; then
            readable "$netboot/linux" "$how"
            readable "$netboot/initrd.gz" "$how"
        fi
        [ -z "$seed" ] || readable "$here/../usb/seed.cpio.gz"
        tftp=$file
    fi
    if [ -n "$iso" ]; then
        absolute "$iso"
        iso=$file
        readable "$iso"
    fi
    if [ -n "$usb" ]; then
        absolute "$usb"
        usb=$file
        readable "$usb"
    fi
    need $qemu qemu-system-x86
    need qemu-img qemu-utils
    open=
    for node in $nodes; do
        look "$node"
        hardware "$node"
        if [ "$state" = running ]; then
            say "$node: is running already"
            continue
        fi
        open="$open $node"
        [ "$firmware" = bios ] || find_ovmf
        [ -z "$pxe" ] || readable "$tftp/$(loader)" "$how"
        if [ -n "$pxe$iso" ]; then continue; fi
        if is_written "$folder/$(system_disk "$node").qcow2"; then
            [ -z "$kernel$usb" ] ||
                refuse "$node: its disk is not empty: boot it without --kernel and --usb, or remove it with destroy"
        elif [ -z "$kernel$usb$print" ]; then
            say "$node: its disk is empty, and there is nothing else to boot from: add --pxe, --kernel, --iso FILE or --usb FILE"
            status=1
        fi
    done
    [ $status -eq 0 ] || exit 1
    [ -n "$open" ] || return 0
    choose_accel
    for node in $open; do
        look "$node"
        hardware "$node"
        make "$node"
        [ -z "$unmade" ] || say "$node: without $unmade, which QEMU's machine does not have; as the lab keeps that disk, the installation will stop"
        start "$node"
        [ -n "$print" ] || say "$node: started"
    done
}

# ---- the other subcommands ----

show_status() {
    for node in $nodes; do
        look "$node"
        printf '%-{{width}}s  %s\n' "$node" $state
    done
}

follow() {
    set --
    for node in $nodes; do
        look "$node"
        hardware "$node"
        [ "$console" = yes ] || say "$node: the lab has no console for it (console: ttyS0,115200), so it writes little"
        [ -e "$folder/serial.log" ] || refuse "$node: there is no $folder/serial.log yet: it was never started by this script"
        set -- "$@" "$folder/serial.log"
    done
    if [ $# -gt 1 ] || [ -n "$log" ] || [ "$state" != running ]; then exec tail -n 100 -f "$@"; fi
    need socat socat
    if [ -t 0 ]; then
        say "Ctrl-] disconnects"
        exec socat STDIO,raw,echo=0,escape=0x1d "UNIX-CONNECT:$folder/serial.sock"
    fi
    # QEMU stops writing to a connection when one half of it is closed.
    exec socat -t 2 STDIO "UNIX-CONNECT:$folder/serial.sock,shut-none"
}

# press NODE: presses the power button, and does not wait for an answer.
press() {
    # The pipe is opened for reading and writing, so that opening does not wait for QEMU.
    printf '%s\n' '{"execute":"qmp_capabilities"}' '{"execute":"system_powerdown"}' 1<>"$folder/control.in"
}

down() {
    open=
    for node in $nodes; do
        look "$node"
        [ "$state" = running ] || continue
        open="$open $node"
        press "$node"
    done
    nodes=$open
    while :; do
        open=
        for node in $nodes; do
            look "$node"
            if [ "$state" = running ]; then open="$open $node"; else say "$node: off"; fi
        done
        nodes=$open
        if [ -z "$nodes" ] || [ "$wait" -eq 0 ]; then break; fi
        wait=$((wait - 1))
        sleep 1
    done
    if [ -n "$nodes" ]; then
        [ -n "$force" ] || refuse "still on:$nodes (an installer ignores the power button: --force cuts the power)"
        for node in $nodes; do
            end "$kept/nodes/$node/pid"
            say "$node: power cut"
        done
    fi
}

# images: the files that a snapshot of the current node consists of.
images() {
    while read -r disk _; do
        echo "$folder/$disk.qcow2"
    done <"$folder/disks"
    [ ! -e "$folder/variables.qcow2" ] || echo "$folder/variables.qcow2"
}

# snapshots FILE: name and time of each snapshot.
snapshots() {
    qemu-img snapshot -U -l "$1" | awk '$1 ~ /^[0-9]+$/ { print $2, $5, $6 }'
}

# has FILE: whether the file has the snapshot.
has() {
    snapshots "$1" | cut -d ' ' -f 1 | grep -Fqx -e "$snapshot"
}

take_snapshot() {
    need qemu-img qemu-utils
    # All nodes are checked before one is changed.
    for node in $nodes; do
        look "$node"
        case $action.$state in
            *.absent) refuse "$node: absent" ;;
            list.*) continue ;;
            *.running) refuse "$node: is running: switch it off first" ;;
        esac
        images | {
            while read -r file; do
                case $action in
                    save) ! has "$file" || refuse "$node: the snapshot $snapshot exists already" ;;
                    restore) has "$file" || refuse "$node: there is no snapshot $snapshot" ;;
                esac
            done
        } || exit
    done
    for node in $nodes; do
        look "$node"
        case $action in
            list)
                images | sed 1q | while read -r file; do
                    snapshots "$file" | while read -r name time; do
                        printf '%-{{width}}s  %s  %s\n' "$node" "$name" "$time"
                    done
                done
                ;;
            save | restore)
                flag=-c
                [ "$action" = save ] || flag=-a
                images | while read -r file; do
                    qemu-img snapshot $flag "$snapshot" "$file" || broken "qemu-img failed"
                done || exit
                say "$node: ${action}d $snapshot"
                ;;
        esac
    done
}

destroy() {
    open=
    for node in $nodes; do
        look "$node"
        if [ "$state" != absent ] || [ -d "$folder" ]; then open="$open $node"; fi
    done
    if [ -z "$open" ]; then
        say "there is nothing to destroy"
        return 0
    fi
    for node in $open; do
        look "$node"
        end "$folder/pid"
        {
            [ ! -r "$folder/disks" ] || cat "$folder/disks"
            echo variables
        } | while read -r disk _; do
            rm -f "$folder/$disk.qcow2" "$folder/$disk.qcow2.part" "$folder/$disk.qcow2.sector"
        done
        for file in pid serial.log serial.sock vnc.sock control.in control.out initrd disks; do
            rm -f "$folder/$file"
        done
        rm -f "$folder"/n[0-9]*.sock
        rmdir "$folder" 2>/dev/null || say "$node: $folder has other files and is not removed"
        say "$node: destroyed"
    done
    rmdir "$kept/nodes" "$kept" 2>/dev/null || :
}

# ---- the command line ----

[ $# -gt 0 ] || misuse "a subcommand is missing"
verb=$1
shift
case $verb in
    -h | --help | help)
        usage
        exit 0
        ;;
    up | status | console | down | destroy) ;;
    snapshot)
        case ${1:-} in
            -h | --help) ;;
            save | restore | list)
                action=$1
                shift
                ;;
            *) misuse "snapshot needs save, restore or list" ;;
        esac
        ;;
    *) misuse "there is no subcommand $verb" ;;
esac

nodes='' kernel='' seed='' append='' pxe='' iso='' usb='' netboot='' cards='' accel=auto print=''
wait=120 force='' yes='' log='' snapshot='' kept=${XENSEED_STATE:-}
while [ $# -gt 0 ]; do
    option=$1
    shift
    given=
    case "$verb $option" in
        *' -h' | *' --help')
            usage
            exit 0
            ;;
        *' --state' | up\ --append | up\ --iso | up\ --usb | up\ --netboot | up\ --lan | up\ --cards | up\ --accel | down\ --wait)
            [ -n "${1:-}" ] || misuse "$option needs a value"
            given=$1
            shift
            ;;
        up\ --kernel) kernel=yes ;;
        up\ --seed) seed=yes ;;
        up\ --pxe) pxe=yes ;;
        up\ --print) print=yes ;;
        console\ --log) log=yes ;;
        down\ --force) force=yes ;;
        destroy\ --yes) yes=yes ;;
        *' -'*) misuse "$verb has no option $option" ;;
    esac
    case $option in
        --state) kept=$given ;;
        --iso) iso=$given ;;
        --usb) usb=$given ;;
        --netboot) netboot=$given ;;
        --append) append="$append $given" ;;
        --lan) choose "$given" ;;
        --cards) cards=$given ;;
        --accel)
            case $given in
                auto | kvm | tcg) accel=$given ;;
                *) misuse "--accel takes auto, kvm or tcg, not $given" ;;
            esac
            ;;
        --wait)
            case $given in
                '' | *[!0-9]* | ????????*) misuse "--wait takes a number of seconds, not $given" ;;
            esac
            wait=$given
            ;;
        -*) ;;
        *)
            if [ "$verb" = snapshot ] && [ "$action" != list ] && [ -z "$snapshot" ]; then
                # qemu-img takes a number as the index of a snapshot.
                case $option in
                    [!A-Za-z]* | *[!A-Za-z0-9._-]*)
                        misuse "$option is not a name for a snapshot: use a letter, then letters, digits, dot, _ and -"
                        ;;
                esac
                snapshot=$option
                continue
            fi
            add_node "$option"
            ;;
    esac
done
[ -n "$nodes" ] || nodes=$all

if [ -z "$kept" ]; then
    [ -n "${XDG_STATE_HOME:-}${HOME:-}" ] || misuse "HOME is not set: use --state DIR"
    kept=${XDG_STATE_HOME:-${HOME:-}/.local/state}/xenseed/$domain
fi
absolute "$kept"
kept=${file%/}

case $verb in
    up)
        case $kernel$pxe${iso:+yes}${usb:+yes} in
            yesyes*) misuse "--kernel, --pxe, --iso and --usb exclude each other" ;;
        esac
        [ -n "$kernel" ] || [ -z "$seed$append" ] || misuse "--seed and --append need --kernel"
        [ -n "$kernel$pxe" ] || [ -z "$netboot" ] || misuse "--netboot needs --kernel or --pxe"
        up
        ;;
    status) show_status ;;
    console) follow ;;
    down) down ;;
    snapshot)
        [ "$action" = list ] || [ -n "$snapshot" ] || misuse "snapshot $action needs a name"
        take_snapshot
        ;;
    destroy)
        [ -n "$yes" ] || misuse "destroy removes disks: it needs --yes"
        destroy
        ;;
esac
