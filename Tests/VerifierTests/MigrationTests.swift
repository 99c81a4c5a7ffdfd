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
}
