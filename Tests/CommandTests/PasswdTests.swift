import Foundation
import TestSupport
import Testing

/// Tests `xenseed passwd` on a pseudo-terminal that Python opens.
@Suite(.timeLimit(.minutes(15)))
struct PasswdTests {
    private func type(_ first: String, _ second: String) throws -> Ran {
        let script = """
            import os, pty, sys, time
            pid, fd = pty.fork()
            if pid == 0:
                os.dup2(os.open(sys.argv[4], os.O_WRONLY | os.O_CREAT), 1)
                os.execv(sys.argv[1], [sys.argv[1], "passwd"])
            shown = b""
            for prompt, answer in ((b"Password: ", sys.argv[2]), (b"Again: ", sys.argv[3])):
                while prompt not in shown:
                    try:
                        shown += os.read(fd, 100)
                    except OSError:
                        break
                os.write(fd, answer.encode() + b"\\n")
            try:
                while True:
                    shown += os.read(fd, 100)
            except OSError:
                pass
            sys.stderr.write(shown.decode())
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            """
        let folder = try TemporaryFolder()
        var ran = try run(["/usr/bin/python3", "-c", script, program, first, second, folder.url("hash").path])
        ran.out = (try? folder.read("hash")) ?? ""
        return ran
    }

    @Test func printsAHashThatOpens() throws {
        let ran = try type("correct horse", "correct horse")
        #expect(ran.status == 0, "\(ran.err)")
        #expect(ran.out.wholeMatch(of: /\$6\$[A-Za-z0-9.\/]{16}\$[A-Za-z0-9.\/]{86}\n/) != nil, "\(ran.out)")
        // The password is not echoed, and openssl computes the same hash from it.
        #expect(!ran.err.contains("horse"))
        let salt = ran.out.split(separator: "$")[1]
        let check = try run(["openssl", "passwd", "-6", "-salt", String(salt), "correct horse"])
        #expect(check.out == ran.out)
        // The lab accepts the hash.
        let lab = labText(nodes: 1).replacing(/\$6\$saltsalt\$x+/, with: ran.out.dropLast())
        #expect(try xenseed("check", "-", input: lab).status == 0)
    }

    @Test func readsStandardInput() throws {
        for input in ["correct horse\n", "correct horse"] {
            let ran = try xenseed("passwd", "--stdin", input: input)
            #expect(ran.status == 0 && ran.err.isEmpty, "\(ran)")
            let salt = try #require(ran.out.split(separator: "$").dropFirst().first)
            #expect(try run(["openssl", "passwd", "-6", "-salt", String(salt), "correct horse"]).out == ran.out)
        }
        let long = String(repeating: "x", count: 512)
        for (input, reason) in [
            ("", "is empty"), ("\n", "is empty"), ("two\nlines\n", "not one line"), ("\0", "not one line"),
            (long, "longer than 511 bytes"),
        ] {
            let ran = try xenseed("passwd", "--stdin", input: input)
            #expect(ran.status == 2 && ran.out.isEmpty && ran.err.contains(reason), "\(ran)")
        }
        #expect(try xenseed("passwd", "--stdin", input: String(long.dropLast())).status == 0)
    }

    @Test func refusesTwoThatDiffer() throws {
        let ran = try type("correct", "horse")
        #expect(ran.status == 2 && ran.out.isEmpty && ran.err.contains("the two passwords differ"), "\(ran)")
    }
}
