#!/bin/sh
# {{made_by}}
# The machines of the lab {{domain}} in VirtualBox 5.2 to 7.2. `lab --help` tells how.
#
# A machine of this lab is named NODE.{{domain}} and carries the lab's domain as extra data (xenseed/lab). Whatever has
# the name without that mark is somebody else's, and is not touched. While a machine is not whole, the file `unfinished`
# lies in its folder: what up or destroy left when they were interrupted is cleared away by the next one.
set -u

domain={{domain}}
all='{{names}}'

# What VBoxManage says is read here: its words have to be the English ones, its letters the user's.
if [ -n "${LC_ALL:-}" ]; then
    LC_CTYPE=$LC_ALL
    export LC_CTYPE
    unset LC_ALL
fi
LC_MESSAGES=C
LANGUAGE=
export LC_MESSAGES LANGUAGE

# ---- the lab ----

# hardware NODE: firmware, cpus, memory in MiB, the serial port that the console is on, the machine's serial number in
# DMI, and the serial numbers of disks by SATA port (PORT=SERIAL), where the lab gives them.
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

# adapters NODE: name on the node, network, MAC address, promiscuous mode, priority as a boot device (0: last).
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

# disks NODE: SATA port, name on the node, size in MiB. The lab's sizes; {{default_disk}} where it has none, or what the
# layout needs when that is more; {{other_disk}} for every disk that is not installed on.
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

# refusal NODE: why VirtualBox can't be given this machine; nothing when it can.
refusal() {
    case $1 in
{{#refusals}}
        {{node}}) echo "{{why}}" ;;
{{/refusals}}
        *) ;;
    esac
}

# Networks that lead out of the host, {{lan_words}}: what carries them is chosen at up.
{{#lans}}
how_{{index}}='' device_{{index}}=''
{{/lans}}

# way NETWORK: its kind of attachment and what it is attached to; empty where nothing was chosen. All other networks are
# internal ones: VirtualBox makes them, and they lead nowhere.
way() {
    case $1 in
{{#lans}}
        {{network}}) how=$how_{{index}} device=$device_{{index}} ;;
{{/lans}}
        *) how=intnet device=$1.$domain ;;
    esac
}

# choose KIND [NETWORK=]NAME: what carries a network, or all that lead out.
choose() {
    [ -n "$2" ] || misuse "--$1 needs a name"
    network='' carrier=$2
    case $2 in
{{#lans}}
        {{network}}=*) network={{network}} carrier=${2#*=} ;;
{{/lans}}
    esac
    [ -n "$carrier" ] || misuse "--$1 needs a name"
{{#lans}}
    if [ -z "$network" ] || [ "$network" = {{network}} ]; then
        [ -z "$how_{{index}}" ] || misuse "the network {{network}} is given a carrier twice"
        how_{{index}}=$1 device_{{index}}=$carrier
    fi
{{/lans}}
}

# Holds what was chosen against what there is.
check_choices() {
{{#lans}}
    if [ -n "$how_{{index}}" ]; then
        carry "$how_{{index}}" "$device_{{index}}"
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

The nodes: $all

up       Makes the machines that are missing, brings the settings of those that are switched off in line with the lab,
         and starts what does not run. Disks are made once.
           --bridge IFACE     what carries {{lan_words}}: an interface of this host,
           --hostonly NAME    or a host-only network of VirtualBox; needed once for every machine, and whenever it
                              is to change. NETWORK=NAME says it for one network. Also XENSEED_BRIDGE and
                              XENSEED_HOSTONLY. Neither is ever guessed.
           --iso FILE         into the DVD drive; also XENSEED_ISO
           --pxe              empties the DVD drive, as it is in a new machine: what has nothing on its disk starts
                              from the network
           --cards ORDER      the order in which the kernel finds the network cards
                              (the adapters' numbers), whatever their names are:
                              reverse, or a list of names (eth1,eth0); other cards
                              follow. The default is the lab's order
         A machine starts from its disk first, so an installed one is not installed again.
status   A line for each node: absent, unfinished, foreign, stray, or VirtualBox's own word for its state.
console  Follows what the nodes write to their serial port.
down     Presses the power button and waits (120 seconds); --force then takes the power away.
destroy  Takes the machines and their disks away. Without --yes it asks.

Exit status: 0 done, 1 refused or not reached, 2 wrong command line, 3 VirtualBox is missing or failed.
END
}

# ---- words and endings ----

say() {
    printf 'lab: %s\n' "$*" >&2
}

# The lab or somebody else's machine is in the way.
refuse() {
    say "$@"
    exit 1
}

misuse() {
    say "$@"
    echo "try: lab --help" >&2
    exit 2
}

broken() {
    say "$@"
    exit 3
}

# ---- VBoxManage ----

# try WORD...: runs it; what it said is in $said. VirtualBox needs a moment to let go of a machine that was switched off:
# ten tries, a second apart.
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

# vm WORD...: tries; a failure ends the run.
vm() {
    try "$@" || broken "VBoxManage $1 failed: $said"
}

# ask WORD...: its answer in $said.
ask() {
    said=$(VBoxManage "$@" </dev/null) || broken "VBoxManage $* failed"
}

# at_least MAJOR MINOR: whether VirtualBox is that new.
at_least() {
    [ "$major" -gt "$1" ] || { [ "$major" -eq "$1" ] && [ "$minor" -ge "$2" ]; }
}

greet() {
    command -v VBoxManage >/dev/null 2>&1 || broken "there is no VBoxManage: install VirtualBox"
    ask --version
    # Warnings about the kernel module may stand before it.
    version=$(printf '%s\n' "$said" | sed -n 's/^\([0-9][0-9]*\)\.\([0-9][0-9]*\)\..*/\1 \2/p' | tail -n 1)
    [ -n "$version" ] || broken "VBoxManage does not say which version it is: $said"
    major=${version% *} minor=${version#* }
    at_least 5 2 || broken "VirtualBox $major.$minor is too old: 5.2 is the first that this was written for"
    ask list systemproperties
    home=$(printf '%s\n' "$said" | sed -n 's/^Default machine folder: *//p')
    [ -n "$home" ] || broken "VBoxManage does not say where machines are kept"
    home=${home%/}
    ask list vms
    machines=$said
}

# value NAME: from $info.
value() {
    printf '%s\n' "$info" | sed -n "s/^$1=\"\(.*\)\"\$/\1/p" | sed 1q
}

# look NODE: what there is of it. Sets name, id, folder, state, info and kind, which is
#   absent      nothing
#   unfinished  ours, but up or destroy was interrupted
#   stray       files where it belongs, but VirtualBox does not know them
#   foreign     a machine of its name without our mark
#   ours
look() {
    name=$1.$domain id='' state='' info='' kind=absent
    folder=$home/$domain/$name
    while IFS= read -r line; do
        case $line in
            "\"$name\" {"*"}")
                [ -z "$id" ] || refuse "there are two machines named $name: give one of them another name"
                id=${line##*\{}
                id=${id%\}}
                ;;
        esac
    done <<END
$machines
END
    if [ -z "$id" ]; then
        if [ -e "$folder/unfinished" ]; then
            kind=unfinished
        elif [ -e "$folder/$name.vbox" ]; then
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
            [ ! -e "$folder/unfinished" ] || kind=unfinished
            ;;
        *)
            kind=foreign
            # Made by us up to the mark.
            if [ "$settings" = "$folder/$name.vbox" ] && [ -e "$folder/unfinished" ]; then kind=unfinished; fi
            ;;
    esac
}

# heed NODE: looks, and refuses what is not ours.
heed() {
    look "$1"
    case $kind in
        foreign) refuse "there is a machine named $name that this lab did not make: it is not touched" ;;
        stray) refuse "$folder has a machine that VirtualBox does not know: registervm it, or move it away" ;;
    esac
}

is_live() {
    case $state in
        '' | poweroff | aborted | saved | aborted-saved | teleported) return 1 ;;
    esac
}

# ---- up ----

# names LIST: what VBoxManage lists by that word.
names() {
    said=$(VBoxManage list "$1" </dev/null 2>&1) || return 1
    printf '%s\n' "$said" | sed -n 's/^Name: *//p'
}

# carry KIND NAME: sets how and device, when there is such a thing.
carry() {
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
        # Those of a Mac since 7.0; elsewhere the word is not known.
        if at_least 7 0 && found=$(names hostonlynets) && printf '%s\n' "$found" | grep -Fqx -e "$2"; then
            how=hostonlynet
            return 0
        fi
    fi
    say "there is no $2 for --$1"
    offer
    exit 1
}

# For a person: what --bridge and --hostonly can name.
offer() {
    {
        echo "for --bridge there are:"
        names bridgedifs | sed 's/^/  /'
        echo "for --hostonly there are:"
        {
            names hostonlyifs
            names hostonlynets
        } | sed 's/^/  /'
    } >&2
}

# unchosen NODE: networks that lead out and for which neither the command line nor the machine says how.
unchosen() {
    table=$(adapters "$1")
    order=$(in_order "$table")
    while read -r card network mac _; do
        way "$network"
        [ -z "$how" ] || continue
        number=$(number_of "$card")
        if [ "$kind" = ours ]; then
            # What it is on by now, it stays on.
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

# in_order TABLE: the names that TABLE has in its first column, in the order of --cards.
in_order() {
    names=$(printf '%s\n' "$1" | cut -d ' ' -f 1)
    case $cards in
        '') printf '%s\n' "$names" ;;
        reverse) printf '%s\n' "$names" | sed '1!G;h;$!d' ;;
        *)
            {
                printf '%s\n' "$cards" | tr , '\n' | grep -Fx -e "$names"
                printf '%s\n' "$names"
            } | awk '!seen[$0]++'
            ;;
    esac
}

in_line() {
    printf '%s\n' "$1" | paste -s -d ' ' -
}

# check_cards: refuses a name in --cards that no card of the chosen nodes has.
check_cards() {
    case $cards in
        '' | reverse) return 0 ;;
    esac
    known=$(for node in $nodes; do adapters "$node"; done | cut -d ' ' -f 1 | sort -u)
    unknown=$(printf '%s\n' "$cards" | tr , '\n' | grep -vFx -e "$known")
    [ -z "$unknown" ] || misuse "--cards: no card is named $(in_line "$unknown"); there are: $(in_line "$known")"
}

# number_of NAME: the adapter of that card, whose place is in $order.
number_of() {
    printf '%s\n' "$order" | grep -nFx -e "$1" | cut -d : -f 1
}

# set_up NODE: everything that can be set again and again.
set_up() {
    hardware "$1"
    table=$(adapters "$1")
    order=$(in_order "$table")
    set --
    last=0
    while read -r card network mac promiscuous priority; do
        way "$network"
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
    # No paravirtualization for the guest: Xen is to see a plain PC.
    vm modifyvm "$id" --cpus "$cpus" --memory "$memory" --vram 16 --firmware "$firmware" --chipset piix3 --acpi on \
        --ioapic on --pae on --longmode on --hpet on --rtcuseutc on --paravirtprovider none --usb off --mouse ps2 \
        --boot1 disk --boot2 dvd --boot3 net --boot4 none "$@"
    device=pcbios
    [ "$firmware" = bios ] || device=efi
    # Without a value, one that was set before goes. `string:` keeps digits from being taken for a number.
    vm setextradata "$id" "VBoxInternal/Devices/$device/0/Config/DmiSystemSerial" ${dmi:+"string:$dmi"}
    for disk in $serials; do
        vm setextradata "$id" "VBoxInternal/Devices/ahci/0/Config/Port${disk%%=*}/SerialNumber" "string:${disk#*=}"
    done
}

make() {
    [ "$kind" != unfinished ] || clear_away "$1"
    for file in "$folder/$1"-sd*.vdi; do
        [ ! -e "$file" ] || refuse "$file is in the way: it is no disk of an unfinished machine"
    done
    mkdir -p "$folder" || broken "$folder can't be made"
    : >"$folder/unfinished" || broken "$folder can't be written"
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
    rm "$folder/unfinished" || broken "$folder/unfinished can't be removed"
    say "$1: made in $folder, $(printf '%s\n' "$table" | sed 's/^[0-9]* \(.*\)/\1 MiB/' | paste -s -d , -)"
    [ -z "$unmade" ] || say "$1: without $unmade, which VirtualBox cannot make: the installation will stop, for the lab keeps that disk"
}

insert() {
    vm storageattach "$id" --storagectl IDE --port 1 --device 0 --type dvddrive --medium "$1"
}

up() {
    check_cards
    if [ -n "$iso" ]; then
        if [ ! -f "$iso" ] || [ ! -r "$iso" ]; then refuse "$iso is no file that can be read"; fi
        case $iso in
            /*) ;;
            *) iso=$PWD/$iso ;;
        esac
    fi
    status=0
    for node in $nodes; do
        why=$(refusal "$node")
        if [ -n "$why" ]; then
            say "$node: $why"
            status=1
        fi
    done
    [ $status -eq 0 ] || exit 1
    greet
    check_choices
    open=
    for node in $nodes; do
        heed "$node"
        if [ "$kind" = unfinished ] && is_live; then
            refuse "$name is unfinished, and $state: switch it off first"
        fi
        for network in $(unchosen "$node"); do
            case "$open " in
                *" $network "*) ;;
                *) open="$open $network" ;;
            esac
        done
    done
    if [ -n "$open" ]; then
        say "nothing says yet what carries the network$open: give --bridge IFACE or --hostonly NAME"
        offer
        exit 2
    fi
    for node in $nodes; do
        look "$node"
        case $kind.$state in
            absent.* | unfinished.*)
                make "$node"
                ;;
            ours.poweroff | ours.aborted | ours.teleported)
                set_up "$node"
                ;;
            ours.saved | ours.aborted-saved) ;;
            ours.running)
                say "$node: running"
                continue
                ;;
            *) refuse "$node: is $state, and left so" ;;
        esac
        case $state in
            saved | aborted-saved) ;;
            *)
                [ -z "$iso" ] || insert "$iso"
                [ -z "$pxe" ] || insert emptydrive
                ;;
        esac
        vm startvm "$id" --type headless
        say "$node: started"
    done
}

# ---- the other verbs ----

show_status() {
    greet
    for node in $nodes; do
        look "$node"
        [ "$kind" != ours ] || kind=$state
        printf '%-{{width}}s  %s\n' "$node" "$kind"
    done
}

follow() {
    greet
    set --
    for node in $nodes; do
        heed "$node"
        hardware "$node"
        [ "$console" = yes ] || say "$node has no console in the lab file (console: ttyS0,115200): it writes little here"
        [ -e "$folder/serial.log" ] || refuse "$node has written nothing: it was not started by this script"
        set -- "$@" "$folder/serial.log"
    done
    exec tail -n 100 -f "$@"
}

down() {
    greet
    open=
    for node in $nodes; do
        heed "$node"
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
    [ -n "$force" ] || refuse "still on:$nodes (an installer does not heed the power button: --force)"
    for node in $nodes; do
        look "$node"
        is_live || continue
        vm controlvm "$id" poweroff
        say "$node: power taken away"
    done
}

# Disks and images that are not in the machine's folder are taken out: they stay when it goes.
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

# clear_away NODE: takes the machine away, whole or not, with its disks. `unfinished` stays until all is gone.
clear_away() {
    if [ -n "$id" ]; then
        case $state in
            saved | aborted-saved) vm discardstate "$id" ;;
        esac
        release
        : >"$folder/unfinished" || broken "$folder can't be written"
        if ! try unregistervm "$id" --delete; then
            why=$said
            # While VirtualBox knows it, it is as whole as before.
            if [ "$kind" = ours ] && VBoxManage showvminfo "$id" </dev/null >/dev/null 2>&1; then
                rm -f "$folder/unfinished"
            fi
            broken "VBoxManage unregistervm failed: $why"
        fi
        id=
    fi
    for file in "$folder/$1"-sd*.vdi; do
        [ -e "$file" ] || continue
        VBoxManage closemedium disk "$file" --delete </dev/null >/dev/null 2>&1 || :
        rm -f "$file"
    done
    rm -f "$folder/$name.vbox" "$folder/$name.vbox-prev" "$folder/$name.vbox-tmp" "$folder/serial.log"
}

destroy() {
    greet
    open=
    for node in $nodes; do
        heed "$node"
        [ "$kind" = absent ] || open="$open $node"
    done
    if [ -z "$open" ]; then
        say "there is nothing to destroy"
        return 0
    fi
    if [ -z "$yes" ]; then
        printf 'This takes away, with their disks:%s\nType the domain of the lab to go on (%s): ' "$open" "$domain" >&2
        read -r word || word=
        [ "$word" = "$domain" ] || refuse "nothing was destroyed"
    fi
    for node in $open; do
        look "$node"
        if is_live; then
            vm controlvm "$id" poweroff
            look "$node"
        fi
        clear_away "$node"
        rm -f "$folder/unfinished"
        rmdir "$folder" 2>/dev/null || say "$node: $folder is not empty, and stays"
        rmdir "${folder%/*}" 2>/dev/null || :
        say "$node: destroyed"
    done
}

# ---- the command line ----

[ $# -gt 0 ] || misuse "which verb?"
verb=$1
shift
case $verb in
    -h | --help | help)
        usage
        exit 0
        ;;
    up | status | console | down | destroy) ;;
    *) misuse "there is no verb $verb" ;;
esac

nodes='' iso='' pxe='' cards='' wait=120 force='' yes='' carried=''
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
            carried=yes
            ;;
        --iso)
            [ -n "$given" ] || misuse "--iso needs a file"
            iso=$given
            ;;
        --cards)
            [ -n "$given" ] || misuse "--cards needs an order"
            cards=$given
            ;;
        --wait)
            case $given in
                '' | *[!0-9]* | ????????*) misuse "--wait needs seconds, not $given" ;;
            esac
            wait=$given
            ;;
        -*) ;;
        *)
            case " $all " in
                *" $option "*) ;;
                *) misuse "there is no node $option; there are: $all" ;;
            esac
            case " $nodes " in
                *" $option "*) ;;
                *) nodes="$nodes $option" ;;
            esac
            ;;
    esac
done
[ -n "$nodes" ] || nodes=$all

case $verb in
    up)
        [ -z "$iso" ] || [ -z "$pxe" ] || misuse "--iso and --pxe contradict each other"
        [ -n "$iso" ] || [ -n "$pxe" ] || iso=${XENSEED_ISO:-}
        if [ -z "$carried" ]; then
            [ -z "${XENSEED_BRIDGE:-}" ] || choose bridge "$XENSEED_BRIDGE"
            [ -z "${XENSEED_HOSTONLY:-}" ] || choose hostonly "$XENSEED_HOSTONLY"
        fi
        up
        ;;
    status) show_status ;;
    console) follow ;;
    down) down ;;
    destroy)
        [ -n "$yes" ] || [ -t 0 ] || misuse "destroy takes disks away: say --yes"
        destroy
        ;;
esac
