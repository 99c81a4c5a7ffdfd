# Sourced by scripts that make a directory out of Debian packages once, and keep it. Such a script
#   sets `tools`, the programs that it needs on this machine besides those named below,
#   defines `build`, which fills the empty directory $new from the mirror $archive; its arguments are the script's but the first,
#   and ends with `make_once "$@"`, which takes the directory as the first argument. It needs root.
#
# DIR is kept if it is complete and was made by the same script and this file in their present form. DIR.lock, DIR.log and
# DIR.stamp are written next to it.
# shellcheck shell=sh

program=${0##*/}
support=$(dirname "$0")/../Support/debian-root.sh

say() {
    echo "$program: $*" >&2
}

fail() {
    say "$@"
    exit 1
}

# mirror SUFFIX: the first URL of this machine's own sources, deb822 or one line, that ends with SUFFIX.
mirror() {
    cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2> /dev/null |
        sed -n -e 's/^URIs:[[:space:]]*//p' -e 's/^deb[[:space:]]\{1,\}\(\[[^]]*\][[:space:]]*\)\{0,1\}//p' |
        sed -n 's|^\(https\{0,1\}://[^[:space:]]*\).*|\1|p' | sed 's|/*$||' | grep "$1\$" | head -n 1
}

# in_root COMMAND...: runs it in the root directory $root, with a clean environment.
in_root() {
    chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C \
        DEBIAN_FRONTEND=noninteractive ${http_proxy:+http_proxy="$http_proxy"} "$@"
}

# update_lists: apt-get update in $root. A frozen mirror may serve a Release file that is past its date.
update_lists() {
    in_root apt-get -q -o Acquire::Check-Valid-Until=false -o Acquire::Check-Date=false update
}

# put PATH: standard input becomes that file in $root.
put() {
    mkdir -p "$root${1%/*}"
    cat > "$root$1"
}

make_once() {
    if [ "${1:-}" = --build ]; then
        new=$2
        shift 2
        archive=$(mirror /debian) || archive=
        archive=${archive:-http://deb.debian.org/debian}
        build "$@"
        exit
    fi
    [ $# -ge 1 ] || fail "usage: $program DIR [ARGUMENT...]"
    [ "$(id -u)" -eq 0 ] || fail 'must be run by root'
    for tool in debootstrap unshare flock sha256sum ${tools:-}; do
        command -v "$tool" > /dev/null || fail "$tool is missing"
    done
    case $1 in
        /*) dir=${1%/} ;;
        *) dir=$PWD/${1%/} ;;
    esac
    shift
    mkdir -p "${dir%/*}"
    exec 9> "$dir.lock"
    flock 9

    made_by=$(cat "$0" "$support" | sha256sum)
    if [ -d "$dir" ] && [ "$(cat "$dir.stamp" 2> /dev/null)" = "$made_by" ]; then
        exit 0
    fi
    new=$dir.new
    rm -f "$dir.stamp"
    rm -rf --one-file-system "$dir" "$new"
    mkdir -p "$new"
    # In namespaces of its own: however this ends, nothing stays mounted and nothing runs on.
    status=0
    unshare --mount --propagation private --pid --fork --kill-child sh "$0" --build "$new" "$@" > "$dir.log" 2>&1 9>&- ||
        status=$?
    if [ "$status" -ne 0 ]; then
        tail -n 20 "$dir.log" >&2
        rm -rf --one-file-system "$new"
        say "failed, see $dir.log"
        exit "$status"
    fi
    mv "$new" "$dir"
    echo "$made_by" > "$dir.stamp"
}
