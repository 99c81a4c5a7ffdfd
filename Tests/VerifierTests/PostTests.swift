import Foundation
import TestSupport
import Testing

/// What the verifier posts to a server that has faults.
@Suite(.timeLimit(.minutes(15)))
struct PostTests {
    /// What the installer could not post.
    private static let left = [
        "late packages failed 1.0 exit code 1", "late packages start 2.0 ", "reboot - start 3.0 ",
    ]
    private static let log = "xenseed/1+ xen01 E: no package"

    private func leave(_ world: World) throws {
        for (number, line) in Self.left.enumerated() {
            try world.write(
                "xenseed/1 xen01 \(line)\n" + (number == 0 ? Self.log + "\n" : ""),
                to: "var/lib/xenseed/unsent/\(100001 + number)")
        }
    }

    /// The stages, steps and states of the progress lines that were stored.
    private func stored(_ posts: [Post]) -> [String] {
        posts.filter(\.isStored).flatMap { $0.path == "/lab/report" ? ["report"] : $0.lines.map(brief) }
    }

    private func brief(_ line: String) -> String {
        line.hasPrefix("xenseed/1+") ? "log" : line.split(separator: " ").dropFirst(2).prefix(3).joined(separator: " ")
    }

    private static let all = [
        "late packages failed", "log", "late packages start", "reboot - start", "boot - ok", "verify - start",
        "report", "verify - ok",
    ]

    /// What the installer could not post comes first; a post without an answer, or with an error of the server, is repeated.
    @Test(
        arguments: Shell.allCases,
        [[], ["drop"], ["503"], ["hang"], ["flood"], ["ok", "drop", "500"], ["ok", "ok", "drop", "drop"]])
    func postsWhatIsLeft(shell: Shell, answers: [String]) throws {
        let expected = try Fixture.bookworm.expected()
        try withWorld(.bookworm) { world in
            try leave(world)
            try world.write("1.00 1.00\n", to: "proc/uptime")
            let (ran, posts) = try world.verify(shell, ["--wait", "1"], answers: answers)
            #expect(ran == Ran(status: 0, out: expected))
            // The status of an endless answer is known as well.
            let seen = posts.map { post in
                var post = post
                if post.answer == "flood" { post.answer = "200" }
                return post
            }
            #expect(stored(seen) == Self.all)
            #expect(
                posts.allSatisfy { $0.token == "Bearer \(World.token)" && $0.host?.hasPrefix("127.0.0.1:") == true })
            #expect(try world.names(in: "var/lib/xenseed/unsent").isEmpty)
        }
    }

    /// A server that can't be reached, hangs or refuses does not change the result, and the next run posts the lines.
    @Test(arguments: Shell.allCases, [nil, ["hang", "hang", "hang", "hang"], ["500", "500", "500", "500"], ["403"]])
    func keepsTheRest(shell: Shell, answers: [String]?) throws {
        let expected = try Fixture.bookworm.expected()
        try withWorld(.bookworm) { world in
            try leave(world)
            try world.write("1.00 1.00\n", to: "proc/uptime")
            let begun = ContinuousClock.now
            let (ran, posts) = try world.verify(shell, ["--wait", "1"], answers: answers)
            #expect(ran.status == 0 && ran.out == expected)
            #expect(posts.count == (answers == nil ? 0 : answers == ["403"] ? 1 : 3))
            #expect(ran.err.contains("the server refuses") == (answers == ["403"]), "\(ran.err)")
            #expect(ContinuousClock.now - begun < .seconds(300))
            #expect(try world.names(in: "var/lib/xenseed/unsent").count == 1)
            // The next run has nothing to say of its own but the report.
            let (_, later) = try world.verify(shell, [], answers: [])
            #expect(stored(later) == Self.all.filter { $0 != "report" } + ["report"])
            #expect(try world.names(in: "var/lib/xenseed/unsent").isEmpty)
        }
    }

    /// A run by hand asks a server that does not answer once.
    @Test(arguments: Shell.allCases) func asksOnceByHand(shell: Shell) throws {
        try withWorld(.bookworm) { world in
            let (ran, posts) = try world.verify(shell, [], answers: ["drop", "drop"])
            #expect(ran.status == 0 && posts.map(\.answer) == ["drop"])
            #expect(try world.names(in: "var/lib/xenseed/unsent") == ["100001"])
        }
    }

    /// Without a token, as on a node that an older version installed, the verifier says so and does its work.
    @Test(arguments: Shell.allCases) func hasNoToken(shell: Shell) throws {
        let expected = try Fixture.bookworm.expected()
        try withWorld(.bookworm) { world in
            try world.write("", to: "no-token")
            let (ran, posts) = try world.verify(shell, [], answers: [])
            #expect(ran.status == 0 && ran.out == expected)
            #expect(ran.err.contains("/var/lib/xenseed/token, so the server refuses"), "\(ran.err)")
            #expect(posts.map(\.answer) == ["403"] && posts.first?.token == nil)
        }
    }

    /// What is kept does not grow without end: the log goes first, then the oldest lines.
    @Test(arguments: Shell.allCases) func keepsTheLastLines(shell: Shell) throws {
        try withWorld(.bookworm) { world in
            let lines = (1...250).map { "xenseed/1 xen01 verify - failed \($0).0 " }
            try world.write((lines + [Self.log, ""]).joined(separator: "\n"), to: "var/lib/xenseed/unsent/100001")
            let (_, posts) = try world.verify(shell, [], answers: ["drop"])
            #expect(posts.first?.lines.count == 200)
            let (_, later) = try world.verify(shell, [], answers: [])
            let kept = try #require(later.first).lines
            #expect(kept.count == 200 && kept[..<197] == lines[53...])
            #expect(kept[197...].map(brief) == ["boot - ok", "verify - start", "verify - ok"])
        }
    }

    /// No other user sees the token: not in the arguments of a program, not in what is printed or kept.
    @Test(arguments: Shell.allCases) func tokenIsSecret(shell: Shell) throws {
        try withWorld(.bookworm) { world in
            let directories = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
            for name in ["timeout", "bash", "cat", "awk", "sed", "ln", "rm", "mkdir", "mv"] {
                let path = try #require(
                    directories.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) })
                try world.command(name, "echo \"\(name) $*\" >>\"${0%/*}/../arguments\"; exec \(path) \"$@\"")
            }
            let (ran, posts) = try world.verify(shell, ["--console"], answers: ["ok", "drop"])
            #expect(posts.first?.token == "Bearer \(World.token)")
            #expect(try world.read("arguments").contains("timeout -k 5 10 bash "))
            for text in [ran.out, ran.err]
                + (try ["arguments", "dev/console", "var/lib/xenseed/unsent/100001"].map(world.read))
            {
                #expect(!text.contains(World.token) && !text.isEmpty || text == ran.err)
            }
        }
    }

    /// An xl that ignores SIGTERM is killed.
    @Test(arguments: Shell.allCases) func endsXl(shell: Shell) throws {
        try withWorld(.bookworm) { world in
            let timeout = try #require(
                ["/usr/bin/timeout", "/bin/timeout"].first(where: FileManager.default.isExecutableFile))
            // The same limits, but in tenths of a second.
            try world.command(
                "timeout",
                "[ \"$1 $2 $3\" = '-k 5 60' ] || exit 9; shift 3; exec \(timeout) -k 0.5 0.6 \"$@\"")
            try world.command("xl", "trap '' TERM; while :; do sleep 1; done")
            let ran = try world.verify(shell)
            #expect(ran.status == 1 && ran.out.contains("FAIL  "), "\(ran)")
        }
    }
}
