import Foundation
import TestSupport

/// Runs the program with the user's ssh and its configuration, and with nodes that it reaches. Everything outside of the directory
/// is in namespaces that end with it.
/// - Parameters:
///   - nodes: for each node that can be reached, in their order in the lab from node1 on, the program that runs on it as
///     `xenseed-verify`, `xenseed-guest-demo` and `xl`.
func xenseed(_ words: [String], reaching nodes: [String], in folder: TemporaryFolder) throws -> Ran {
    for (index, script) in nodes.enumerated() {
        try folder.write("#!/bin/sh\n\(script)\n", to: "node\(index + 1).sh")
    }
    let script = """
        set -eu
        ip link set lo up
        mount -t tmpfs tmpfs /root
        chmod 700 /root
        mkdir -m 700 /root/.ssh
        ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id_ed25519
        cp /root/.ssh/id_ed25519.pub /root/.ssh/authorized_keys
        dropbearkey -t ed25519 -f /root/hostkey >/dev/null 2>&1
        cp "$(command -v dropbear)" /root/dropbear
        printf '%s\\n' 'StrictHostKeyChecking accept-new' 'LogLevel ERROR' >/root/.ssh/config
        number=0
        servers=
        while [ $number -lt 12 ]; do
            number=$((number + 1))
            # A dropbear has at most five clients of an address that have not logged in yet.
            printf '%s\\n' "Host node$number.hl.local" 'HostName 127.0.0.1' "Port $((2200 + number))" \\
                "BindAddress 127.0.1.$number" >>/root/.ssh/config
            [ -e node$number.sh ] || continue
            unshare --mount sh -euc '
                for place in /usr/local/sbin /usr/sbin /var/lib; do mount -t tmpfs tmpfs $place; done
                mkdir -m 700 /var/lib/xenseed
                for program in local/sbin/xenseed-verify local/sbin/xenseed-guest-demo sbin/xl; do
                    cp "$1" /usr/$program
                    chmod 755 /usr/$program
                done
                exec /root/dropbear -F -s -r /root/hostkey -p "127.0.0.1:$2"' sh node$number.sh $((2200 + number)) 2>/dev/null &
            servers="$servers $!"
            until ssh root@node$number.hl.local true 2>/dev/null; do sleep 0.1; done
        done
        status=0
        "$@" || status=$?
        # The clients have ended, too.
        if pgrep -x ssh >&2; then status=99; fi
        [ -z "$servers" ] || kill $servers
        exit $status
        """
    return try run(
        [
            "timeout", "120", "unshare", "--net", "--mount", "--pid", "--fork", "--mount-proc", "sh", "-c", script,
            "sh", program,
        ] + words, environment: ["HOME": "/root"], in: URL(filePath: folder.path))
}
