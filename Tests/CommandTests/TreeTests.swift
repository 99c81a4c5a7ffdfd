import Foundation
import TestSupport
import Testing

/// The output folder is whole at any moment, and belongs to its user.
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
        try folder.write("mine", to: "out/README.md")
        let ran = try xenseed("build", in: folder)
        #expect(ran.status == 3 && ran.err.contains("out/README.md was not written by xenseed"), "\(ran.err)")
        #expect(try folder.read("out/README.md") == "mine")
        try folder.write("0  someone's\n", to: "out/SHA256SUMS")
        #expect(try xenseed("build", in: folder).err.contains("out/SHA256SUMS was not written by xenseed"))
    }

    /// A node's boot file is removed when the node is installed; the next build brings it back, and nothing else changes.
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
        // Whatever the umask says.
        let ran = try run(["sh", "-c", "umask 0; exec \"$1\" build", "sh", program], in: URL(filePath: folder.path))
        #expect(ran.status == 0, "\(ran.err)")
        let found = try run(
            ["sh", "-c", "grep -rl saltsalt out | xargs stat -c '%a %n'"], in: URL(filePath: folder.path)
        ).out
        #expect(found == "640 out/nodes/node1/preseed.cfg\n")
        let open = try run(
            ["sh", "-c", "find out -type f -perm 644 | wc -l; find out -type d ! -perm 755"],
            in: URL(filePath: folder.path)
        ).out
        #expect(open == "21\n", "\(open)")
    }

    @Test func keepsTheGroupOfAWebServer() throws {
        let folder = try TemporaryFolder()
        try folder.write(labText(nodes: 1), to: "lab.yaml")
        _ = try xenseed("build", in: folder)
        // As the README says.
        let given = try run(
            ["sh", "-c", "chgrp -R www-data out && chmod g+s out out/nodes out/nodes/*"], in: URL(filePath: folder.path)
        )
        #expect(given.status == 0, "\(given.err)")
        try folder.write(labText(nodes: 2, memory: "3 GiB"), to: "lab.yaml")
        _ = try xenseed("build", in: folder)
        // The node that was there, and the one that is new.
        for node in ["node1", "node2"] {
            let preseed = folder.url("out/nodes/\(node)/preseed.cfg").path
            #expect(try run(["stat", "-c", "%a %G", preseed]).out == "640 www-data\n", "\(node)")
        }
    }

    /// Killed at any moment, the tree is the old one or the new one, to the last byte.
    @Test func survivesBeingKilled() async throws {
        let folder = try TemporaryFolder()
        let labs = ["2 GiB", "3 GiB"].map { labText(nodes: 20, memory: $0) }
        var trees: [String] = []
        for lab in labs {
            try folder.write(lab, to: "lab.yaml")
            _ = try xenseed("build", in: folder)
            trees.append(try folder.snapshot("out"))
        }
        // How long a whole build takes here, only to spread the kills over it.
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
        // The next run clears up and goes through.
        #expect(try xenseed("build", in: folder).status == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["lab.yaml", "out"])
    }

    /// Needs root, for a small file system of its own.
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

    /// A build that writes more than a pipe holds (64 KiB) to standard error: a warning for each node.
    @Test func checksReproducibilityOfALoudBuild() throws {
        let folder = try TemporaryFolder()
        let lab = labText(nodes: 400, release: "bookworm")
            .replacing("  cpus: 2\n", with: "  cpus: 2\n  disk: {device: /dev/sda, keep: [/dev/sdb]}\n")
        try folder.write(lab, to: "lab.yaml")
        #expect(try xenseed("check", in: folder).out.utf8.count > 65_536)
        let ran = try run(
            ["timeout", "300", program, "build", "--check-reproducible"], in: URL(filePath: folder.path))
        #expect(ran.status == 0 && ran.err.hasSuffix("the same bytes and modes in both builds\n"), "\(ran.status)")
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
        // It never emits what it would reject.
        try FileManager.default.removeItem(at: folder.url("mine/toolstack"))
        try folder.write("d-i clock-setup/utc boolean yes\n", to: "mine/preseed.cfg")
        let unsound = try xenseed("build", "--templates", "mine", in: folder)
        #expect(unsound.status == 1 && unsound.err.contains("error[X0805]"), "\(unsound.err)")
    }
}
