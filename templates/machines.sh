# refusal NODE: why the hypervisor cannot have this machine; nothing if it can.
refusal() {
    case $1 in
{{#refusals}}
        {{node}}) echo "{{why}}" ;;
{{/refusals}}
        *) ;;
    esac
}

# ---- messages, and the end of the script ----

say() {
    printf 'lab: %s\n' "$*" >&2
}

# Ends the script: the machines are not in the right state for it.
refuse() {
    say "$@"
    exit 1
}

# Ends the script: the command line is wrong.
misuse() {
    say "$@"
    echo "try: lab --help" >&2
    exit 2
}

# Ends the script: the hypervisor or the system failed.
broken() {
    say "$@"
    exit 3
}

# ---- the command line's nodes ----

# add_node NAME: adds a node to $nodes, once.
add_node() {
    case " $all " in
        *" $1 "*) ;;
        *) misuse "there is no node $1; the nodes are: $all" ;;
    esac
    case " $nodes " in
        *" $1 "*) ;;
        *) nodes="$nodes $1" ;;
    esac
}
