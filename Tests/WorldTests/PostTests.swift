import Foundation
import TestSupport
import Testing

/// What a node posts while it is installed, to a server with tokens that has faults.
@Suite(.timeLimit(.minutes(15)))
struct PostTests {
    private static let url = "http://127.0.0.1:8000/lab"
    /// The commands that the installer runs, in their order.
    private static let hooks = [
        "/lib/partman/finish.d/99xenseed", "/usr/lib/base-installer.d/00xenseed", "/usr/lib/pre-pkgsel.d/00xenseed",
        "/usr/lib/finish-install.d/00xenseed", "/usr/lib/finish-install.d/94xenseed",
    ]
    /// Waits until every line has been posted; the test's time limit is the end of it.
    private static let settled =
        "until [ -z \"$(ls /tmp/xenseed/unsent)\" ] && [ ! -L /tmp/xenseed/sending ]; do sleep 1; done"
    /// Waits until nothing more is posted.
    private static let idle = "sleep 1; while [ -L /tmp/xenseed/sending ]; do sleep 1; done"

    private func reporting(more: String = "") async throws -> World {
        let world = try await World(lab: "report_url: \(Self.url)\n" + lab(more: more))
        try world.disk("sda", megabytes: 20000)
        return world
    }

    /// A world in which `tell` can be called, as if it had been prepared.
    private func prepared() async throws -> World {
        let world = try await reporting()
        let ran = try world.shell("mkdir -p /tmp/xenseed; cp /cdrom/nodes/xen01/late-command.sh /tmp/xenseed")
        try #require(ran.status == 0, "\(ran)")
        return world
    }

    private func tell(_ words: String...) -> String {
        words.map { "sh /tmp/xenseed/late-command.sh tell \($0)" }.joined(separator: " && ")
    }

    /// The progress lines in a log.
    private func told(_ text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("xenseed/1 ") }.map(String.init)
    }

    /// The stages, steps and states of progress lines.
    private func brief(_ lines: [String]) -> [String] {
        lines.map { $0.split(separator: " ").dropFirst(2).prefix(3).joined(separator: " ") }
    }

    /// The first token that the server gives.
    private static let token = String(repeating: "0", count: 31) + "1"

    /// The faults that a server can have, at the claim or at a post.
    enum Fault: String, CaseIterable, Sendable {
        case closesClaim, closesPosts, fails, hangs, floods, beginsLate

        var answers: [String] {
            switch self {
            case .closesClaim: ["drop", "drop"]
            case .closesPosts: ["ok", "drop", "ok", "drop"]
            case .fails: ["500", "ok", "503"]
            case .hangs: ["hang", "ok", "hang"]
            case .floods: ["flood", "ok", "ok", "ok", "flood"]
            case .beginsLate: []
            }
        }
    }

    /// A post that the server did not store is repeated, and the lines arrive once and in order.
    @Test(arguments: Fault.allCases) func everyLineArrives(fault: Fault) async throws {
        let world = try await prepared()
        let (ran, posts) = try world.shell(
            tell("early - start", "early - ok") + "; : >/listen; sleep 1; "
                + tell("base - start", "base - failed", "base - ok") + "; " + Self.settled,
            answers: fault.answers, late: fault == .beginsLate)
        #expect(ran.status == 0 && ran.out.isEmpty, "\(ran)")
        let stored = posts.filter(\.isStored)
        #expect(
            brief(stored.flatMap(\.lines).filter { $0.hasPrefix("xenseed/1 ") })
                == ["early - start", "early - ok", "base - start", "base - failed", "base - ok"])
        #expect(told(stored.map(\.body).joined()) == told(world.read("/dev/ttyS0")))
        // The log comes behind its failure.
        let lines = stored.flatMap(\.lines)
        let failure = try #require(lines.firstIndex { $0.contains(" base - failed ") })
        #expect(lines[failure + 1].hasPrefix("xenseed/1+ xen01 "))
        let claims = posts.filter { $0.path == "/lab/claim" }
        #expect(posts.first == claims.first && claims.allSatisfy { $0.body == "xen01\n" && $0.token == nil })
        #expect(stored.allSatisfy { $0.token == "Bearer \(Self.token)" })
    }

    /// A whole installation's lines are posted with the token, which no log, no other file and no argument of a program shows.
    @Test(arguments: [false, true]) func tokenIsSecret(dash: Bool) async throws {
        let world = try await reporting()
        // Scripts in front of the installer's programs write down the arguments.
        try world.write(
            """
            mkdir -p /logged
            for path in /usr/bin/* /bin/*; do
                name=${path##*/}
                # nc, whose output is limited, could not write it down; its arguments are in the script.
                case $name in sh | ash | busybox | nc) continue ;; esac
                printf '#!/bin/sh\\necho "%s $*" >>/arguments\\nexec %s "$@"\\n' "$name" "$path" >/logged/$name
            done
            chmod 755 /logged/*
            """, to: "/log-arguments")
        let (ran, posts) = try world.shell(
            "sh /log-arguments; export PATH=/logged:$PATH; ( \(try world.command("partman/early_command")) ) && "
                + "for hook in \(Self.hooks.joined(separator: " ")); do $hook || exit; done; " + Self.settled,
            dash: dash, answers: [])
        #expect(ran.status == 0 && ran.out.isEmpty, "\(ran)\(world.read("/var/log/syslog"))")
        let lines = told(world.read("/dev/ttyS0"))
        #expect(brief(lines).first == "early - start" && brief(lines).last == "reboot - start" && lines.count > 20)
        #expect(posts.filter(\.isStored).flatMap(\.lines) == lines)
        #expect(posts.first?.path == "/lab/claim" && posts.first?.token == nil)
        for post in posts.dropFirst() {
            #expect(post.path == "/lab/progress" && post.token == "Bearer \(Self.token)")
            #expect(post.host == "127.0.0.1:8000" && post.lines.first?.hasPrefix("xenseed/1 xen01 ") == true)
        }
        let found = try world.shell(
            """
            ls -l /tmp/xenseed/token /target/var/lib/xenseed/token | cut -c 1-10
            cat /tmp/xenseed/token /target/var/lib/xenseed/token; echo; ls /target/var/lib/xenseed
            grep -rl \(Self.token) /arguments /cdrom /dev/ttyS0 /etc /tmp /var /target/tmp /target/var/log /target/var/lib/xenseed
            """)
        #expect(
            found.out == """
                -rw-------
                -rw-------
                \(Self.token)\(Self.token)
                token
                /tmp/xenseed/token
                /target/var/lib/xenseed/token

                """)
        #expect(world.read("/arguments").contains("\ntail -n 1 /tmp/xenseed/answer\n"))
    }

    /// A server that does not know the token any more gives a new one once; where it gives none, the lines are kept until there is a
    /// new one.
    @Test func claimsOnceMore() async throws {
        let world = try await prepared()
        let (ran, posts) = try world.shell(
            "\(tell("base - start")); \(Self.idle); ls /tmp/xenseed/unsent; \(tell("base - ok")); \(Self.idle)",
            answers: ["ok", "403", "ok", "403", "403", "403"])
        #expect(ran == Ran(status: 0, out: "100001\n"))
        #expect(
            posts.map { "\($0.path) \($0.answer) \($0.lines.count)" } == [
                "/lab/claim 200 1", "/lab/progress 403 1", "/lab/claim 200 1", "/lab/progress 403 1",
                "/lab/progress 403 2", "/lab/claim 403 1",
            ])
    }

    /// A server without tokens gets the posts all the same.
    @Test func postsWithoutTokens() async throws {
        let world = try await prepared()
        let (ran, posts) = try world.shell(
            "\(tell("base - start", "base - ok")); \(Self.settled)", answers: ["404", "204", "204"])
        #expect(ran.status == 0)
        #expect(posts.dropFirst().allSatisfy { $0.token == nil && $0.answer == "204" })
        #expect(brief(posts.dropFirst().flatMap(\.lines)) == ["base - start", "base - ok"])
    }

    /// What the server refuses for good is not repeated, and does not keep other lines from it.
    @Test func dropsWhatIsRefused() async throws {
        let world = try await prepared()
        let (ran, posts) = try world.shell(
            "\(tell("base - start", "base - ok")); : >/listen; \(Self.settled)", answers: ["ok", "400", "413"],
            late: true)
        #expect(ran.status == 0)
        #expect(
            posts.map { "\($0.path) \($0.answer) \(brief($0.lines))" } == [
                "/lab/claim 200 [\"\"]", #"/lab/progress 400 ["base - start", "base - ok"]"#,
                #"/lab/progress 413 ["base - start"]"#, #"/lab/progress 200 ["base - ok"]"#,
            ])
    }

    /// One process posts at a time; one that was killed does not count.
    @Test(arguments: ["1-1", "999999-1", "-", "x"]) func oneProcessPosts(stale: String) async throws {
        let world = try await prepared()
        let (ran, posts) = try world.shell(
            """
            read -r stat </proc/self/stat; set -- ${stat##*) }; ln -s "$$-${20}" /tmp/xenseed/sending
            \(tell("base - start")); sleep 3; ls /tmp/xenseed/unsent; ln -snf '\(stale)' /tmp/xenseed/sending
            \(tell("base - ok")); \(Self.settled)
            """, answers: [])
        #expect(ran == Ran(status: 0, out: "100001\n"))
        #expect(posts.map { brief($0.lines) } == [[""], ["base - start", "base - ok"]])
    }

    /// The installer goes on while the server is not there, and the spool does not grow without end.
    @Test func keepsTheLastLines() async throws {
        let world = try await prepared()
        let (ran, posts) = try world.shell(
            """
            mkdir -p /tmp/xenseed/unsent; cd /tmp/xenseed/unsent
            for number in $(seq 100001 100300); do
                echo "xenseed/1 xen01 late packages start $number.0 " >$number
                for line in 1 2 3; do echo "xenseed/1+ xen01 old $line" >>$number; done
            done
            for line in $(seq 100); do echo log >>/tmp/xenseed/late-command.log; done
            \(tell("late packages failed")); : >/listen; \(Self.settled)
            """, answers: [], late: true)
        #expect(ran.status == 0)
        let lines = try #require(posts.last).lines
        #expect(posts.count == 2 && lines.count == 199)
        #expect(
            brief([lines[0], lines[147], lines[148]]) == [
                "late packages start", "late packages start", "late packages failed",
            ])
        #expect(lines[0].contains(" 100153.0 ") && lines[147].contains(" 100300.0 "))
        #expect(lines[149...].allSatisfy { $0.hasPrefix("xenseed/1+ xen01 ") && !$0.contains("old") })
    }

    // MARK: The restart

    /// A restart whose line was lost at first arrives before the installer goes on.
    @Test func waitsForTheRestart() async throws {
        let world = try await prepared()
        let (ran, posts) = try world.shell(
            "\(tell("late - ok")); \(Self.idle); \(tell("reboot - start")); ls /tmp/xenseed/unsent",
            answers: ["ok", "ok", "drop", "500"])
        #expect(ran == Ran(status: 0, out: ""))
        #expect(posts.last?.isStored == true && brief(posts.last?.lines ?? []) == ["reboot - start"])
    }

    /// A server that is not there, does not answer, or refuses, stops no restart; the lines are then in the new system.
    @Test(arguments: [nil, "hang", "403"]) func restartsAnyway(answer: String?) async throws {
        let world = try await prepared()
        let begun = ContinuousClock.now
        let (ran, _) = try world.shell(
            "\(tell("late - ok")); sleep 2; \(tell("reboot - start")); ls -l /tmp/xenseed/restarts | cut -c 1-10",
            answers: answer.map { Array(repeating: $0, count: 100) } ?? [], late: answer == nil)
        #expect(ran == Ran(status: 0, out: "-rw-r--r--\n"))
        // Without an end it would take an hour.
        #expect(ContinuousClock.now - begun < .seconds(300))
        let kept = try world.shell(
            "cat /target/var/lib/xenseed/unsent/*; ls -l /target/var/lib/xenseed/unsent | cut -c 1-10")
        #expect(brief(told(kept.out)) == ["late - ok", "reboot - start"], "\(kept)")
    }

    /// A node whose late command can't be fetched claims a token to say so.
    @Test(arguments: [false, true]) func saysThatItCannotBegin(dash: Bool) async throws {
        let world = try await reporting()
        let (ran, posts) = try world.shell(
            "rm /cdrom/nodes/xen01/late-command.sh; ( \(try world.command("partman/early_command")) ); sleep 1; "
                + "while pidof nc >/dev/null; do sleep 1; done",
            dash: dash, answers: [])
        #expect(ran.status == 0, "\(ran)")
        #expect(posts.map(\.path) == ["/lab/claim", "/lab/progress"] && posts.first?.body == "xen01\n")
        #expect(posts.last?.isStored == true && posts.last?.token == "Bearer \(Self.token)")
        #expect(brief(posts.last?.lines ?? []) == ["early fetch-late-command failed"])
        #expect(told(world.read("/dev/ttyS0")) == posts.last?.lines)
        #expect(!world.read("/var/log/syslog").contains(Self.token))
    }
}
