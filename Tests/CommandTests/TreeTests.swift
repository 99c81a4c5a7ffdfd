import Foundation
import TestSupport
import Testing

/// The output directory is complete at any moment, and foreign files in it are kept.
@Suite(.timeLimit(.minutes(15)))
struct TreeTests {
    @Test func leavesForeignFilesAlone() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(nodes: 3), to: "lab.yaml")
        _ = try xenseed("build", in: folder)
        try folder.write("mine", to: "out/notes.txt")
        try folder.write("mine", to: "out/nodes/node3/notes.txt")
        try folder.write("mine", to: "out/own/deep/notes.txt")
        try FileManager.default.createDirectory(at: folder.url("out/empty"), withIntermediateDirectories: false)
        try folder.write(labText(nodes: 2, memory: "3 GiB"), to: "lab.yaml")
        let ran = try xenseed("build", in: folder)
        #expect(ran.status == 0, "\(ran.err)")
        for name in ["out/notes.txt", "out/nodes/node3/notes.txt", "out/own/deep/notes.txt"] {
            #expect(try folder.read(name) == "mine")
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.url("out/nodes/node3").path) == ["notes.txt"])
        #expect(FileManager.default.fileExists(atPath: folder.url("out/empty").path))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["lab.yaml", "out"])
    }

    @Test func refusesToReplaceWhatItDidNotWrite() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(), to: "lab.yaml")
        _ = try xenseed("build", in: folder)
        // The next lab needs this path.
        try folder.write("mine", to: "out/nodes/node3/preseed.cfg")
        try folder.write(labText(nodes: 3), to: "lab.yaml")
        let ran = try xenseed("build", in: folder)
        #expect(ran.status == 3 && ran.err.contains("out/nodes/node3/preseed.cfg was not written by xenseed"), "\(ran)")
        #expect(try folder.read("out/nodes/node3/preseed.cfg") == "mine")
        try folder.write("0  someone's\n", to: "out/SHA256SUMS")
        #expect(try xenseed("build", in: folder).err.contains("out/SHA256SUMS was not written by xenseed"))
    }

    /// A directory that has files but no SHA256SUMS from xenseed is refused, also behind a symbolic link.
    @Test(arguments: ["build", "netboot"], ["theirs", "link", "link/", "link/../link", "file", "dangling", "sums"])
    func refusesAForeignDirectory(_ command: String, _ output: String) throws {
        let folder = try TemporaryFolder()
        let place = URL(filePath: folder.path)
        try folder.write(labText(release: "bookworm"), to: "lab.yaml")
        for name in ["a.conf", "b.conf", "sub/c.conf", "d\u{1B}[2J", ".hidden"] {
            try folder.write(name, to: "system/theirs/\(name)")
        }
        try folder.write("mine", to: "file")
        try folder.write("0  a\n", to: "sums/SHA256SUMS")
        let linked = try run(
            ["sh", "-ec", "mv system/theirs .; ln -s theirs link; ln -s nowhere dangling"], in: place)
        #expect(linked.status == 0, "\(linked)")
        if command == "netboot" { try Self.archive("installer", in: folder) }
        let before = try folder.snapshot(".")
        let words = command == "netboot" ? ["--archive", "installer.tar"] : []
        let ran = try run([program, command, "--output", output] + words, in: place)
        #expect(ran.status == 3, "\(ran)")
        if output.contains("link") || output == "theirs" {
            #expect(
                ran.err.contains(
                    "/theirs was not written by xenseed and is not empty: it holds .hidden, a.conf, b.conf and 2 more"),
                "\(ran.err)")
        }
        #expect(!ran.err.contains("\u{1B}"))
        #expect(try folder.snapshot(".") == before)
    }

    /// An empty directory, a link to one, and the tree of another version are accepted.
    @Test func acceptsItsOwnAndEmptyDirectories() throws {
        let folder = try TemporaryFolder()
        let place = URL(filePath: folder.path)
        try folder.write(labText(), to: "lab.yaml")
        let made = try run(["sh", "-ec", "mkdir empty; mkdir target; ln -s target link"], in: place)
        #expect(made.status == 0)
        for output in ["empty", "link", "new"] {
            let ran = try xenseed("build", "--output", output, in: folder)
            #expect(ran.status == 0, "\(ran)")
            #expect(try xenseed("build", "--check", "--output", output, in: folder).status == 0)
        }
        // The link is still a link.
        #expect(try run(["readlink", "link"], in: place).out == "target\n")
        // The tree of another version has other files and digests, but the same first line.
        let older = try run(
            [
                "sh", "-ec",
                """
                mkdir old; head -n 1 new/SHA256SUMS >old/SHA256SUMS; echo old >old/overlay.txt; echo user >old/notes
                (cd old; sha256sum overlay.txt >>SHA256SUMS)
                """,
            ], in: place)
        #expect(older.status == 0, "\(older)")
        let ran = try xenseed("build", "--output", "old", in: folder)
        #expect(ran.status == 0 && ran.err.contains(" 1 removed"), "\(ran)")
        #expect(try folder.read("old/notes") == "user\n")
        #expect(!FileManager.default.fileExists(atPath: folder.url("old/overlay.txt").path))
    }

    /// A foreign directory in the tree keeps its owner. Needs root.
    @Test func keepsOwners() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(), to: "lab.yaml")
        _ = try xenseed("build", in: folder)
        try folder.write("mine", to: "out/own/notes")
        #expect(try run(["chown", "-R", "1234:2345", folder.url("out/own").path]).status == 0)
        try folder.write(labText(memory: "3 GiB"), to: "lab.yaml")
        #expect(try xenseed("build", in: folder).status == 0)
        #expect(try run(["stat", "-c", "%u %g", folder.url("out/own").path]).out == "1234 2345\n")
    }

    // MARK: Concurrency and interruption

    /// Two concurrent builds of different labs into one directory both succeed, and the tree is one of the two.
    @Test func buildsWaitForEachOther() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(nodes: 10), to: "a.yaml")
        try folder.write(labText(nodes: 15, memory: "3 GiB"), to: "b.yaml")
        var trees: [String: String] = [:]
        for name in ["a", "b"] {
            #expect(try xenseed("build", "--output", name, "\(name).yaml", in: folder).status == 0)
            trees[name] = try folder.snapshot(name)
        }
        let script = """
            for pair in $(seq 1 30); do
                first=a second=b
                [ $((pair % 2)) = 0 ] || { first=b; second=a; }
                [ $((pair % 5)) != 0 ] || rm -rf out
                "$1" build --output out $first.yaml 2>said.1 & one=$!
                "$1" build --output out $second.yaml 2>said.2 & two=$!
                code=0
                wait $one || code=$?
                wait $two || code=$?
                (cd out && sha256sum --quiet --check SHA256SUMS) || code=sums
                [ $code = 0 ] || { echo "pair $pair: $code"; cat said.1 said.2; }
                if diff -r --no-dereference out a >/dev/null; then echo a; elif diff -r --no-dereference out b >/dev/null; then echo b; else echo "pair $pair: mixed"; fi
            done | sort -u
            """
        let ran = try run(["timeout", "300", "sh", "-c", script, "sh", program], in: URL(filePath: folder.path))
        #expect(["a\n", "b\n", "a\nb\n"].contains(ran.out), "\(ran)")
        #expect(!(try FileManager.default.contentsOfDirectory(atPath: folder.path)).contains { $0.hasPrefix(".out") })
    }

    @Test func saysWhomItWaitsFor() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(), to: "lab.yaml")
        let script = """
            echo 4711 >.out.xenseed.lock
            flock .out.xenseed.lock sleep 2 & sleep 0.5
            "$1" build
            wait
            """
        let ran = try run(["timeout", "60", "sh", "-c", script, "sh", program], in: URL(filePath: folder.path))
        #expect(ran.status == 0 && ran.err.contains("2 nodes"), "\(ran)")
        #expect(
            ran.err.hasPrefix("waiting for another xenseed (process 4711), which is writing \(folder.path)/out\n"),
            "\(ran.err)")
    }

    /// With strace(1): all content is written to disk before the trees are exchanged, and the directory afterwards.
    @Test func writesToDiskBeforeAndAfterTheExchange() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(), to: "lab.yaml")
        _ = try xenseed("build", in: folder)
        try folder.write(labText(memory: "3 GiB"), to: "lab.yaml")
        let ran = try run(
            ["strace", "-f", "-qq", "-o", "calls", "-e", "trace=syncfs,fsync,renameat2,rename", program, "build"],
            in: URL(filePath: folder.path))
        #expect(ran.status == 0, "\(ran)")
        let calls = try folder.read("calls").split(separator: "\n").filter { $0.hasSuffix("= 0") }
            .compactMap { $0.firstMatch(of: /(\w+)\(/).map { String($0.1) } }
        #expect(calls == ["syncfs", "renameat2", "fsync"], "\(calls)")
    }

    /// Creates a small netboot archive for tests of its place in the tree.
    /// - Parameters:
    ///   - mark: the text that kernel and initrd consist of.
    ///   - size: the size of kernel and initrd, in bytes.
    ///   - files: the number of additional files.
    static func archive(_ mark: String, size: Int = 1, files: Int = 0, in folder: TemporaryFolder) throws {
        let script = """
            set -eu
            mkdir -p "$1.d/debian-installer/amd64"
            cd "$1.d"
            echo 'Debian version:  12 (bookworm)' >version.info
            echo 'Installer build: 20230607+deb12u1' >>version.info
            for name in linux initrd.gz pxelinux.0; do yes "$1" | head -c "$2" >debian-installer/amd64/$name; done
            for number in $(seq 1 "$3"); do echo "$1" >debian-installer/amd64/extra$number; done
            tar -cf "../$1.tar" .
            rm -rf "../$1.d"
            """
        let ran = try run(
            ["sh", "-c", script, "sh", mark, "\(size)", "\(files)"], in: URL(filePath: folder.path))
        #expect(ran.status == 0, "\(ran)")
    }

    /// If `netboot` is killed at any moment, kernel and initrd are from the same archive.
    @Test func netbootSurvivesBeingKilled() async throws {
        let folder = try TemporaryFolder()
        try folder.write(
            labText(release: "bookworm").replacing(
                "networks:", with: "boot_server: {address: 10.8.0.1, port: 8000}\nnetworks:"), to: "lab.yaml")
        for mark in ["one", "two"] { try Self.archive(mark, size: 2 << 20, files: 300, in: folder) }
        let start = ContinuousClock.now
        for mark in ["one", "two"] {
            let ran = try xenseed("netboot", "--archive", "\(mark).tar", in: folder)
            try #require(ran.status == 0, "\(ran)")
        }
        let whole = (ContinuousClock.now - start) / 2
        let amd64 = "out/pxe/tftp/debian-installer/amd64"
        var seen: Set<String> = []
        for index in 0..<24 {
            let process = Process()
            process.executableURL = URL(filePath: program)
            process.arguments = ["netboot", "--archive", index % 2 == 0 ? "one.tar" : "two.tar"]
            process.currentDirectoryURL = URL(filePath: folder.path)
            process.standardError = FileHandle.nullDevice
            try process.run()
            // Most kills hit the second half, in which the files get their names.
            try await Task.sleep(for: whole * (8 + index) / 24)
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            let marks = try ["linux", "initrd.gz", "extra1", "extra300"].map {
                String(try folder.read("\(amd64)/\($0)").prefix(3))
            }
            #expect(Set(marks).count == 1, "killed after \(8 + index)/24: \(marks)")
            seen.formUnion(marks)
        }
        // The next run cleans up.
        #expect(try xenseed("build", in: folder).status == 0)
        #expect(try xenseed("build", "--check", in: folder).status == 0)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
                == ["lab.yaml", "one.tar", "out", "two.tar"])
    }

    /// A build restores a missing file, and changes nothing else.
    @Test func bringsBackWhatIsMissing() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(), to: "lab.yaml")
        _ = try xenseed("build", in: folder)
        let whole = try folder.snapshot("out")
        for name in ["README.md", "nodes/node1/preseed.cfg", "usb/seed/preseed.cfg"] {
            try FileManager.default.removeItem(at: folder.url("out/\(name)"))
            let ran = try xenseed("build", in: folder)
            #expect(ran.status == 0, "\(name): \(ran.err)")
            #expect(try folder.snapshot("out") == whole, "\(name)")
        }
    }

    @Test func touchesNothingWhenNothingChanged() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(), to: "lab.yaml")
        _ = try xenseed("build", in: folder)
        let times = ["sh", "-c", "find \"$1\" -printf '%p %i %T@ %C@\\n' | sort", "sh", folder.url("out").path]
        let before = try run(times).out
        _ = try xenseed("build", in: folder)
        #expect(try run(times).out == before)
    }

    @Test func hidesHashes() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(nodes: 1), to: "lab.yaml")
        // The modes do not depend on the umask.
        let ran = try run(["sh", "-c", "umask 0; exec \"$1\" build", "sh", program], in: URL(filePath: folder.path))
        #expect(ran.status == 0, "\(ran.err)")
        let found = try run(
            ["sh", "-c", "grep -rl saltsalt out | sort | xargs stat -c '%a %n'"], in: URL(filePath: folder.path)
        ).out
        #expect(found == "640 out/nodes/node1/preseed.cfg\n640 out/usb/seed.cpio.gz\n")
        let open = try run(
            ["sh", "-c", "find out -type f -perm 644 | wc -l; find out -type d ! -perm 755"],
            in: URL(filePath: folder.path)
        ).out
        #expect(open == "28\n", "\(open)")
    }

    @Test func keepsTheGroupOfAWebServer() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(nodes: 1), to: "lab.yaml")
        _ = try xenseed("build", in: folder)
        // The commands of the README.
        let given = try run(
            ["sh", "-c", "chgrp -R www-data out && chmod g+s out out/nodes out/nodes/*"], in: URL(filePath: folder.path)
        )
        #expect(given.status == 0, "\(given.err)")
        try folder.write(labText(nodes: 2, memory: "3 GiB"), to: "lab.yaml")
        _ = try xenseed("build", in: folder)
        // The existing node and the new one.
        for node in ["node1", "node2"] {
            let preseed = folder.url("out/nodes/\(node)/preseed.cfg").path
            #expect(try run(["stat", "-c", "%a %G", preseed]).out == "640 www-data\n", "\(node)")
        }
    }

    /// If `build` is killed at any moment, the tree is the old or the new one, byte for byte.
    @Test func survivesBeingKilled() async throws {
        let folder = try TemporaryFolder()
        let labs = ["2 GiB", "3 GiB"].map { labText(nodes: 20, memory: $0) }
        var trees: [String] = []
        for lab in labs {
            try folder.write(lab, to: "lab.yaml")
            _ = try xenseed("build", in: folder)
            trees.append(try folder.snapshot("out"))
        }
        // The duration of a build is only used to spread the kills over it.
        let start = ContinuousClock.now
        try folder.write(labs[0], to: "lab.yaml")
        _ = try xenseed("build", in: folder)
        let whole = ContinuousClock.now - start
        var last = trees[0]
        for index in 0..<24 {
            try folder.write(labs[(index + 1) % 2], to: "lab.yaml")
            let process = Process()
            process.executableURL = URL(filePath: program)
            process.arguments = ["build"]
            process.currentDirectoryURL = URL(filePath: folder.path)
            process.standardError = FileHandle.nullDevice
            try process.run()
            try await Task.sleep(for: whole * index / 20)
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            last = try folder.snapshot("out")
            #expect(trees.contains(last), "killed after \(index)/20 of a build")
        }
        // The next run cleans up and succeeds.
        #expect(try xenseed("build", in: folder).status == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["lab.yaml", "out"])
    }

    /// When the disk is full, a build fails and keeps the old tree. Needs root, to mount a small file system.
    @Test func survivesAFullDisk() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(nodes: 2), to: "small.yaml")
        try folder.write(labText(nodes: 40), to: "large.yaml")
        let script = """
            set -eu
            mkdir disk
            mount -t tmpfs -o size=1m none disk
            "$1" build --output disk/out small.yaml
            before=$(cd disk && find . -type f -exec sha256sum {} + | sort)
            code=0
            "$1" build --output disk/out large.yaml 2>said || code=$?
            echo "code $code"
            [ "$before" = "$(cd disk && find . -type f -exec sha256sum {} + | sort)" ] && echo same
            ls -A disk
            """
        let ran = try run(["unshare", "-m", "sh", "-c", script, "sh", program], in: URL(filePath: folder.path))
        #expect(ran.out == "code 3\nsame\nout\n", "\(ran)")
        #expect(try folder.read("said").contains("No space left on device"))
    }

    @Test func provesThatSurroundingsDoNotMatter() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(), to: "lab.yaml")
        for option in ["--check-reproducible", "--prove"] {
            let ran = try xenseed("build", option, in: folder)
            #expect(ran.status == 0 && ran.err.contains("the same bytes and modes in both builds"), "\(ran)")
        }
        #expect(!(try xenseed("build", "--help").out).contains("--prove"))
        #expect(!FileManager.default.fileExists(atPath: folder.url("out").path))
    }

    /// `--check-reproducible` works for a build that writes more to standard error than a pipe holds (64 KiB).
    @Test func checksReproducibilityOfALoudBuild() throws {
        let folder = try TemporaryFolder()
        let lab = labText(nodes: 400, release: "bookworm")
            .replacing(": {interfaces:", with: ": {disk: {device: /dev/sda, keep: [/dev/sdb]}, interfaces:")
        try folder.write(lab, to: "lab.yaml")
        #expect(try xenseed("check", in: folder).out.utf8.count > 65_536)
        let ran = try run(
            ["timeout", "300", program, "build", "--check-reproducible"], in: URL(filePath: folder.path))
        #expect(ran.status == 0 && ran.err.hasSuffix("the same bytes and modes in both builds\n"), "\(ran.status)")
    }

    /// The README of the tree has the report URL, with or without a password hash in the lab.
    @Test(arguments: [true, false]) func readmeHasTheReportURL(withPassword: Bool) throws {
        let folder = try TemporaryFolder()
        let lines = labText().replacing("networks:", with: "report_url: http://10.8.0.1:8000/here\nnetworks:")
            .split(separator: "\n").filter { withPassword || !$0.contains("access:") }
        try folder.write(lines.joined(separator: "\n"), to: "lab.yaml")
        #expect(try xenseed("build", in: folder).status == 0)
        let readme = try folder.read("out/README.md")
        #expect(readme.contains("post their progress to http://10.8.0.1:8000/here:"), "\(readme)")
        #expect(readme.contains("contain hashes of passwords") == withPassword)
    }

    @Test func takesTemplatesOfTheUser() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(nodes: 1), to: "lab.yaml")
        try folder.write("# {{made_by}}\nTOOLSTACK={{toolstack}} # mine\n", to: "mine/toolstack")
        #expect(try xenseed("build", "--templates", "mine", in: folder).status == 0)
        #expect(try folder.read("out/nodes/node1/overlay/etc/default/xen").hasSuffix("TOOLSTACK=xl # mine\n"))
        try folder.write("{{toolstak}}\n", to: "mine/toolstack")
        let unknown = try xenseed("build", "--templates", "mine", in: folder)
        #expect(unknown.status == 1 && unknown.err.contains("toolstack:1: nothing is named toolstak"), "\(unknown.err)")
        // Files that the linter would reject are not written.
        try FileManager.default.removeItem(at: folder.url("mine/toolstack"))
        try folder.write("d-i clock-setup/utc boolean yes\n", to: "mine/preseed.cfg")
        let unsound = try xenseed("build", "--templates", "mine", in: folder)
        #expect(unsound.status == 1 && unsound.err.contains("error[X0805]"), "\(unsound.err)")
    }
}
