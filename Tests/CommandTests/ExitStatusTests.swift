import Foundation
import TestSupport
import Testing

/// Tests the exit status of the commands, and what they print to standard output and standard error.
@Suite(.timeLimit(.minutes(15)))
struct ExitStatusTests {
    @Test func doneIsZeroAndSilentOnStdout() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(), to: "lab.yaml")
        let ran = try xenseed("build", in: folder)
        #expect(ran.status == 0 && ran.out.isEmpty)
        #expect(ran.err.hasSuffix("2 nodes, 65 files, 65 written, 0 removed\n"), "\(ran.err)")
        let again = try xenseed("build", in: folder)
        #expect(again.err.hasSuffix("nothing changed\n"), "\(again.err)")
    }

    @Test func wrongInputIsOne() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText().replacing("domain:", with: "domian:"), to: "lab.yaml")
        let check = try xenseed("check", in: folder)
        #expect(check.status == 1 && check.err.isEmpty)
        #expect(check.out.contains("lab.yaml:2:1: error[X0104]: the lab has no “domian” (domian)"), "\(check.out)")
        #expect(check.out.contains("hint: did you mean domain?"))
        let build = try xenseed("build", in: folder)
        #expect(build.status == 1 && build.out.isEmpty && build.err == check.out)
        #expect(!FileManager.default.fileExists(atPath: folder.url("out").path))
    }

    @Test(arguments: [
        (["chek"], "Did you mean check?"), (["build", "--ouput", "x"], "Did you mean '--output'?"),
        (["check", "--release", "bookwrm"], "did you mean bookworm?"), (["explain", "X0105x"], "did you mean X0105?"),
        (["build", "--check", "--prove"], "can't be used together"),
        (["check", "--format", "xml"], "'text', 'json' or 'sarif'"),
    ]) func wrongCommandLineIsTwo(words: [String], says: String) throws {
        let ran = try run([program] + words)
        #expect(ran.status == 2 && ran.out.isEmpty, "\(ran)")
        #expect(ran.err.contains(says), "\(ran.err)")
    }

    @Test func failedEnvironmentIsThree() throws {
        let folder = try TemporaryFolder()
        let missing = try xenseed("check", "nowhere.yaml", in: folder)
        #expect(
            missing.status == 3 && missing.err == "xenseed: nowhere.yaml: No such file or directory\n", "\(missing.err)"
        )
        try folder.write(labText(), to: "lab.yaml")
        let ran = try xenseed("build", "--output", "/proc/nowhere/out", in: folder)
        #expect(ran.status == 3 && ran.err.contains("/proc/nowhere: can't be found: No such file"), "\(ran.err)")
    }

    @Test func differencesAreFour() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(), to: "lab.yaml")
        _ = try xenseed("build", in: folder)
        #expect(try xenseed("build", "--check", in: folder).status == 0)
        let before = try folder.snapshot("out")
        try folder.write(labText(memory: "3 GiB"), to: "lab.yaml")
        let ran = try xenseed("build", "--check", in: folder)
        #expect(ran.status == 4)
        #expect(ran.out.contains("-total-memory 2048\n+total-memory 3072\n"), "\(ran.out)")
        #expect(ran.out.contains("nodes/node1/overlay.tar.gz: the content differs"))
        #expect(try folder.snapshot("out") == before)
    }

    /// A missing or additional line feed at the end of a file is shown as a difference.
    @Test(arguments: [true, false]) func showsAMissingLineFeed(_ isMissing: Bool) throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(), to: "lab.yaml")
        _ = try xenseed("build", in: folder)
        let path = "out/nodes/node1/overlay/etc/hostname"
        let text = try folder.read(path)
        try folder.write(isMissing ? String(text.dropLast()) : text + "\n", to: path)
        let ran = try xenseed("build", "--check", in: folder)
        #expect(ran.status == 4 && ran.err.contains("1 file differs; run xenseed build"), "\(ran)")
        #expect(
            ran.out.contains(isMissing ? "-\(text)\\ No newline at end of file\n+\(text)" : " \(text)-\n"), "\(ran.out)"
        )
    }

    /// An overlay archive with the same members but other compressed bytes is kept.
    @Test func archivesAreComparedByContent() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(), to: "lab.yaml")
        _ = try xenseed("build", in: folder)
        let archive = folder.url("out/nodes/node1/overlay.tar.gz").path
        let repacked = try run([
            "sh", "-c", "gunzip -c \"$1\" | gzip -n -9 > \"$1.new\" && mv \"$1.new\" \"$1\"", "sh", archive,
        ])
        #expect(repacked.status == 0)
        // The bytes of the archive changed, so the files that contain its digest change, but the archive does not.
        let ran = try xenseed("build", "--check", in: folder)
        #expect(ran.status == 4 && !ran.out.contains("overlay.tar.gz: the content differs"), "\(ran.out)")
        let sum = try run(["sha256sum", archive]).out
        #expect(try xenseed("build", in: folder).status == 0)
        #expect(try run(["sha256sum", archive]).out == sum)
        #expect(
            try run(["sh", "-c", "cd out && sha256sum --quiet -c SHA256SUMS"], in: URL(filePath: folder.path)).status
                == 0)
        #expect(try xenseed("build", "--check", in: folder).status == 0)
    }

    /// `build` trusts the digests in SHA256SUMS, `build --check` unpacks the archives and finds a forged one.
    @Test func aForgedOverlayIsFound() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(), to: "lab.yaml")
        _ = try xenseed("build", in: folder)
        let forged = try run(
            [
                "sh", "-euc",
                """
                mkdir members
                tar -xzf nodes/node1/overlay.tar.gz -C members
                echo 'ssh-ed25519 AAAA mallory' >>members/etc/motd
                tar -czf nodes/node1/overlay.tar.gz -C members .
                rm -r members
                sed -i "s|.*  nodes/node1/overlay.tar.gz|$(sha256sum nodes/node1/overlay.tar.gz)|" SHA256SUMS
                sha256sum --quiet -c SHA256SUMS
                """,
            ], in: folder.url("out"))
        try #require(forged.status == 0, "\(forged.err)")
        let path = "nodes/node1/overlay.tar.gz"
        let check = try xenseed("build", "--check", in: folder)
        #expect(check.status == 4)
        #expect(
            check.out.contains("\(path): the content differs\n"), "\(check.out)")
        #expect(try xenseed("build", in: folder).status == 0)
        #expect(try xenseed("build", "--check", in: folder).status == 0)
    }

    @Test(arguments: [
        [], ["build"], ["iso"], ["inspect"], ["check"], ["lint"], ["arm"], ["disarm"], ["serve"], ["init"], ["keys"],
        ["passwd"],
        ["schema"], ["explain"], ["templates"], ["guest", "demo"],
    ])
    func helpGoesToStdoutWithExamples(command: [String]) throws {
        let ran = try run([program] + command + ["--help"])
        #expect(ran.status == 0 && ran.err.isEmpty)
        #expect(ran.out.contains("xenseed \(command.first ?? "build")"))
        #expect(command.isEmpty ? ran.out.contains("4 differences found") : ran.out.contains("Example"))
    }

    @Test func readsStandardInput() throws {
        #expect(try xenseed("check", "-", input: labText()).status == 0)
        let ran = try xenseed("check", "-", input: "domain: x\n")
        #expect(ran.status == 1 && ran.out.contains("-:1:1: error[X0106]"), "\(ran.out)")
    }

    @Test func strictMakesWarningsErrors() throws {
        let open = labText().split(separator: "\n").filter { !$0.contains("access:") }.joined(separator: "\n")
        let plain = try xenseed("check", "-", input: open)
        #expect(plain.status == 0 && plain.out.contains("warning[X0602]"), "\(plain.out)")
        let strict = try xenseed("check", "--strict", "-", input: open)
        #expect(strict.status == 1 && strict.out.contains("error[X0602]"))
    }

    @Test func speaksToPrograms() throws {
        let broken = labText().replacing("cpus: 2", with: "cpus: two")
        let json = try JSONSerialization.jsonObject(
            with: Data(try xenseed("check", "--format", "json", "-", input: broken).out.utf8))
        let items = try #require(json as? [[String: Any]])
        #expect(items.count == 1 && items[0]["code"] as? String == "X0107" && items[0]["line"] as? Int == 5)
        let sarif = try JSONSerialization.jsonObject(
            with: Data(try xenseed("check", "--format", "sarif", "-", input: broken).out.utf8))
        let runs = try #require((sarif as? [String: Any])?["runs"] as? [[String: Any]])
        #expect((runs[0]["results"] as? [[String: Any]])?.first?["ruleId"] as? String == "X0107")
    }

    /// For a line with thousands of mistakes, the JSON and SARIF outputs are small and give the number of omitted
    /// problems.
    @Test func outputForProgramsIsBounded() throws {
        let nodes = (0..<4000).map { "n\($0): {x: 1}" }.joined(separator: ", ")
        let lab = "{domain: hl.local, networks: {lan: {subnet: 10.0.0.0/8, dhcp: true}}, nodes: {\(nodes)}}"
        let json = try xenseed("check", "--format", "json", "-", input: lab)
        #expect(json.status == 1 && json.out.utf8.count < 1_000_000)
        let items = try #require(try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [[String: Any]])
        #expect(items.count == 1001)
        let omission = try #require(items.last?["message"] as? String)
        #expect(omission.hasSuffix(" more problems are not shown") && items.last?["code"] == nil)
        let folder = try TemporaryFolder()
        let sarif = try xenseed("check", "--format", "sarif", "-", input: lab)
        #expect(sarif.status == 1 && sarif.out.utf8.count < 2_000_000)
        try folder.write(sarif.out, to: "log.sarif")
        let schema = checkout.appending(path: "Tests/CommandTests/sarif.schema.json")
        #expect(try conform([folder.url("log.sarif")], to: schema).values.allSatisfy(\.isEmpty))
        let log = try #require(try JSONSerialization.jsonObject(with: Data(sarif.out.utf8)) as? [String: Any])
        let run = try #require((log["runs"] as? [[String: Any]])?.first)
        #expect((run["results"] as? [Any])?.count == 1000)
        let invocation = try #require((run["invocations"] as? [[String: Any]])?.first)
        let notes = try #require(invocation["toolExecutionNotifications"] as? [[String: Any]])
        #expect((notes.first?["message"] as? [String: Any])?["text"] as? String == "-: \(omission)")
    }

    /// A lab file without an end is refused at a size limit.
    @Test func aLabFileHasASizeLimit() throws {
        let ran = try run(["timeout", "60", program, "check", "/dev/zero"])
        #expect(ran.status == 1 && ran.out.contains("/dev/zero: error[X0110]"), "\(ran)")
    }

    @Test func explainsEveryCode() throws {
        let codes = try xenseed("explain").out.split(separator: "\n").map { String($0.prefix(5)) }
        #expect(codes.count > 60 && Set(codes).count == codes.count)
        for code in codes {
            let text = try xenseed("explain", code).out
            #expect(text.contains("Cause: ") && text.contains("Example:") && text.contains("Cure:"))
        }
    }

    @Test func startsALab() throws {
        let folder = try TemporaryFolder()
        let started = try xenseed("init", "mine", in: folder)
        #expect(started.out == "mine/lab.yaml\nmine/lab.schema.json\nmine/.gitignore\n")
        #expect(started.err == "edit mine/lab.yaml, then run: xenseed check mine\n")
        #expect(try folder.read("mine/.gitignore").hasSuffix("\n.xenseed/\n"))
        #expect(try xenseed("check", "mine/lab.yaml", in: folder).status == 0)
        #expect(try folder.read("mine/lab.schema.json") == xenseed("schema").out)
        let again = try xenseed("init", "mine", in: folder)
        #expect(again.status == 3 && again.err.contains("exists already"))

        // A list of ignored files that is there is not changed.
        try folder.write("*.iso\n", to: "here/.gitignore")
        let here = try xenseed(
            "-C", "here", "init", "--nodes", "3", "--release", "trixie", in: folder)
        #expect(
            here.status == 0
                && here.err == ".gitignore exists already; add the line .xenseed/ to it\n"
                    + "edit lab.yaml, then run: xenseed check\n",
            "\(here.err)")
        #expect(try folder.read("here/.gitignore") == "*.iso\n")
        #expect(try folder.read("here/lab.yaml").contains(/release: trixie\n(.|\n)*\n  xen03:\n/))
        #expect(try xenseed("init", "--from-article", "article", in: folder).status == 0)
        #expect(try xenseed("check", "article", in: folder).status == 0)
        for wrong in [
            ["--nodes", "0"], ["--nodes", "100"], ["--from-article", "--nodes", "2"], ["--release", "sid"],
        ] {
            #expect(try run([program, "init"] + wrong + [folder.url("no").path]).status == 2, "\(wrong)")
        }
        #expect(!FileManager.default.fileExists(atPath: folder.url("no").path))
    }

    /// Commands find lab.yaml in the current directory, in a directory that is named, and in that of -C.
    @Test func findsTheLab() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(nodes: 1), to: "mine/lab.yaml")
        #expect(try xenseed("check", "mine", in: folder).status == 0)
        #expect(try xenseed("check", "mine/", in: folder).status == 0)
        #expect(try xenseed("-C", "mine", "build", in: folder).status == 0)
        #expect(try xenseed("-Cmine", "build", "--check", in: folder).status == 0)
        #expect(try xenseed("-C", "/", "-C", folder.path, "build", "--check", "mine").status == 0)
        #expect(try xenseed("disarm", "--lab", "mine", "node1", in: folder).status == 0)
        let field = try xenseed("explain", "--lab", "mine", "domain", in: folder)
        #expect(field.status == 0 && field.err.hasPrefix("domain: mine/lab.yaml:2:1; in "), "\(field)")
        let none = try xenseed("check", in: folder)
        #expect(none.status == 3 && none.err.hasPrefix("xenseed: there is no lab.yaml in this directory; "), "\(none)")
        #expect(try xenseed("-C", "nowhere", "check", in: folder).status == 3)
        #expect(try xenseed("-C", in: folder).status == 2)
        let near = try xenseed("-C", "mine", "chek", in: folder)
        #expect(near.status == 2 && near.err.contains("Did you mean check?"), "\(near.err)")
    }

    /// The templates that are written are those of the program, and what is there is not overwritten.
    @Test func writesTemplates() throws {
        let folder = try TemporaryFolder()
        let list = try xenseed("templates").out
        #expect(list.hasPrefix("README.md\n") && list.contains("\npxe/dnsmasq.conf\n"))
        #expect(try xenseed("templates", "dump", "one", "preseed.cfg", in: folder).out == "one/preseed.cfg\n")
        let again = try xenseed("templates", "dump", "one", in: folder)
        #expect(again.status == 3 && again.err == "xenseed: one/preseed.cfg exists already\n", "\(again.err)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url("one").path) == ["preseed.cfg"])
        let near = try xenseed("templates", "dump", "two", "pressed.cfg", in: folder)
        #expect(near.status == 2 && near.err.contains("did you mean preseed.cfg?"), "\(near.err)")

        let all = try xenseed("templates", "dump", "all", in: folder).out.split(separator: "\n")
        #expect(all.map { $0.dropFirst(4) } == list.split(separator: "\n"))
        try folder.write(labText(nodes: 1), to: "lab.yaml")
        #expect(try xenseed("build", in: folder).status == 0)
        #expect(try xenseed("build", "--check", "--templates", "all", in: folder).status == 0)
    }
}
