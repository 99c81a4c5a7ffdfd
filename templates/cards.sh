# in_order TABLE: the names in the first column of TABLE, in the order of --cards.
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

# Refuses a name in --cards that no card of the chosen nodes has.
check_cards() {
    case $cards in
        '' | reverse) return 0 ;;
    esac
    known=$(for node in $nodes; do adapters "$node"; done | cut -d ' ' -f 1 | sort -u)
    unknown=$(printf '%s\n' "$cards" | tr , '\n' | grep -vFx -e "$known")
    [ -z "$unknown" ] || misuse "--cards: there is no card $(in_line "$unknown"); the cards are: $(in_line "$known")"
}
