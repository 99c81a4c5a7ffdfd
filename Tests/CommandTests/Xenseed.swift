import Foundation
import TestSupport
import Testing

/// The path of the program, which `make test` builds.
let program = checkout.appending(path: ".build/debug/xenseed").path

func xenseed(_ words: String..., input: String = "", in folder: TemporaryFolder? = nil) throws -> Ran {
    try run([program] + words, input: Data(input.utf8), in: folder.map { URL(filePath: $0.path) })
}

/// Returns a lab of `count` nodes in one network, with a root password.
func labText(nodes count: Int = 2, release: String = "jessie", memory: String = "2 GiB") -> String {
    var text = """
        release: \(release)
        domain: hl.local
        networks: {lan: {subnet: 10.8.0.0/16, dhcp: true}}
        defaults:
          cpus: 2
          memory: \(memory)
          bridges: {xenbr0: {network: lan}}
          access: {root_password: "$6$saltsalt$\(String(repeating: "x", count: 86))"}
        nodes:

        """
    for index in 1...count {
        let mac = String(format: "08:00:27:00:%02x:%02x", index / 256, index % 256)
        text += "  node\(index): {interfaces: {eth0: {mac: \"\(mac)\", bridge: xenbr0}}}\n"
    }
    return text
}

/// Runs the program with hostile input.
/// - Returns: its result, and the largest resident memory of the program or of a program that it ran, in MiB.
/// - Throws: if it takes longer than the time. It can't get more than 4 GiB of addresses.
func measured(_ words: [String], in folder: TemporaryFolder, seconds: Int = 60) throws -> (ran: Ran, peak: Int) {
    let script = """
        import resource, subprocess, sys
        status = subprocess.call(
            sys.argv[2:], preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30)))
        open(sys.argv[1], "w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10))
        sys.exit(status if status >= 0 else 128 - status)
        """
    let other = try TemporaryFolder()
    let peak = other.url("peak").path
    let ran = try run(
        ["python3", "-c", script, peak, program] + words, in: URL(filePath: folder.path), seconds: seconds)
    return (ran, try #require(Int(try other.read("peak"))))
}

extension TemporaryFolder {
    func write(_ text: String, to name: String) throws {
        let url = url(name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    func read(_ name: String) throws -> String { try String(contentsOf: url(name), encoding: .utf8) }

    /// Returns paths, modes, link targets and digests of everything below a directory, as text.
    func snapshot(_ name: String) throws -> String {
        try run([
            "sh", "-c",
            "cd \"$1\" && find . -printf '%p %m %l\\n' | sort && find . -type f -exec sha256sum {} + | sort",
            "sh", url(name).path,
        ]).out
    }
}

/// Debian's netboot archive as on its mirrors, from the package debian-installer-12-netboot-amd64.
enum NetbootArchive {
    static let image = "/usr/lib/debian-installer/images/12/amd64/text"
    private static let packed = Result {
        let folder = try TemporaryFolder.untilExit()
        let ran = try run(
            [
                "tar", "--create", "--use-compress-program=gzip -1", "--file=netboot.tar.gz", "--directory=\(image)",
                ".",
            ], in: URL(filePath: folder.path))
        try #require(ran.status == 0, "\(ran.err)")
        return folder.url("netboot.tar.gz")
    }

    /// Places a copy of the archive in a directory.
    static func place(in folder: TemporaryFolder) throws {
        try FileManager.default.copyItem(at: try packed.get(), to: folder.url("netboot.tar.gz"))
    }
}
