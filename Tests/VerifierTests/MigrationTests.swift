import Foundation
import TestSupport
import Testing

/// `xenseed-verify --migrate` with stand-ins for xl, ping and xenseed-migrate.
@Suite(.timeLimit(.minutes(5)))
struct MigrationTests {
    /// Prepares a node that runs web1. The file `state` has its state in `xl list`, or is empty when it is not here.
    private func prepare(_ world: World, moves: String) throws {
        try world.write("-b----\n", to: "state")
        try world.write("100.00 9.00\n", to: "proc/uptime")
        try world.command(
            "xl",
            """
            root=${0%/bin/xl}
            state=$(cat "$root/state")
            echo "$1" >>"$root/calls"
            [ -n "$state" ] && [ "$2" = web1 ] || exit 1
            case $1 in
            domid) echo 7 ;;
            list) printf '%s\\n' 'Name ID Mem VCPUs State Time(s)' "$2 7 256 1 $state 1.0" ;;
            esac
            """)
        // It answers for three seconds, then not for four, and then again.
        try world.write(
            """
            #!/usr/bin/env python3
            import os, signal, sys
            root = os.path.dirname(os.path.dirname(sys.argv[0]))
            if os.path.exists(f"{root}/silent") or sys.argv[-1] != "10.8.8.50":
                sys.exit(1)
            if "-D" in sys.argv:
                def end(*_):
                    print("40 packets transmitted, 21 received, 47% packet loss, time 8000ms")
                    sys.stdout.flush()
                    os._exit(0)
                signal.signal(signal.SIGINT, end)
                for place in [*range(16), *range(35, 40)]:
                    print(f"[{1700000000 + place / 5:.6f}] 64 bytes from 10.8.8.50: icmp_seq={place + 1} ttl=64 time=0.5 ms")
                open(f"{root}/pinged", "w").close()
                signal.pause()

            """, to: "bin/ping")
        try world.write("#!/bin/sh\n\(moves)\n", to: "usr/local/sbin/xenseed-migrate")
        for program in ["bin/ping", "usr/local/sbin/xenseed-migrate"] {
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: world.root.appending(path: program).path)
        }
    }

    /// Moves web1 as xl does: it is suspended at 101 s, and runs at 103.5 s on the other node. `seen` waits until the guest's
    /// state has been looked at twice since it was set, for at most a minute.
    private static let moves = """
        root=$XENSEED_ROOT
        seen() {
            : >"$root/calls"
            tries=600
            while [ "$(wc -l <"$root/calls")" -lt 3 ] && [ $tries -gt 0 ]; do
                tries=$((tries - 1))
                sleep 0.1
            done
        }
        echo "$*" >>"$root/moves"
        if [ "$1" = --back ]; then
            echo 160.00 >"$root/proc/uptime"
            echo -b---- >"$root/state"
            echo 'migration sender: Target reports successful startup.'
            exit
        fi
        tries=600
        until [ ! -e "$root/ping" ] || [ -e "$root/pinged" ] || [ $tries -eq 0 ]; do
            tries=$((tries - 1))
            sleep 0.1
        done
        seen
        echo ---s-- >"$root/state"
        echo 101.00 >"$root/proc/uptime"
        seen
        echo 103.50 >"$root/proc/uptime"
        echo 'migration sender: Target reports successful startup.' >&2
        : >"$root/state"
        """

    private static let reports = "migration sender: Target reports successful startup.\n"

    @Test(arguments: Shell.allCases)
    func thereAndBack(shell: Shell) throws {
        try withWorld(.bookworm) { world in
            try prepare(world, moves: Self.moves)
            let ran = try world.verify(shell, "--migrate", "web1")
            let out =
                Self.reports
                + "xenseed-verify: web1 moved to its other node in 3.50 s; it stood still for at most 3.50 s\n"
                + Self.reports + "xenseed-verify: web1 moved back in 56.50 s\n"
            #expect(ran == Ran(status: 0, out: out))
            #expect(try world.read("moves") == "web1\n--back web1\n")
            // It is not a run of the verifier.
            #expect(try !world.names(in: "").contains("var") && !world.names(in: "").contains("run"))
        }
    }

    @Test(arguments: Shell.allCases)
    func countsPings(shell: Shell) throws {
        try withWorld(.bookworm) { world in
            try prepare(world, moves: Self.moves)
            try world.write("", to: "ping")
            let ran = try world.verify(shell, "--migrate", "web1", "--ping", "10.8.8.50")
            #expect(ran.status == 0 && ran.err.isEmpty, "\(ran)")
            let pings = "xenseed-verify: ping 10.8.8.50: 19 of 40 lost, at most 4.0 s without an answer\n"
            #expect(ran.out.contains(" at most 3.50 s\n\(pings)\(Self.reports)"), "\(ran)")
        }
    }

    @Test(arguments: Shell.allCases)
    func doesNotMove(shell: Shell) throws {
        try withWorld(.bookworm) { world in
            try prepare(world, moves: "echo \"$*\" >>\"$XENSEED_ROOT/moves\"; echo no room >&2; exit 1")
            let refused = try world.verify(shell, "--migrate", "web1")
            let message = "xenseed-verify: web1 did not move to its other node: status 1\n"
            #expect(refused == Ran(status: 1, out: "no room\n", err: message))
            #expect(try world.read("moves") == "web1\n")
            // A guest that does not answer before is not moved.
            let silent = try world.verify(shell, "--migrate", "web1", "--ping", "10.8.8.51")
            #expect(silent.status == 1 && silent.err.contains("does not answer to ping at 10.8.8.51"), "\(silent)")
            try world.write("", to: "state")
            let absent = try world.verify(shell, "--migrate", "web1")
            #expect(absent == Ran(status: 4, out: "", err: "xenseed-verify: web1 does not run on this node\n"))
            #expect(try world.read("moves") == "web1\n")
            try world.remove("usr/local/sbin/xenseed-migrate")
            let none = try world.verify(shell, "--migrate", "web1")
            #expect(none.status == 2 && none.err.contains("this node has no guest that could move"), "\(none)")
        }
    }

    /// The guest stays lost after the move, or does not come back.
    @Test(arguments: Shell.allCases)
    func isNotAsBefore(shell: Shell) throws {
        try withWorld(.bookworm) { world in
            try prepare(world, moves: Self.moves + "\n: >\"$root/silent\"")
            try world.write("", to: "ping")
            let silent = try world.verify(shell, "--migrate", "web1", "--ping", "10.8.8.50")
            #expect(
                silent.status == 1 && silent.err.contains("does not answer to ping at 10.8.8.50 any more"), "\(silent)")
            #expect(try world.read("moves") == "web1\n")
        }
        try withWorld(.bookworm) { world in
            try prepare(world, moves: Self.moves.replacing("echo -b----", with: "echo"))
            let lost = try world.verify(shell, "--migrate", "web1")
            #expect(lost.status == 1 && lost.err.contains("web1 does not run on this node again"), "\(lost)")
        }
    }

    @Test(arguments: Shell.allCases)
    func wrongArguments(shell: Shell) throws {
        try withWorld(.bookworm) { world in
            try prepare(world, moves: Self.moves)
            for arguments in [
                ["--migrate"], ["--migrate", ""], ["--migrate", "--ping"], ["--migrate", "a b"],
                ["--ping", "10.8.8.50"],
                ["--migrate", "web1", "--ping"], ["--migrate", "web1", "--ping", "$(id)"],
            ] {
                let ran = try world.verify(shell, arguments)
                #expect(ran.status == 2 && ran.out.isEmpty && !ran.err.isEmpty, "\(arguments): \(ran)")
            }
            #expect(try !world.names(in: "").contains("moves"))
        }
    }

    // MARK: The way back

    private static let templates = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../templates"
    )
    .standardized.path

    /// The other node is asked to move the guest, and its status and output are passed on.
    @Test(arguments: Shell.allCases)
    func asksTheOtherNode(shell: Shell) throws {
        try withWorld(.bookworm) { world in
            try world.write(
                "web1 replicated vg0 516 1 source yes xen02 172.16.22.14\nmail local vg0 512 - - no - -\n",
                to: "etc/xenseed/guests")
            try world.command("ssh", "for last; do :; done; echo \"$last\"; echo no room >&2; exit 3")
            func back(_ words: String...) throws -> Ran {
                let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
                return try run(
                    shell.words + ["\(Self.templates)/xenseed-migrate.sh"] + words,
                    environment: ["XENSEED_ROOT": world.root.path, "PATH": "\(world.root.path)/bin:\(path)"])
            }
            #expect(try back("--back", "web1") == Ran(status: 3, out: "xenseed-migrate web1\n", err: "no room\n"))
            #expect(try back("--ask", "web1").out == "check web1\n")
            #expect(try back("--back", "mail").err.contains("the disk of mail is not replicated"))
            #expect(try back("--back", "web2").err.contains("there is no guest web2"))
            #expect(try back("web1", "--back").status == 2)
            #expect(try back("--forth", "web1").status == 2)
        }
    }

    /// A node moves a guest to the node that asks, if that is the guest's other node.
    @Test(arguments: [
        ("xenseed-migrate web1", "172.16.22.14", "moves web1"), ("xenseed-migrate web1", "172.16.22.15", nil),
        ("xenseed-migrate mail", "172.16.22.14", nil), ("xenseed-migrate web1; id", "172.16.22.14", nil),
        ("xenseed-migrate --back web1", "172.16.22.14", nil), ("xenseed-migrate  web1", "172.16.22.14", nil),
    ])
    func isAskedByTheOtherNode(request: String, address: String, moves: String?) throws {
        try withWorld(.bookworm) { world in
            try world.write(
                "web1 replicated vg0 516 1 source yes xen02 172.16.22.14\nmail local vg0 512 - - no - -\n",
                to: "etc/xenseed/guests")
            try world.command("xenseed-migrate", "echo moves \"$@\"")
            let ran = try run(
                [
                    "unshare", "--mount", "sh", "-euc",
                    "mount -t tmpfs tmpfs /usr/local/sbin; cp bin/xenseed-migrate /usr/local/sbin; exec sh \"$1\"",
                    "sh",
                    "\(Self.templates)/xenseed-migrate-peer.sh",
                ],
                environment: [
                    "XENSEED_ROOT": world.root.path, "SSH_ORIGINAL_COMMAND": request,
                    "SSH_CONNECTION": "\(address) 40000 172.16.22.13 22",
                ], in: world.root)
            #expect(ran.status == (moves == nil ? 1 : 0) && ran.out == (moves.map { "\($0)\n" } ?? ""), "\(ran)")
        }
    }
}
