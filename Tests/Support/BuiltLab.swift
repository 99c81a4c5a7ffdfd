import Foundation
import Synchronization

/// A lab that was built in its own directory.
public struct BuiltLab: Sendable {
    public let folder: TemporaryFolder
    /// The path of the script for VirtualBox.
    public var virtualBox: URL { folder.url("out/virtualbox/lab") }

    /// - Parameter name: `reference`, or a directory of Tests/ArtifactTests/Labs.
    public init(_ name: String) throws {
        let place = name == "reference" ? checkout : checkout.appending(path: "Tests/ArtifactTests/Labs/\(name)")
        try self.init(file: place.appending(path: "lab.yaml"), folder: try TemporaryFolder())
    }

    /// Returns a lab that is built once and shared by all tests that only read it.
    public static func shared(_ name: String) throws -> BuiltLab {
        try built.withLock { built in
            if let lab = built[name] { return lab }
            let lab = try BuiltLab(name)
            TemporaryFolder.removeAtExit(lab.folder)
            built[name] = lab
            return lab
        }
    }

    private static let built = Mutex<[String: BuiltLab]>([:])

    public init(text: String) throws {
        let folder = try TemporaryFolder()
        try Data(text.utf8).write(to: folder.url("lab.yaml"))
        try self.init(file: folder.url("lab.yaml"), folder: folder)
    }

    private init(file: URL, folder: TemporaryFolder) throws {
        self.folder = folder
        let built = try run([
            checkout.appending(path: ".build/debug/xenseed").path, "build", file.path, "--output",
            folder.url("out").path,
        ])
        guard built.status == 0 else { throw NotBuilt(said: built.err) }
    }

    struct NotBuilt: Error { var said: String }

    /// Returns a lab of one node, which has one interface in the LAN and the additional lines in `node`.
    public static func text(node: String, defaults: String = "", networks: String = "") -> String {
        """
        release: bookworm
        domain: hl.local
        networks:
          lan: {subnet: 10.8.0.0/16, dhcp: true}
        \(networks)
        defaults:
          cpus: 2
          memory: 4 GiB
          access: {root_password: "$6$saltsalt$\(String(repeating: "x", count: 86))"}
        \(defaults)
        nodes:
          xen01:
            interfaces:
              eth0: {mac: "08:00:27:00:00:01", network: lan}
        \(node)

        """
    }
}
