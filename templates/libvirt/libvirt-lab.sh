#!/bin/sh
# {{made_by}}
# Creates, starts, stops and removes the machines of the lab {{domain}} with libvirt; see `lab --help`.
#
# A machine of this lab is named NODE.{{domain}}, a network NETWORK.{{domain}}. Their UUIDs are in the XML files beside this
# script: a machine or network with such a name and another UUID does not belong to the lab and is not changed.
set -u

domain={{domain}}
all='{{names}}'
here=$(cd "$(dirname "$0")" && pwd -P) || exit 3

# This script reads virsh's output.
LC_ALL=C
export LC_ALL

# ---- the lab ----

# hardware NODE: sets the networks of the machine, whether it has a serial console, and the disks to keep that libvirt can't
# provide.
hardware() {
    networks='' console=no unmade=''
    case $1 in
{{#machines}}
        {{node}})
            networks='{{networks}}'
{{#console}}
            console={{.}}
{{/console}}
{{#unmade}}
            unmade='{{.}}'
{{/unmade}}
            ;;
{{/machines}}
    esac
}

# disks NODE: name on the node, size in MiB.
disks() {
    case $1 in
{{#machines}}
        {{node}})
            cat <<'END'
{{#disks}}
{{name}} {{size}}
{{/disks}}
END
            ;;
{{/machines}}
    esac
}

# The bridges of this host to which the networks that lead out of it are attached, as chosen with --bridge.
{{#lans}}
bridge_{{index}}=''
{{/lans}}

# bridge NETWORK: the bridge of a network; nothing if libvirt makes the network.
bridge() {
    case $1 in
{{#lans}}
        {{network}}) echo "$bridge_{{index}}" ;;
{{/lans}}
        *) ;;
    esac
}

# choose [NETWORK=]NAME: attaches one network, or all that lead out of the host, to a bridge.
choose() {
    network='' interface=$1
    case $1 in
{{#lans}}
        {{network}}=*) network={{network}} interface=${1#*=} ;;
{{/lans}}
    esac
    case $interface in
        '' | *[!A-Za-z0-9_.-]*) misuse "--bridge: $interface is not the name of a bridge" ;;
    esac
{{#lans}}
    if [ -z "$network" ] || [ "$network" = {{network}} ]; then
        [ -z "$bridge_{{index}}" ] || misuse "the network {{network}} is attached twice"
        bridge_{{index}}=$interface
    fi
{{/lans}}
}

usage() {
    cat <<END
usage: lab up [--bridge [NETWORK=]NAME] [--iso FILE | --pxe] [--pool NAME]
              [--accel auto|kvm|tcg] [NODE...]
       lab status [NODE...]
       lab console NODE
       lab down [--wait SECONDS] [--force] [NODE...]
       lab destroy --yes [--pool NAME] [NODE...]

Nodes: $all
Networks that lead out of this host: {{lan_names}}

Every subcommand takes --connect URI, the URI of libvirt. The default is
LIBVIRT_DEFAULT_URI, or qemu:///system.

up       Creates the networks, disks and machines that are missing, applies the
         lab's settings to machines that are off, and starts those that are not
         running. A machine boots from its disk; if the disk is empty, from the
         CD, and then from the network.
           --iso FILE       puts FILE into the CD drive
           --pxe            serves pxe/tftp of this lab by TFTP to the networks
                            that lead out of this host
           --bridge NAME    attaches the networks that lead out of this host to
                            its bridge NAME; NETWORK=NAME attaches only that
                            network. By default, libvirt makes a network with
                            DHCP and NAT and without IPv6, in which this host
                            has the addresses of the gateway and of the boot
                            server
           --pool NAME      the storage pool of the disks (default)
           --accel WAY      kvm, tcg, or auto (the default): kvm if it works,
                            else tcg, which is slow
status   Prints each node's state: absent, foreign, or the state that libvirt
         reports.
console  Connects to the serial port of a running node; Ctrl-] disconnects.
down     Presses the power button and waits (120 seconds by default); with
         --force, it then cuts the power.
destroy  Removes the machines and their disks, and with the last machine the
         networks.

Exit status: 0 success; 1 refused, or not all was done; 2 wrong command line;
3 libvirt is missing or failed.
END
}

{{> machines.sh}}

# ---- virsh ----

# try ARGUMENT...: runs virsh; its output is in $said.
try() {
    said=$(virsh --quiet --connect "$uri" "$@" 2>&1 </dev/null)
}

# run ARGUMENT...: like try; a failure ends the script.
run() {
    try "$@" || broken "virsh $1 failed: $said"
}

# define KIND: defines the domain or network whose XML is standard input.
define() {
    said=$(virsh --quiet --connect "$uri" "$1" /dev/stdin 2>&1) || broken "virsh $1 failed: $said"
}

connect() {
    command -v virsh >/dev/null 2>&1 || broken "there is no virsh: install it (Debian: libvirt-clients)"
    try uri || broken "cannot connect to libvirt at $uri: $said"
}

# uuid_in FILE: the UUID in an XML file of the lab.
uuid_in() {
    sed -n 's/^  <uuid>\(.*\)<\/uuid>$/\1/p' "$1" 2>/dev/null
}

# look NODE: sets machine, file and state.
look() {
    machine=$1.$domain
    file=$here/nodes/$1.xml
    if ! try domuuid "$machine"; then
        state=absent
    elif [ "$said" != "$(uuid_in "$file")" ]; then
        state=foreign
    else
        run domstate "$machine"
        state=$said
    fi
}

# require_ours NODE: like look; refuses a machine that is not the lab's.
require_ours() {
    look "$1"
    [ "$state" != foreign ] || refuse "$1: there is another machine named $machine, which does not belong to this lab"
}

# look_network NETWORK: sets net, net_file and state: absent, foreign or defined.
look_network() {
    net=$1.$domain
    net_file=$here/networks/$1.xml
    if ! try net-uuid "$net"; then
        state=absent
    elif [ "$said" != "$(uuid_in "$net_file")" ]; then
        state=foreign
    else
        state=defined
    fi
}

# is_active NETWORK
is_active() {
    try net-list --name && printf '%s\n' "$said" | grep -Fqx -e "$1"
}

# ---- up ----

# escaped TEXT: the text for an attribute in XML, and for the replacement in sed's command s|||.
escaped() {
    printf '%s\n' "$1" | sed "s/&/\\&amp;/g; s/</\\&lt;/g; s/'/\\&apos;/g; s/[&|\\\\]/\\\\&/g"
}

# make_network NETWORK
make_network() {
    look_network "$1"
    [ "$state" != foreign ] || refuse "there is another network named $net, which does not belong to this lab"
    if is_active "$net"; then
        [ -z "$(bridge "$1")$pxe" ] || [ -z "$busy" ] ||
            say "$1: is in use and keeps its settings; they change when all machines of the lab are off"
        [ -z "$busy" ] || return 0
        run net-destroy "$net"
    fi
    to=$(bridge "$1")
    if [ -n "$to" ]; then
        printf "<network>\n  <name>%s</name>\n  <uuid>%s</uuid>\n  <forward mode='bridge'/>\n  <bridge name='%s'/>\n</network>\n" \
            "$net" "$(uuid_in "$net_file")" "$to" | define net-define
    elif [ -n "$pxe" ]; then
        sed "s|^    <dhcp>|    <tftp root='$(escaped "$tftp")'/>\n&|" "$net_file" | define net-define
    else
        define net-define <"$net_file"
    fi
    run net-start "$net"
}

# make_disks NODE
make_disks() {
    table=$(disks "$1")
    while read -r disk size; do
        volume=$machine-$disk.qcow2
        try vol-info --pool "$pool" "$volume" || run vol-create-as "$pool" "$volume" "${size}M" --format qcow2
    done <<END
$table
END
}

# make NODE: defines the machine with the settings of the lab.
make() {
    edit="s|<source pool='default'|<source pool='$(escaped "$pool")'|"
    # Xen's dom0 crashes on other CPUs that TCG emulates.
    [ "$accel" = kvm ] ||
        edit="$edit; s|^<domain type='kvm'>|<domain type='qemu'>|; s|<cpu mode='host-passthrough'/>|<cpu><model>qemu64</model></cpu>|"
    [ -z "$iso" ] || edit="$edit; s|^      <target dev='hda'|      <source file='$(escaped "$iso")'/>\n&|"
    sed "$edit" "$file" | define define
}

# start NODE: starts the machine. If KVM was chosen by this script and no machine has started with it, the machine is started
# without it instead, because KVM can be present and not work.
start() {
    if ! try start "$machine"; then
        [ -n "$doubtful" ] || broken "virsh start failed: $said"
        accel=tcg
        make "$1"
        run start "$machine"
        say "$1: KVM does not work here, so this is slow"
    fi
    doubtful=
}

up() {
    status=0
    for node in $nodes; do
        why=$(refusal "$node")
        [ -z "$why" ] || {
            say "$node: $why"
            status=1
        }
    done
    [ $status -eq 0 ] || exit 1
    if [ -n "$iso" ]; then
        case $iso in
            /*) ;;
            *) iso=$PWD/$iso ;;
        esac
        [ -r "$iso" ] || refuse "$iso can't be read"
    fi
    tftp=${here%/*}/pxe/tftp
    [ -z "$pxe" ] || [ -e "$tftp/pxelinux.0" ] ||
        refuse "$tftp has no boot loader; create it with xenseed netboot --archive netboot.tar.gz"
    connect
    try pool-info "$pool" || refuse "libvirt has no storage pool $pool: choose one with --pool"
    doubtful=
    if [ "$accel" = auto ]; then
        accel=kvm doubtful=yes
        try domcapabilities --virttype kvm || {
            accel=tcg doubtful=
            say "KVM is not available, so this is slow"
        }
    fi
    busy=
    for node in $all; do
        look "$node"
        case $state in
            absent | foreign | 'shut off') ;;
            *) busy="$busy $node" ;;
        esac
    done
    made=
    for node in $nodes; do
        require_ours "$node"
        case $state in
            absent | 'shut off') ;;
            *)
                say "$node: is $state already"
                continue
                ;;
        esac
        hardware "$node"
        for network in $networks; do
            case " $made " in
                *" $network "*) ;;
                *)
                    make_network "$network"
                    made="$made $network"
                    ;;
            esac
        done
        make_disks "$node"
        make "$node"
        [ -z "$unmade" ] || say "$node: without $unmade, which libvirt does not have; as the lab keeps that disk, the installation will stop"
        start "$node"
        busy="$busy $node"
        say "$node: started"
    done
}

# ---- the other subcommands ----

show_status() {
    connect
    for node in $nodes; do
        look "$node"
        printf '%-{{width}}s  %s\n' "$node" "$state"
    done
}

follow() {
    node=${nodes# }
    case $node in
        *' '*) misuse "console needs one node" ;;
    esac
    connect
    require_ours "$node"
    [ "$state" = running ] || refuse "$node: is not running ($state)"
    hardware "$node"
    [ "$console" = yes ] || say "$node: the lab has no console for it (console: ttyS0,115200), so it writes little"
    exec virsh --connect "$uri" console "$machine"
}

down() {
    connect
    open=
    for node in $nodes; do
        require_ours "$node"
        [ "$state" = running ] || continue
        open="$open $node"
        run shutdown "$machine"
    done
    nodes=$open
    while :; do
        open=
        for node in $nodes; do
            look "$node"
            if [ "$state" = 'shut off' ]; then say "$node: off"; else open="$open $node"; fi
        done
        nodes=$open
        if [ -z "$nodes" ] || [ "$wait" -eq 0 ]; then break; fi
        wait=$((wait - 1))
        sleep 1
    done
    if [ -n "$nodes" ]; then
        [ -n "$force" ] || refuse "still on:$nodes (an installer ignores the power button: --force cuts the power)"
        for node in $nodes; do
            run destroy "$node.$domain"
            say "$node: power cut"
        done
    fi
}

destroy() {
    connect
    for node in $nodes; do require_ours "$node"; done
    found=
    for node in $nodes; do
        look "$node"
        [ "$state" != absent ] || continue
        found=yes
        [ "$state" = 'shut off' ] || run destroy "$machine"
        run undefine "$machine" --nvram --snapshots-metadata
        table=$(disks "$node")
        while read -r disk _; do
            volume=$machine-$disk.qcow2
            ! try vol-info --pool "$pool" "$volume" || run vol-delete --pool "$pool" "$volume"
        done <<END
$table
END
        say "$node: destroyed"
    done
    [ -n "$found" ] || say "there is nothing to destroy"
    for node in $all; do
        look "$node"
        [ "$state" = absent ] || return 0
    done
    for file in "$here"/networks/*.xml; do
        network=${file##*/}
        look_network "${network%.xml}"
        [ "$state" = defined ] || continue
        ! is_active "$net" || run net-destroy "$net"
        run net-undefine "$net"
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

nodes='' iso='' pxe='' pool=default accel=auto wait=120 force='' yes='' uri=${LIBVIRT_DEFAULT_URI:-qemu:///system}
while [ $# -gt 0 ]; do
    option=$1
    shift
    given=
    case "$verb $option" in
        *' -h' | *' --help')
            usage
            exit 0
            ;;
        *' --connect' | up\ --bridge | up\ --iso | up\ --pool | up\ --accel | down\ --wait | destroy\ --pool)
            [ -n "${1:-}" ] || misuse "$option needs a value"
            given=$1
            shift
            ;;
        up\ --pxe) pxe=yes ;;
        down\ --force) force=yes ;;
        destroy\ --yes) yes=yes ;;
        *' -'*) misuse "$verb has no option $option" ;;
    esac
    case $option in
        --connect) uri=$given ;;
        --bridge) choose "$given" ;;
        --iso) iso=$given ;;
        --pool) pool=$given ;;
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
        *) add_node "$option" ;;
    esac
done
[ -n "$nodes" ] || nodes=$all

case $verb in
    up)
        [ -z "$iso" ] || [ -z "$pxe" ] || misuse "--iso and --pxe exclude each other"
        up
        ;;
    status) show_status ;;
    console) follow ;;
    down) down ;;
    destroy)
        [ -n "$yes" ] || misuse "destroy removes disks: it needs --yes"
        destroy
        ;;
esac
