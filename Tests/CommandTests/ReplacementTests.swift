import Foundation
import TestSupport
import Testing

/// If xenseed is killed while it writes a file for the user, the old file or the complete new file is there.
@Suite(.timeLimit(.minutes(15)))
struct ReplacementTests {
    /// The system calls that write a file and give it its name.
    private static let calls = ["write", "fchmod", "chmod", "syncfs", "rename", "renameat2", "fsync"]

    /// Runs a command repeatedly. For each system call, the first run is killed at the first invocation, the second run at the
    /// second, and so on, until a run is not killed.
    /// - Parameters:
    ///   - calls: the names of the system calls.
    ///   - check: checks the files after each run; gets the number of the run, from 1, and whether the command was
    ///     killed.
    /// - Returns: how often the command was killed at each of the calls.
    private func killed(
        at calls: [String], in folder: TemporaryFolder, _ arguments: (Int) -> [String],
        check: (_ run: Int, _ isKilled: Bool) throws -> Void
    ) throws -> [String: Int] {
        var kills: [String: Int] = [:]
        var number = 0
        for call in calls {
            for index in 1...60 {
                number += 1
                let ran = try run(
                    [
                        "timeout", "60", "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(call)", "-e",
                        "inject=\(call):signal=SIGKILL:when=\(index)", program,
                    ] + arguments(number), in: URL(filePath: folder.path))
                // strace ends with the signal that killed the program.
                let isKilled = ran.status != 0
                if isKilled { try #require(ran.err.isEmpty || !ran.err.contains("strace"), "\(ran)") }
                try check(number, isKilled)
                if !isKilled { break }
                kills[call] = index
                if index == 60 { Issue.record("still killed at the 60th \(call)") }
            }
        }
        return kills
    }

    @Test(.timeLimit(.minutes(10))) func aNewLabIsWholeOrNotThere() throws {
        let folder = try TemporaryFolder()
        try #require(try xenseed("init", "whole", in: folder).status == 0)
        let names = ["lab.yaml", "lab.schema.json", ".gitignore"]
        let whole = try names.map { try folder.read("whole/\($0)") }
        var withLab = 0
        let kills = try killed(at: Self.calls, in: folder) {
            ["init", "lab\($0)"]
        } check: { index, isKilled in
            for (name, text) in zip(names, whole) {
                guard FileManager.default.fileExists(atPath: folder.url("lab\(index)/\(name)").path) else {
                    #expect(isKilled)
                    continue
                }
                #expect(try folder.read("lab\(index)/\(name)") == text, "\(name), run \(index)")
                if name == "lab.yaml", isKilled { withLab += 1 }
            }
            // The leftovers of a killed run do not prevent another run from writing the lab.
            if isKilled, !FileManager.default.fileExists(atPath: folder.url("lab\(index)/lab.yaml").path) {
                try #require(try xenseed("init", "lab\(index)", in: folder).status == 0)
                let left = try FileManager.default.contentsOfDirectory(atPath: folder.url("lab\(index)").path)
                #expect(left.sorted() == names.sorted())
            }
        }
        // Some kills came before the lab got its name, some after.
        #expect(withLab > 0 && withLab < kills.values.reduce(0, +), "\(withLab) of \(kills)")
    }

    /// If another process creates a file with the same name while `init` writes its own, the other file is kept.
    @Test(.timeLimit(.minutes(5))) func aFileThatAppearsMeanwhileStays() throws {
        let folder = try TemporaryFolder()
        // strace stops the program when lab.yaml is complete but does not have its name yet.
        let ran = try run(
            [
                "timeout", "60", "sh", "-euc",
                """
                strace -f -qq -o /dev/null -e trace=syncfs -e inject=syncfs:signal=SIGSTOP:when=1 "$0" init lab &
                until [ -e lab/.lab.yaml.xenseed ]; do kill -0 $!; sleep 0.05; done
                echo mine >lab/lab.yaml
                while kill -0 $! 2>/dev/null; do
                    kill -CONT $(cat /proc/$!/task/$!/children) 2>/dev/null || true
                    sleep 0.05
                done
                wait $!
                """, program,
            ], in: URL(filePath: folder.path))
        #expect(ran.status == 3 && ran.err == "xenseed: lab/lab.yaml is there already\n", "\(ran)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url("lab").path) == ["lab.yaml"])
        #expect(try folder.read("lab/lab.yaml") == "mine\n")
    }

    /// The installer's files always belong to one archive, and to their list of digests.
    @Test(.timeLimit(.minutes(15))) func anInstallerIsTheOldOrTheNewOne() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            labText(nodes: 1, release: "bookworm").replacing(
                "networks:", with: "boot_server: {address: 10.8.0.1, port: 8000}\nnetworks:"), to: "lab.yaml")
        for mark in ["old", "new"] { try TreeTests.archive(mark, size: 4096, files: 6, in: folder) }
        func netboot(_ mark: String) -> [String] { ["netboot", "--archive", "\(mark).tar"] }
        try #require(run([program] + netboot("old"), in: URL(filePath: folder.path)).status == 0)
        var seen: Set<String> = []
        let kills = try killed(at: ["rename", "syncfs", "renameat2", "fsync"], in: folder) { _ in
            netboot("new")
        } check: { index, isKilled in
            let amd64 = "out/pxe/tftp/debian-installer/amd64"
            let marks = try Set(
                ["linux", "initrd.gz", "pxelinux.0", "extra1", "extra6"].map {
                    String(try folder.read("\(amd64)/\($0)").prefix(3))
                })
            #expect(marks.count == 1, "run \(index): \(marks)")
            let list = try run(["sha256sum", "--check", "pxe/installer.sha256"], in: folder.url("out"))
            #expect(list.status == 0 && list.out.split(separator: "\n").count == 10, "run \(index): \(list)")
            let tree = try run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], in: folder.url("out"))
            #expect(tree.status == 0, "run \(index): \(tree)")
            seen.formUnion(marks)
            if !isKilled { #expect(marks == ["new"]) }
            // The next run begins with the old installer again.
            try #require(run([program] + netboot("old"), in: URL(filePath: folder.path)).status == 0)
        }
        // Ten files are moved; then come the exchange and what surrounds it.
        #expect(
            kills == ["rename": 10, "syncfs": 1, "renameat2": 1, "fsync": 1] && seen == ["old", "new"], "\(kills)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.sorted() == ["lab.yaml", "new.tar", "old.tar", "out"])
    }

    @Test(.timeLimit(.minutes(15))) func anImageIsTheOldOrTheNewOne() throws {
        let folder = try TemporaryFolder()
        let source = try SourceImage("mini")
        let iso = ["iso", "--from", source.path, "--output", "lab.iso"]
        var images: [Data] = []
        for memory in ["2 GiB", "3 GiB"] {
            try folder.write(labText(release: "bookworm", memory: memory), to: "lab.yaml")
            try #require(try run([program] + iso, in: URL(filePath: folder.path)).status == 0)
            images.append(try Data(contentsOf: folder.url("lab.iso")))
        }
        try #require(images[0] != images[1])
        var seen: Set<Int> = []
        let kills = try killed(at: ["chmod", "syncfs", "rename", "fsync"], in: folder) { _ in
            // Restores the first image, as xenseed wrote it.
            try! images[0].write(to: folder.url("lab.iso"))
            return iso
        } check: { index, isKilled in
            let left = try Data(contentsOf: folder.url("lab.iso"))
            let found = try #require(images.firstIndex(of: left), "run \(index)")
            seen.insert(found)
            if !isKilled { #expect(found == 1) }
        }
        #expect(kills.keys.sorted() == ["chmod", "fsync", "rename", "syncfs"] && seen == [0, 1], "\(kills)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.sorted() == ["lab.iso", "lab.yaml"])
    }
}
