import Foundation
import TestSupport
import Testing

/// A built lab with its own state directory. Its machines are destroyed when the object is deallocated.
final class QEMULab {
    let folder: TemporaryFolder
    var script: URL { folder.url("out/qemu/lab") }
    var state: URL { folder.url("state") }
    /// Variables that are added to the environment of the test.
    var environment: [String: String] = ["XENSEED_STATE": ""]

    /// - Parameter name: `reference`, or a directory of Tests/ArtifactTests/Labs.
    init(_ name: String) throws {
        let place = name == "reference" ? checkout : checkout.appending(path: "Tests/ArtifactTests/Labs/\(name)")
        folder = try TemporaryFolder()
        try build(place.appending(path: "lab.yaml"))
    }

    init(text: String) throws {
        folder = try TemporaryFolder()
        try Data(text.utf8).write(to: folder.url("lab.yaml"))
        try build(folder.url("lab.yaml"))
    }

    /// A lab with two connected nodes and little memory.
    static let pair = """
        release: bookworm
        domain: hl.local
        networks:
          lan: {subnet: 10.8.8.0/24, dhcp: true}
          drbd: {subnet: 172.16.22.0/24}
        boot_server: {address: 10.8.8.1, port: 8000}
        defaults:
          cpus: 1
          memory: 1 GiB
          dom0: {memory: 512 MiB}
          access: {root_password: "$6$saltsalt$\(String(repeating: "x", count: 86))"}
        nodes:
          xen01:
            serial: A-1
            console: ttyS0,115200
            interfaces:
              eth0: {mac: "08:00:27:16:22:13", network: drbd, address: 172.16.22.13}
              eth1: {mac: "08:00:27:08:08:13", network: lan, address: 10.8.8.13}
          xen02:
            interfaces:
              eth0: {mac: "08:00:27:16:22:14", network: drbd, address: 172.16.22.14}
              eth1: {mac: "08:00:27:08:08:14", network: lan, address: 10.8.8.14}

        """

    private func build(_ file: URL) throws {
        let built = try run([
            checkout.appending(path: ".build/debug/xenseed").path, "build", file.path, "--output",
            folder.url("out").path,
        ])
        try #require(built.status == 0, "\(built.err)")
    }

    /// Runs the script with a time limit in seconds, after which it is killed.
    func lab(_ words: [String], shell: [String] = [], input: String = "", limit seconds: Int = 120) throws -> Ran {
        try run(
            ["timeout", "-s", "KILL", "\(seconds)"] + shell + [script.path] + words + ["--state", state.path],
            input: Data(input.utf8), environment: environment)
    }

    /// Runs the script, which must succeed.
    @discardableResult func done(
        _ words: String..., shell: [String] = [], input: String = "", location: SourceLocation = #_sourceLocation
    ) throws -> Ran {
        let ran = try lab(words, shell: shell, input: input)
        #expect(ran.status == 0, "\(words): \(ran.err)", sourceLocation: location)
        return ran
    }

    /// Returns the commands that `up` would run, one in each line. The state directory is shown as `/state`, the output
    /// directory as `/out`.
    func printed(_ words: String...) throws -> String {
        let ran = try lab(["up", "--accel", "tcg", "--print"] + words)
        #expect(ran.status == 0, "\(ran.err)")
        #expect(!FileManager.default.fileExists(atPath: state.path))
        return ran.out.replacing(state.path, with: "/state").replacing(folder.url("out").path, with: "/out")
    }

    func place(_ node: String, _ name: String) -> URL { state.appending(path: "nodes/\(node)/\(name)") }

    func pid(_ node: String) throws -> Int32 {
        let text = try String(contentsOf: place(node, "pid"), encoding: .utf8)
        return try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    /// Starts a program in the lab's directory, in the background.
    /// - Returns: its process ID.
    func start(_ words: [String]) throws -> Int32 {
        let ran = try run(
            ["sh", "-c", "\"$@\" >&2 & echo $!", "sh"] + words, in: URL(filePath: folder.path))
        return try #require(Int32(ran.out.trimmingCharacters(in: .newlines)))
    }

    /// Returns the command line of a process; empty if it has ended, even if no parent has waited for it.
    func commandLine(of process: Int32) -> Data {
        (try? Data(contentsOf: URL(filePath: "/proc/\(process)/cmdline"))) ?? Data()
    }

    /// Waits until no node is running, for at most one minute.
    func waitUntilOff() throws {
        for _ in 0..<600 where try lab(["status"]).out.contains("running") { Thread.sleep(forTimeInterval: 0.1) }
    }

    /// Creates the lab's netboot files: Debian 12's kernel for amd64, and an initrd that runs a script and contains
    /// busybox and the driver of the network cards.
    func makeNetboot(init script: String) throws {
        let debian = "/usr/lib/debian-installer/images/12/amd64/text/debian-installer/amd64"
        let made = try run(
            [
                "sh", "-euc",
                """
                mkdir -p root/bin root/proc root/sys
                cp "$(command -v busybox)" root/bin
                ln -s busybox root/bin/sh
                bsdtar -xOf "$1/initrd.gz" '*/e1000.ko' > root/e1000.ko
                printf %s "$2" > root/init
                chmod +x root/init
                cp "$1/linux" "$3"
                bsdtar -czf "$3/initrd.gz" --format newc -C root .
                """, "sh", debian, script, folder.url("out/pxe/tftp/debian-installer/amd64").path,
            ], in: URL(filePath: folder.path))
        try #require(made.status == 0, "\(made.err)")
    }

    /// Writes the first sector of an existing disk.
    func write(_ sector: [UInt8], on disk: String, of node: String) throws {
        let file = folder.url("sector")
        try Data(sector).write(to: file)
        let wrote = try run([
            "qemu-io", "-f", "qcow2", "-c", "write -s \(file.path) 0 512", place(node, disk + ".qcow2").path,
        ])
        try #require(wrote.status == 0, "\(wrote.out)\(wrote.err)")
    }

    /// Waits until a node has written a text to its serial port, for at most one minute.
    func waitFor(_ text: String, from node: String, location: SourceLocation = #_sourceLocation) throws {
        var log = ""
        for _ in 0..<600 {
            log = String(decoding: (try? Data(contentsOf: place(node, "serial.log"))) ?? Data(), as: UTF8.self)
            if log.contains(text) { return }
            Thread.sleep(forTimeInterval: 0.1)
        }
        try #require(Bool(false), "\(node) never wrote \(text): \(log.suffix(2000))", sourceLocation: location)
    }

    /// Creates a CD from which nothing boots, for machines with empty disks.
    func blankDisc() throws -> String {
        let file = folder.url("blank.iso")
        try Data(count: 1 << 20).write(to: file)
        return file.path
    }

    /// Adds a program that is found before others of the same name in PATH.
    func putInFront(_ name: String, _ script: String) throws {
        let bin = folder.url("bin")
        try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
        try Data(script.utf8).write(to: bin.appending(path: name))
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: bin.appending(path: name).path)
        environment["PATH"] = "\(bin.path):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")"
    }

    deinit { _ = try? lab(["destroy", "--yes"]) }
}
