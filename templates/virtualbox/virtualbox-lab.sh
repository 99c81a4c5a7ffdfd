#!/bin/sh
# {{made_by}}
# Creates, starts, stops and removes the machines of the lab {{domain}} in VirtualBox 5.2 to 7.2; see `lab --help`.
#
# A machine of this lab is named NODE.{{domain}} and has the lab's domain as extra data (xenseed/lab). A machine with
# such a name but without that extra data does not belong to the lab and is not changed. While a machine is incomplete, the
# file `unfinished` is in its directory: the next up or destroy removes what an interrupted one left.
set -u

domain={{domain}}
all='{{names}}'

# This script reads VBoxManage's output: messages have to be in English, file names in the user's encoding.
if [ -n "${LC_ALL:-}" ]; then
    LC_CTYPE=$LC_ALL
    export LC_CTYPE
    unset LC_ALL
fi
LC_MESSAGES=C
LANGUAGE=
export LC_MESSAGES LANGUAGE

# ---- the lab ----

# hardware NODE: sets firmware, cpus, memory in MiB, the serial port of the console, and, if the lab has them, the
# machine's serial number in DMI and the serial numbers of disks by SATA port (PORT=SERIAL).
hardware() {
    firmware='' cpus='' memory='' port='' console=no dmi='' serials='' unmade=''
    case $1 in
{{#machines}}
        {{node}})
            firmware={{firmware}} cpus={{cpus}} memory={{memory}} port={{port}}
{{#console}}
            console={{.}}
{{/console}}
{{#serial}}
            dmi='{{.}}'
{{/serial}}
{{#serials}}
            serials='{{.}}'
{{/serials}}
{{#unmade}}
            unmade='{{.}}'
{{/unmade}}
            ;;
{{/machines}}
    esac
}

# adapters NODE: the card's name on the node, network, MAC address, promiscuous mode, and 1 for the card that the
# installer uses, else 0.
adapters() {
    case $1 in
{{#machines}}
        {{node}})
            cat <<'END'
{{#adapters}}
{{name}} {{network}} {{mac}} {{promiscuous}} {{priority}}
{{/adapters}}
END
            ;;
{{/machines}}
    esac
}

# disks NODE: SATA port, name on the node, size in MiB. Without a size in the lab, the system disk has {{default_disk}}, or
# more if its layout needs more. Every other disk has {{other_disk}}.
disks() {
    case $1 in
{{#machines}}
        {{node}})
            cat <<'END'
{{#disks}}
{{port}} {{name}} {{size}}
{{/disks}}
END
            ;;
{{/machines}}
    esac
}

# The networks that lead out of the host ({{lan_names}}), which are attached by --bridge and --hostonly.
{{#lans}}
how_{{index}}='' device_{{index}}=''
{{/lans}}

# attachment NETWORK: sets how and device, empty if nothing was chosen. All other networks are internal networks, which
# VirtualBox makes.
attachment() {
    case $1 in
{{#lans}}
        {{network}}) how=$how_{{index}} device=$device_{{index}} ;;
{{/lans}}
        *) how=intnet device=$1.$domain ;;
    esac
}

# choose KIND [NETWORK=]NAME: attaches one network, or all that lead out of the host.
choose() {
    [ -n "$2" ] || misuse "--$1 needs a name"
    network='' interface=$2
    case $2 in
{{#lans}}
        {{network}}=*) network={{network}} interface=${2#*=} ;;
{{/lans}}
    esac
    [ -n "$interface" ] || misuse "--$1 needs a name"
{{#lans}}
    if [ -z "$network" ] || [ "$network" = {{network}} ]; then
        [ -z "$how_{{index}}" ] || misuse "the network {{network}} is attached twice"
        how_{{index}}=$1 device_{{index}}=$interface
    fi
{{/lans}}
}

# Checks that VirtualBox has the interfaces that were chosen.
check_choices() {
{{#lans}}
    if [ -n "$how_{{index}}" ]; then
        find_interface "$how_{{index}}" "$device_{{index}}"
        how_{{index}}=$how device_{{index}}=$device
    fi
{{/lans}}
}

usage() {
    cat <<END
usage: lab up [--bridge IFACE | --hostonly NAME] [--iso FILE | --pxe]
              [--cards ORDER] [NODE...]
       lab status [NODE...]
       lab console [NODE...]
       lab down [--wait SECONDS] [--force] [NODE...]
       lab destroy [--yes] [NODE...]

Nodes: $all
Networks that lead out of this host: {{lan_names}}

up       Creates the machines that are missing, applies the lab's settings to
         those that are off, and starts those that are not running.
           --bridge IFACE    attaches the networks that lead out of this host
                             to its network interface IFACE
           --hostonly NAME   attaches them to a host-only network
                             One of the two is needed when a machine is created;
                             later, to change it. NETWORK=NAME attaches only
                             that network. The environment variables
                             XENSEED_BRIDGE and XENSEED_HOSTONLY give defaults.
           --iso FILE        puts FILE into the DVD drive; the default is
                             XENSEED_ISO
           --pxe             empties the DVD drive, as it is in a new machine: a
                             machine with an empty disk starts from the network
                             (BIOS; since 7.1, UEFI nodes need --iso)
           --cards ORDER     the order in which the kernel finds the network
                             cards, whatever their names are: reverse, or a list
                             of names (eth1,eth0), which the other cards follow.
                             The default is the lab's order.
         The disk is first in the boot order, so an installed machine is not
         installed again.
status   Prints each node's state: absent, unfinished, inaccessible, foreign,
         stray, or the state that VirtualBox reports.
console  Follows what the nodes write to their serial ports.
down     Presses the power button and waits (120 seconds by default); with
         --force, it then cuts the power.
destroy  Removes the machines and their disks. It asks first, or needs --yes.

Exit status: 0 success; 1 refused, or not all was done; 2 wrong command line;
3 VirtualBox is missing or failed.
END
}

{{> machines.sh}}

{{> cards.sh}}

# ---- VBoxManage ----

# try ARGUMENT...: runs VBoxManage; its output is in $said. VirtualBox keeps a machine locked for a moment after it was
# switched off, so there are ten attempts, a second apart.
try() {
    tries=10
    until said=$(VBoxManage "$@" </dev/null 2>&1); do
        tries=$((tries - 1))
        case $tries.$said in
            0.*) return 1 ;;
            *lock*) sleep 1 ;;
            *) return 1 ;;
        esac
    done
}

# vm ARGUMENT...: like try; a failure ends the run.
vm() {
    try "$@" || broken "VBoxManage $1 failed: $said"
}

# ask ARGUMENT...: runs VBoxManage; its standard output is in $said. A failure ends the run.
ask() {
    said=$(VBoxManage "$@" </dev/null) || broken "VBoxManage $* failed"
}

# at_least MAJOR MINOR: whether VirtualBox has at least this version.
at_least() {
    [ "$major" -gt "$1" ] || { [ "$major" -eq "$1" ] && [ "$minor" -ge "$2" ]; }
}

connect() {
    command -v VBoxManage >/dev/null 2>&1 || broken "there is no VBoxManage: install VirtualBox"
    ask --version
    # Warnings about the kernel module may come first.
    version=$(printf '%s\n' "$said" | sed -n 's/^\([0-9][0-9]*\)\.\([0-9][0-9]*\)\..*/\1 \2/p' | tail -n 1)
    [ -n "$version" ] || broken "cannot read the version that VBoxManage printed: $said"
    major=${version% *} minor=${version#* }
    at_least 5 2 || broken "VirtualBox $major.$minor is too old; 5.2 or newer is needed"
    ask list systemproperties
    home=$(printf '%s\n' "$said" | sed -n 's/^Default machine folder: *//p')
    [ -n "$home" ] || broken "VBoxManage list systemproperties has no default machine folder"
    home=${home%/}
    ask list vms
    machines=$said
}

# value NAME: a value in $info.
value() {
    printf '%s\n' "$info" | sed -n "s/^$1=\"\(.*\)\"\$/\1/p" | sed 1q
}

# unreadable FILE: the UUID of the machine whose settings are in FILE, if VirtualBox cannot read them. Only the long
# list names the files of such machines (VBoxManageInfo.cpp, showVMInfo).
unreadable() {
    case $machines in
        *'"<inaccessible>"'*) ;;
        *) return 0 ;;
    esac
    VBoxManage list --long vms </dev/null 2>/dev/null | file=$1 awk '
        /^Name: / { lost = /<inaccessible!>$/ }
        /^UUID: / { id = $2 }
        /^Config file: / { sub(/^Config file: */, ""); if (lost && $0 == ENVIRON["file"]) print id }
    '
}

# look NODE: finds its machine. Sets name, id, folder, state, info and kind:
#   absent        there is none
#   unfinished    one of this lab, but up or destroy was interrupted
#   inaccessible  VirtualBox has it in its list, but the files are missing or unreadable
#   stray         the files are there, but VirtualBox does not have it in its list
#   foreign       a machine of this name that is not this lab's
#   ours
look() {
    name=$1.$domain id='' state='' info='' kind=absent
    folder=$home/$domain/$name
    settings=$folder/$name.vbox
    while IFS= read -r line; do
        case $line in
            "\"$name\" {"*"}")
                [ -z "$id" ] || refuse "there are two machines named $name: rename one of them"
                id=${line##*\{}
                id=${id%\}}
                ;;
        esac
    done <<END
$machines
END
    if [ -z "$id" ]; then
        id=$(unreadable "$settings")
        if [ -n "$id" ]; then
            kind=inaccessible
        elif [ -e "$folder/unfinished" ]; then
            kind=unfinished
        elif [ -e "$settings" ]; then
            kind=stray
        fi
        return 0
    fi
    ask showvminfo "$id" --machinereadable
    info=$said
    state=$(value VMState)
    settings=$(value CfgFile)
    ask getextradata "$id" xenseed/lab
    case $said in
        *"Value: $domain")
            folder=${settings%/*}
            kind=ours
            # While VirtualBox runs, it knows a machine whose files were deleted.
            [ -e "$settings" ] || kind=inaccessible
            [ ! -e "$folder/unfinished" ] || kind=unfinished
            ;;
        *)
            kind=foreign
            # up was interrupted before it set the extra data.
            if [ "$settings" = "$folder/$name.vbox" ] && [ -e "$folder/unfinished" ]; then kind=unfinished; fi
            ;;
    esac
}

# require_ours NODE: looks, and refuses a machine that is not this lab's, or that has lost its files.
require_ours() {
    look "$1"
    case $kind in
        foreign) refuse "the machine $name is not this lab's, and is not touched" ;;
        stray) refuse "VirtualBox does not have the machine in $folder: run VBoxManage registervm, or move it away" ;;
        inaccessible)
            [ ! -e "$settings" ] || refuse "VirtualBox cannot read $settings: repair it, or move it away"
            [ "$verb" = destroy ] || refuse "$folder, the directory of the machine $name, is missing: mount the disk" \
                "that it is on, or run \`lab destroy $1\`"
            ;;
    esac
}

is_live() {
    case $state in
        '' | poweroff | aborted | saved | aborted-saved | teleported) return 1 ;;
    esac
}

# ---- up ----

# names LIST: the names that `VBoxManage list` prints.
names() {
    said=$(VBoxManage list "$1" </dev/null 2>&1) || return 1
    printf '%s\n' "$said" | sed -n 's/^Name: *//p'
}

# find_interface KIND NAME: sets how and device, or ends the run with the names that exist.
find_interface() {
    if [ "$1" = bridge ]; then
        found=$(names bridgedifs) || broken "VBoxManage list bridgedifs failed"
        while IFS= read -r device; do
            # On a Mac: "en0: Wi-Fi (AirPort)".
            case $device in
                "$2" | "$2: "*)
                    how=bridged
                    return 0
                    ;;
            esac
        done <<END
$found
END
    else
        device=$2
        found=$(names hostonlyifs) || broken "VBoxManage list hostonlyifs failed"
        if printf '%s\n' "$found" | grep -Fqx -e "$2"; then
            how=hostonly
            return 0
        fi
        # On a Mac since 7.0; other hosts do not have this list.
        if at_least 7 0 && found=$(names hostonlynets) && printf '%s\n' "$found" | grep -Fqx -e "$2"; then
            how=hostonlynet
            return 0
        fi
    fi
    say "--$1 $2: there is no such interface"
    offer
    exit 1
}

# Prints the names that --bridge and --hostonly take.
offer() {
    {
        echo "--bridge takes:"
        names bridgedifs | sed 's/^/  /'
        echo "--hostonly takes:"
        {
            names hostonlyifs
            names hostonlynets
        } | sed 's/^/  /'
    } >&2
}

# unattached NODE: the networks for which neither the command line nor the machine has an interface.
unattached() {
    table=$(adapters "$1")
    order=$(in_order "$table")
    while read -r card network mac _; do
        attachment "$network"
        [ -z "$how" ] || continue
        number=$(number_of "$card")
        if [ "$kind" = ours ]; then
            # Its settings stay as they are.
            is_live && continue
            case $state in saved | aborted-saved) continue ;; esac
            # Unless --cards gives it another number.
            [ "$(value "macaddress$number")" = "$mac" ] && case $(value "nic$number") in
                '' | none | null | nat | intnet) ;;
                *) continue ;;
            esac
        fi
        echo "$network"
    done <<END
$table
END
}

# number_of NAME: the number of that card's adapter, which is its place in $order.
number_of() {
    printf '%s\n' "$order" | grep -nFx -e "$1" | cut -d : -f 1
}

# set_up NODE: applies all settings that can be changed later.
set_up() {
    hardware "$1"
    table=$(adapters "$1")
    order=$(in_order "$table")
    set --
    last=0
    while read -r card network mac promiscuous priority; do
        attachment "$network"
        number=$(number_of "$card")
        case $how in
            intnet) set -- "$@" "--nic$number" intnet "--intnet$number" "$device" ;;
            bridged) set -- "$@" "--nic$number" bridged "--bridgeadapter$number" "$device" ;;
            hostonly) set -- "$@" "--nic$number" hostonly "--hostonlyadapter$number" "$device" ;;
            hostonlynet) set -- "$@" "--nic$number" hostonlynet "--hostonlynet$number" "$device" ;;
        esac
        set -- "$@" "--nictype$number" 82540EM "--macaddress$number" "$mac" "--nicpromisc$number" "$promiscuous" \
            "--nicbootprio$number" "$priority" "--cableconnected$number" on
        last=$((last + 1))
    done <<END
$table
END
    while [ "$last" -lt 8 ]; do
        last=$((last + 1))
        set -- "$@" "--nic$last" none
    done
    if [ "$port" = 1 ]; then
        set -- "$@" --uart1 0x3F8 4 --uartmode1 file "$folder/serial.log" --uart2 off
    else
        set -- "$@" --uart2 0x2F8 3 --uartmode2 file "$folder/serial.log" --uart1 off
    fi
    if at_least 7 1; then
        set -- "$@" --audio-enabled off
    else
        set -- "$@" --audio none
    fi
    # The boot priority is for Intel's boot ROM in Oracle's extension pack, which reads it (DevPcBios.cpp, au16NetBootDev);
    # VirtualBox's own ROM, an iPXE, tries the adapters in the order of their numbers.
    # Xen gets a plain PC, without VirtualBox's paravirtualization.
    vm modifyvm "$id" --cpus "$cpus" --memory "$memory" --vram 16 --firmware "$firmware" --chipset piix3 --acpi on \
        --ioapic on --pae on --longmode on --hpet on --rtcuseutc on --paravirtprovider none --usb off --mouse ps2 \
        --boot1 disk --boot2 dvd --boot3 net --boot4 none "$@"
    device=pcbios
    [ "$firmware" = bios ] || device=efi
    # An empty value removes an older one. `string:` prevents that digits become a number.
    vm setextradata "$id" "VBoxInternal/Devices/$device/0/Config/DmiSystemSerial" ${dmi:+"string:$dmi"}
    for disk in $serials; do
        vm setextradata "$id" "VBoxInternal/Devices/ahci/0/Config/Port${disk%%=*}/SerialNumber" "string:${disk#*=}"
    done
}

mark_unfinished() {
    true >"$folder/unfinished" || broken "cannot write to $folder"
}

make() {
    [ "$kind" != unfinished ] || clear_away "$1"
    for file in "$folder/$1"-sd*.vdi; do
        [ ! -e "$file" ] || refuse "$file exists, and is not the disk of an unfinished machine: move it away"
    done
    mkdir -p "$folder" || broken "cannot create $folder"
    mark_unfinished
    # The UEFI variables of an older machine of this name.
    rm -f "$folder/$name.nvram"
    vm createvm --name "$name" --groups "/$domain" --ostype Debian_64 --basefolder "$home" --register
    id=$name
    vm setextradata "$id" xenseed/lab "$domain"
    set_up "$1"
    table=$(disks "$1")
    vm storagectl "$id" --name SATA --add sata --controller IntelAhci --portcount "$(printf '%s\n' "$table" | grep -c .)" \
        --bootable on
    while read -r number disk size; do
        vm createmedium disk --filename "$folder/$1-$disk.vdi" --size "$size" --format VDI --variant Standard
        vm storageattach "$id" --storagectl SATA --port "$number" --device 0 --type hdd --medium "$folder/$1-$disk.vdi"
    done <<END
$table
END
    vm storagectl "$id" --name IDE --add ide --controller PIIX4 --bootable on
    vm storageattach "$id" --storagectl IDE --port 1 --device 0 --type dvddrive --medium emptydrive
    rm "$folder/unfinished" || broken "cannot remove $folder/unfinished"
    say "$1: created in $folder: $(printf '%s\n' "$table" | sed 's/^[0-9]* \(.*\)/\1 MiB/' | paste -s -d , - | sed 's/,/, /g')"
    [ -z "$unmade" ] || say "$1: without $unmade, which VirtualBox cannot make; as the lab keeps that disk, the installation will stop"
}

insert() {
    vm storageattach "$id" --storagectl IDE --port 1 --device 0 --type dvddrive --medium "$1"
}

# other_medium: whether --iso or --pxe was given and the DVD drive, according to $info, does not have that medium.
other_medium() {
    [ -n "$medium" ] && [ "$(printf '%s\n' "$info" | sed -n 's/^"IDE-1-0"="\(.*\)"$/\1/p')" != "$medium" ]
}

# needs_iso: whether the machine that look found would be started from the network by firmware that cannot do that by itself.
# In 7.2.22, UEFI ends with "No bootable option"; in 7.1.12, GRUB gets no file from the network (VirtualBox's issue 128).
needs_iso() {
    if [ "$firmware" = bios ] || [ -n "$iso" ] || ! at_least 7 1; then return 1; fi
    case $kind in
        absent | unfinished) return 0 ;;
    esac
    [ -n "$pxe" ] && ! is_live
}

# warn_of_network NODE: warns if VirtualBox's boot ROM for BIOS, in 7.2.22, tries other cards before the installer's.
warn_of_network() {
    [ "$firmware" = bios ] || return 0
    card=$(adapters "$1" | sed -n 's/ .* 1$//p')
    number=$(number_of "$card")
    [ "$number" -eq 1 ] ||
        say "$1: VirtualBox tries the cards one by one; $card, the installer's, is number $number, and each one before it" \
            "takes about 15 seconds"
}

up() {
    check_cards
    medium=
    if [ -n "$iso" ]; then
        if [ ! -f "$iso" ] || [ ! -r "$iso" ]; then refuse "cannot read $iso"; fi
        case $iso in
            */*) iso=$(cd "${iso%/*}/" && pwd)/${iso##*/} ;;
            *) iso=$PWD/$iso ;;
        esac
        [ -z "$asked" ] || medium=$iso
    fi
    [ -z "$pxe" ] || medium=emptydrive
    status=0
    for node in $nodes; do
        why=$(refusal "$node")
        if [ -n "$why" ]; then
            say "$node: $why"
            status=1
        fi
    done
    [ $status -eq 0 ] || exit 1
    connect
    check_choices
    open=
    for node in $nodes; do
        require_ours "$node"
        hardware "$node"
        if needs_iso; then
            say "$node: the UEFI firmware of VirtualBox $major.$minor does not start an installation from the network: give" \
                "--iso FILE"
            status=1
        fi
        if [ "$kind" = unfinished ]; then
            ! is_live || refuse "$name is unfinished, but $state: switch it off first"
            check_snapshots
        fi
        for network in $(unattached "$node"); do
            case "$open " in
                *" $network "*) ;;
                *) open="$open $network" ;;
            esac
        done
    done
    [ $status -eq 0 ] || exit 1
    if [ -n "$open" ]; then
        say "how to attach the network$open: give --bridge IFACE or --hostonly NAME"
        offer
        exit 2
    fi
    for node in $nodes; do
        look "$node"
        empty=$pxe
        case $kind.$state in
            absent.* | unfinished.*)
                make "$node"
                [ -n "$iso" ] || empty=yes
                ;;
            ours.poweroff | ours.aborted | ours.teleported)
                set_up "$node"
                ;;
            ours.saved | ours.aborted-saved)
                if other_medium; then
                    say "$node: not started: it is saved, and would continue with another medium in its DVD drive; start" \
                        "it without --iso and --pxe, or discard its state: VBoxManage discardstate $name"
                    status=1
                    continue
                fi
                vm startvm "$id" --type headless
                say "$node: continues from its saved state"
                continue
                ;;
            ours.running)
                say "$node: is running; its settings are not changed"
                if other_medium; then
                    say "$node: has another medium in its DVD drive: run \`lab down $node\` before --iso or --pxe"
                    status=1
                fi
                continue
                ;;
            *) refuse "$node: is $state; switch it off first" ;;
        esac
        [ -z "$iso" ] || insert "$iso"
        [ -z "$pxe" ] || insert emptydrive
        [ -z "$empty" ] || warn_of_network "$node"
        vm startvm "$id" --type headless
        say "$node: started"
    done
    return $status
}

# ---- the other subcommands ----

show_status() {
    connect
    for node in $nodes; do
        look "$node"
        [ "$kind" != ours ] || kind=$state
        printf '%-{{width}}s  %s\n' "$node" "$kind"
    done
}

follow() {
    connect
    set --
    for node in $nodes; do
        require_ours "$node"
        hardware "$node"
        [ "$console" = yes ] || say "$node: the lab has no console for it (console: ttyS0,115200), so it writes little"
        [ -e "$folder/serial.log" ] || refuse "$node: there is no $folder/serial.log yet: it was never started by this script"
        set -- "$@" "$folder/serial.log"
    done
    exec tail -n 100 -f "$@"
}

down() {
    connect
    open=
    for node in $nodes; do
        require_ours "$node"
        is_live || continue
        open="$open $node"
        [ "$state" != running ] || vm controlvm "$id" acpipowerbutton
    done
    nodes=$open
    while :; do
        open=
        for node in $nodes; do
            look "$node"
            if is_live; then open="$open $node"; else say "$node: off"; fi
        done
        nodes=$open
        if [ -z "$nodes" ] || [ "$wait" -eq 0 ]; then break; fi
        wait=$((wait - 1))
        sleep 1
    done
    [ -n "$nodes" ] || return 0
    [ -n "$force" ] || refuse "still on:$nodes (an installer ignores the power button: --force cuts the power)"
    for node in $nodes; do
        look "$node"
        is_live || continue
        vm controlvm "$id" poweroff
        say "$node: power cut"
    done
}

# Detaches disks and images that are not in the machine's directory, so that they stay when the machine is removed.
release() {
    while IFS= read -r place && IFS= read -r controller && IFS= read -r medium; do
        case $medium in
            "$folder"/*) ;;
            *)
                vm storageattach "$id" --storagectl "$controller" --port "${place% *}" --device "${place#* }" \
                    --medium none
                ;;
        esac
    done <<END
$(printf '%s\n' "$info" | sed -n 's/^"\(.*\)-\([0-9]*\)-\([0-9]*\)"="\(\/.*\)"$/\2 \3\
\1\
\4/p')
END
}

# Refuses a machine with a snapshot that uses a disk outside its directory: VirtualBox deletes such a disk with the machine
# (7.2.22), and it cannot be detached from a snapshot.
check_snapshots() {
    case $info in
        *SnapshotName=*) ;;
        *) return 0 ;;
    esac
    outside=$(VBoxManage list --long hdds </dev/null 2>/dev/null | folder=$folder/ id=$id awk '
        /^Location: / { sub(/^Location: */, ""); place = $0 }
        index($0, "(UUID: " ENVIRON["id"] ") [") && index(place, ENVIRON["folder"]) != 1 { print place }
    ')
    [ -z "$outside" ] || refuse "$name has snapshots with disks from elsewhere, which VirtualBox would delete; delete" \
        "these snapshots first: $(in_line "$outside")"
}

# clear_away NODE: removes the machine, complete or not, with its disks. `unfinished` stays until all else is removed.
clear_away() {
    if [ -n "$id" ]; then
        case $state in
            saved | aborted-saved) vm discardstate "$id" ;;
        esac
        if [ "$kind" = inaccessible ]; then
            # --delete makes this fail because there are no files, but the machine leaves VirtualBox's list (7.2.22).
            try unregistervm "$id" --delete || :
            why=$said
            ask list vms
            case $said in
                *"{$id}"*) broken "VBoxManage unregistervm failed: $why" ;;
            esac
        else
            release
            mark_unfinished
            if ! try unregistervm "$id" --delete; then
                why=$said
                # While VirtualBox has it in its list, it is as complete as before.
                if [ "$kind" = ours ] && VBoxManage showvminfo "$id" </dev/null >/dev/null 2>&1; then
                    rm -f "$folder/unfinished"
                fi
                broken "VBoxManage unregistervm failed: $why"
            fi
        fi
        id=
    fi
    for file in "$folder/$1"-sd*.vdi; do
        [ -e "$file" ] || continue
        VBoxManage closemedium disk "$file" --delete </dev/null >/dev/null 2>&1 || :
        rm -f "$file"
    done
    # NAME-1.19-linux.vbox is a copy that VirtualBox makes when a newer version changes the format of the settings.
    rm -f "$folder/$name.vbox" "$folder/$name.vbox-prev" "$folder/$name.vbox-tmp" "$folder/$name"-[0-9]*-*.vbox \
        "$folder/$name.nvram" "$folder"/Logs/VBox*.log* "$folder/serial.log"
    rmdir "$folder/Logs" "$folder/Snapshots" 2>/dev/null || :
}

destroy() {
    connect
    open=
    for node in $nodes; do
        require_ours "$node"
        [ "$kind" = absent ] || open="$open $node"
        check_snapshots
    done
    if [ -z "$open" ]; then
        say "there is nothing to destroy"
        return 0
    fi
    if [ -z "$yes" ]; then
        printf 'This removes, with their disks:%s\nType the domain of the lab to continue (%s): ' "$open" "$domain" >&2
        read -r answer || answer=
        [ "$answer" = "$domain" ] || refuse "nothing was destroyed"
    fi
    for node in $open; do
        look "$node"
        if is_live; then
            vm controlvm "$id" poweroff
            look "$node"
        fi
        clear_away "$node"
        rm -f "$folder/unfinished"
        rmdir "$folder" 2>/dev/null || [ ! -e "$folder" ] ||
            say "$node: these files in $folder are not the machine's, and stay: $(in_line "$(ls -A "$folder")")"
        rmdir "${folder%/*}" 2>/dev/null || :
        say "$node: destroyed"
    done
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
    *) misuse "there is no subcommand $verb" ;;
esac

nodes='' iso='' asked='' pxe='' cards='' wait=120 force='' yes='' attached=''
while [ $# -gt 0 ]; do
    option=$1
    shift
    case "$verb $option" in
        *' -h' | *' --help')
            usage
            exit 0
            ;;
        up\ --bridge | up\ --hostonly | up\ --iso | up\ --cards | down\ --wait)
            [ $# -gt 0 ] || misuse "$option needs a value"
            given=$1
            shift
            ;;
        up\ --bridge=* | up\ --hostonly=* | up\ --iso=* | up\ --cards=* | down\ --wait=*)
            given=${option#*=}
            option=${option%%=*}
            ;;
        up\ --pxe) pxe=yes ;;
        down\ --force) force=yes ;;
        destroy\ --yes) yes=yes ;;
        *' -'*) misuse "$verb has no option $option" ;;
    esac
    case $option in
        --bridge | --hostonly)
            choose "${option#--}" "$given"
            attached=yes
            ;;
        --iso)
            [ -n "$given" ] || misuse "--iso needs a file"
            iso=$given asked=yes
            ;;
        --cards)
            [ -n "$given" ] || misuse "--cards needs an order"
            cards=$given
            ;;
        --wait)
            case $given in
                '' | *[!0-9]* | ????????*) misuse "--wait takes a number of seconds, not $given" ;;
            esac
            wait=$given
            ;;
        -*) ;;
        *)
            add_node "$option"
            ;;
    esac
done
[ -n "$nodes" ] || nodes=$all

case $verb in
    up)
        [ -z "$iso" ] || [ -z "$pxe" ] || misuse "--iso and --pxe exclude each other"
        [ -n "$iso" ] || [ -n "$pxe" ] || iso=${XENSEED_ISO:-}
        if [ -z "$attached" ]; then
            [ -z "${XENSEED_BRIDGE:-}" ] || choose bridge "$XENSEED_BRIDGE"
            [ -z "${XENSEED_HOSTONLY:-}" ] || choose hostonly "$XENSEED_HOSTONLY"
        fi
        up
        ;;
    status) show_status ;;
    console) follow ;;
    down) down ;;
    destroy)
        [ -n "$yes" ] || [ -t 0 ] || misuse "destroy removes disks: without a terminal it needs --yes"
        destroy
        ;;
esac
