import Foundation
import TestSupport
import Testing

/// Names and texts from others can neither control the terminal nor look like something else: what is printed has no control
/// characters, no bidirectional controls and no line separators.
@Suite(.timeLimit(.minutes(15)))
struct TerminalTests {
    /// Clears the screen, sets the title, in ESC and C1; turns the direction of the text; begins a new line.
    private static let hostile = "\u{1B}[2J\u{1B}]0;owned\u{7}\u{9B}8m\u{202E}gpj\u{2028}\u{85}\u{7F}"

    /// Checks what a command printed.
    private func check(_ ran: Ran, isJSON: Bool = false) {
        for text in [ran.out, ran.err] {
            let bad = text.unicodeScalars.first {
                switch $0.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator: $0 != "\n" && $0 != "\t"
                default: false
                }
            }
            #expect(bad == nil, "\(bad!.value): \(text.debugDescription)")
        }
        // The rest of the hostile text is there.
        #expect((ran.out + ran.err).contains("[2J"), "\(ran)")
    }

    private static let python = """
        import os, sys
        hostile = "\\x1b[2J\\x1b]0;owned\\x07\\x9b8m\\u202egpj\\u2028\\x85\\x7f"

        """

    /// Long work draws a bar on a terminal, which fits it and is removed in the end, and nothing of it elsewhere.
    @Test func progress() throws {
        let folder = try TemporaryFolder()
        let source = try SourceImage()
        try NetbootArchive.place(in: folder)
        try folder.write(labText(nodes: 20, release: "bookworm"), to: "lab.yaml")
        let commands: [([String], [String])] = [
            (["build"], ["building 20 nodes  [##########] 100 %"]),
            (
                ["iso", "--from", source.path, "--output", "lab.iso"],
                ["building 20 nodes  [##########] 100 %", "writing lab.iso  [##########] 100 %"]
            ),
            (["inspect", "lab.iso"], ["checking lab.iso  ["]),
            (
                ["netboot", "--archive", "netboot.tar.gz"],
                ["unpacking netboot.tar.gz  [##########] 100 %", "building 20 nodes  [##########] 100 %"]
            ),
        ]
        let columns = 50
        let script = """
            import fcntl, os, pty, struct, sys, termios
            pid, fd = pty.fork()
            if pid == 0:
                fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack("HHHH", 24, \(columns), 0, 0))
                os.environ["TERM"] = "xterm"
                os.execv(sys.argv[1], sys.argv[1:])
            shown = b""
            try:
                while part := os.read(fd, 65536): shown += part
            except OSError: pass
            sys.stdout.buffer.write(shown)
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            """
        for (words, steps) in commands {
            let here = URL(filePath: folder.path)
            let ran = try run(["python3", "-c", script, program] + words, in: here)
            #expect(ran.status == 0, "\(words): \(ran)")
            // Each state begins at the left edge and erases the rest of the line.
            let states = ran.out.split(separator: "\r").filter { $0.hasSuffix("\u{1B}[K") }.map { $0.dropLast(3) }
            for step in steps { #expect(states.contains { $0.hasPrefix(step) }, "\(words): \(states)") }
            #expect(states.allSatisfy { $0.count < columns }, "\(states)")
            // What follows the last state is written after the line was erased.
            let last = ran.out.split(separator: "\r", omittingEmptySubsequences: false).last { $0.contains("\u{1B}[K") }
            #expect(last?.hasPrefix("\u{1B}[K") == true, "\(ran.out.debugDescription)")
            let plain = try run([program] + words, in: here)
            #expect(plain.status == 0 && !(plain.out + plain.err).contains { "\r\u{1B}".contains($0) }, "\(plain)")
        }
    }

    @Test func inspectingAnImage() throws {
        let folder = try TemporaryFolder()
        let script =
            Self.python + """
                import gzip, subprocess
                def member(path, text, mode=0o100644):
                    path, text = path.encode() + b"\\0", text.encode()
                    head = b"070701" + b"".join(b"%08x" % n for n in
                        (1, mode, 0, 0, 1, 0, len(text), 0, 0, 0, 0, len(path), 0)) + path
                    return head + bytes(-len(head) % 4) + text + bytes(-len(text) % 4)
                preseed = f"# ERASES {hostile}\\nd-i mirror/suite string {hostile}\\nd-i passwd/root-password-crypted password ${hostile}$x\\n"
                initrd = gzip.compress(
                    member("etc/lsb-release", f'DISTRIB_ID=Debian\\nDISTRIB_RELEASE="12 ({hostile}) - {hostile}"\\nX_INSTALLATION_MEDIUM={hostile}\\n')
                    + member("xenseed/nodes", f"{hostile} {hostile} {hostile}\\nother 08:00:27:00:00:01 a\\n")
                    + member(f"nodes/{hostile}/preseed.cfg", preseed) + member(f"nodes/{hostile}\\nnode forged/preseed.cfg", preseed)
                    + member("TRAILER!!!", ""))
                os.makedirs("disc/.disk"); os.makedirs("disc/isolinux")
                def put(path, text): open("disc/" + path, "wb").write(text if isinstance(text, bytes) else text.encode())
                put(".disk/info", f'Debian {hostile.split(chr(0x2028))[0]} 99 "{hostile.split(chr(0x2028))[0]}"')
                put("initrd.gz", initrd)
                put("linux", "x")
                put("isolinux/isolinux.cfg", "label a\\nkernel /linux\\nappend initrd=/initrd.gz\\n")
                put("md5sum.txt", f"{'0' * 32}  ./{hostile}\\n")
                put("initrd-damaged" + hostile.replace("\\u2028", ""), "x")
                subprocess.run(["xorriso", "-as", "mkisofs", "-quiet", "-R", "-V", "LABEL", "-o", "a.iso", "disc"], check=True, stderr=subprocess.DEVNULL)
                with open("a.iso", "r+b") as image:
                    image.seek(0x8028)
                    image.write(hostile.encode()[:32].ljust(32))
                """
        let made = try run(["python3", "-c", script], in: URL(filePath: folder.path))
        try #require(made.status == 0, "\(made)")
        let ran = try xenseed("inspect", "a.iso", in: folder)
        check(ran)
        for line in ["  says ", "  volume ", "  initrd ", "node ", "  erases ", "  password ", "DAMAGED: "] {
            #expect(ran.out.contains(line), "\(line): \(ran.out)")
        }
        // A node's name does not begin a line of its own.
        #expect(ran.out.contains("�node forged") && !ran.out.contains("\nnode forged"), "\(ran.out)")
        let json = try xenseed("inspect", "--format", "json", "a.iso", in: folder)
        check(json)
        let found = try #require(try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any])
        #expect((found["says"] as? String)?.contains("\u{1B}]0;owned\u{7}\u{9B}8m\u{202E}") == true)
        try folder.write(labText(release: "bookworm"), to: "lab.yaml")
        check(try xenseed("iso", "--from", "a.iso", "--output", "\(Self.hostile).iso", in: folder))
        let other = try xenseed("inspect", "a.iso\(Self.hostile)", in: folder)
        #expect(other.status == 3)
        check(other)
    }

    @Test func netbootArchives() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(release: "bookworm"), to: "lab.yaml")
        let script =
            Self.python + """
                import io, tarfile
                def make(name, version, path=None):
                    with tarfile.open(name, "w", format=tarfile.PAX_FORMAT) as archive:
                        for path, text in [(f"debian-installer/amd64/{n}", "x") for n in ("linux", "initrd.gz", "pxelinux.0")] + [("version.info", version)] + ([(path, "x")] if path else []):
                            info = tarfile.TarInfo(path); info.size = len(text.encode())
                            archive.addfile(info, io.BytesIO(text.encode()))
                make("good.tar", f"Debian version:  12 (bookworm)\\nInstaller build: {hostile}\\n")
                make("version.tar", f"Debian version:  11 ({hostile.split(chr(0x2028))[0]})\\n")
                make("name.tar", "Debian version:  12 (bookworm)\\n", f"a/{hostile}")
                make("outside.tar", "Debian version:  12 (bookworm)\\n", f"../{hostile}\\nverified")
                open("sums", "w").write(f"{'0' * 64}  {hostile}/good.tar\\n")
                """
        let made = try run(["python3", "-c", script], in: URL(filePath: folder.path))
        try #require(made.status == 0, "\(made)")
        for (words, status) in [
            (["good.tar"], Int32(0)), (["version.tar"], 1), (["name.tar"], 1), (["outside.tar"], 1),
            (["good.tar", "--sums", "sums"], 1), (["good.tar", "--sums", "none\(Self.hostile)"], 3),
            (["none\(Self.hostile)"], 3), (["good.tar", "--ipxe", "none\(Self.hostile)"], 1),
            (["good.tar", "--firmware", "none\(Self.hostile)"], 3),
        ] {
            let ran = try run([program, "netboot", "--archive"] + words, in: URL(filePath: folder.path))
            #expect(ran.status == status, "\(words): \(ran)")
            check(ran)
            #expect(!ran.err.contains("\nverified"))
        }
    }

    @Test func diff() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(), to: "lab.yaml")
        try #require(xenseed("build", in: folder).status == 0)
        // A tree of others, with a node whose name is no name, texts of others in files, and an unknown file.
        let script =
            Self.python + """
                import json, shutil
                name = "node2" + hostile.replace("\\u2028", "").replace("\\x85", "")
                shutil.copytree("out", "evil", symlinks=True)
                os.rename("evil/nodes/node2", "evil/nodes/" + name)
                sums = open("evil/SHA256SUMS").read().replace("nodes/node2/", f"nodes/{name}/")
                open("evil/SHA256SUMS", "w").write(sums + f"{'0' * 64}  {name}\\n")
                open("evil/" + name, "w").write("x")
                lab = json.load(open("evil/lab.json"))
                lab["nodes"][name] = lab["nodes"].pop("node2")
                lab["nodes"]["node1"]["dom0"] = {"memory": hostile}
                json.dump(lab, open("evil/lab.json", "w"))
                open("evil/README.md", "a").write(hostile + "\\r\\n")
                shutil.copytree("evil", "old", symlinks=True)
                os.remove("old/lab.json")
                """
        let made = try run(["python3", "-c", script], in: URL(filePath: folder.path))
        try #require(made.status == 0, "\(made)")
        for old in ["evil", "old"] {
            for format in ["text", "markdown", "json"] {
                check(try xenseed("diff", "--format", format, old, "out", in: folder))
            }
            // On a terminal, with colours and two columns.
            let live = try run(
                ["script", "-qec", "stty cols 200; \(program) diff \(old) out", "/dev/null"],
                in: URL(filePath: folder.path))
            let text = live.out.replacing(#/\u{1B}\[[0-9;]*m/#, with: "").replacing("\r\n", with: "\n")
            check(Ran(status: 0, out: text))
        }
        check(try xenseed("diff", "none\(Self.hostile)", "out", in: folder))
    }

    @Test func reports() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(), to: "lab.yaml")
        let report: [String: Any] = [
            "format": 1, "node": "node1", "time": "2026-\(Self.hostile)", "xen": Self.hostile, "passed": 0, "failed": 1,
            "checks": [["name": "a\(Self.hostile)", "ok": false, "seen": Self.hostile, "asked": ""]],
        ]
        try JSONSerialization.data(withJSONObject: report).write(to: folder.url("report.json"))
        for format in ["text", "json"] {
            let ran = try xenseed("verify", "--all", "--format", format, "report.json", in: folder)
            #expect(ran.status == 4)
            check(ran)
        }
        try JSONSerialization.data(withJSONObject: report.merging(["node": "x\(Self.hostile)"]) { $1 })
            .write(to: folder.url("other.json"))
        check(try xenseed("verify", "other.json", in: folder))
        check(try xenseed("verify", "none\(Self.hostile)", in: folder))
    }
}
