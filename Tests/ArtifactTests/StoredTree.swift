import Foundation
import Lab
import TestSupport

/// The files of an output tree as text, without values that are derived from other files of the tree.
///
/// - A correct digest or size of a file in the tree is replaced by the file's name: `{sha256 of PATH}`. The bytes of an
///   archive depend on the library that packed it, and its digest would change wherever it is quoted.
/// - Archives are omitted: their members are in the tree as well, and `overlay.mtree` has owners and modes.
/// - SHA256SUMS is omitted: `sumsHold` computes it from the tree.
/// - A binary file is replaced by its size and digest.
/// - Modes and link targets are in an additional text, `files`: one for each node, and one for the paths of no node.
struct StoredTree {
    /// A path without the node's name, so that nodes and labs can be compared, and the index of the node.
    struct Place: Hashable {
        /// The path with `*` for the node's name, or for the MAC address in the name of its boot file.
        var pattern: String
        var node: Int?
    }
    struct File {
        var path: String
        var text: [UInt8]
    }

    private(set) var files: [Place: File] = [:]

    /// - Parameters:
    ///   - root: the directory of the tree; only files that SHA256SUMS lists are read.
    ///   - keepsModes: whether to keep the permissions that `xenseed build` set; in a checkout, only the executable bit
    ///     is preserved.
    init(_ root: URL, of lab: Lab, keepsModes: Bool = true) throws {
        let manifest = try Manifest(root)
        let names = try DigestNames(root, manifest)
        var listings: [Int?: String] = [:]
        for path in (manifest.files.map(\.path) + manifest.links).sorted() {
            let place = Self.place(of: path, in: lab)
            let full = root.appending(path: path).path
            let shown = place.node.map { path.hasPrefix("nodes/\(lab.nodes[$0].name)/") } == true
            let listed = shown ? String(path.split(separator: "/", maxSplits: 2)[2]) : path
            let listing = shown ? place.node : nil
            if manifest.links.contains(path) {
                let target = try FileManager.default.destinationOfSymbolicLink(atPath: full)
                listings[listing, default: ""] += "link \(listed) -> \(target)\n"
                continue
            }
            let mode = try FileManager.default.attributesOfItem(atPath: full)[.posixPermissions] as? Int ?? 0
            let permissions = keepsModes ? mode : mode & 0o100 != 0 ? 0o755 : 0o644
            listings[listing, default: ""] += "\(String(permissions, radix: 8)) \(listed)\n"
            if path.hasSuffix(".gz") { continue }
            let bytes = [UInt8](try Data(contentsOf: root.appending(path: path)))
            let text = names.replaceDigests(in: bytes, of: path)
            files[place] = File(path: path, text: text)
        }
        for (node, text) in listings {
            let path = node.map { "nodes/\(lab.nodes[$0].name)/files" } ?? "files"
            files[Self.place(of: path, in: lab)] = File(path: path, text: Array(text.utf8))
        }
    }

    private static func place(of path: String, in lab: Lab) -> Place {
        let parts = path.split(separator: "/", maxSplits: 2)
        for (index, node) in lab.nodes.enumerated() {
            if parts.count == 3, parts[0] == "nodes", parts[1] == "\(node.name)" {
                return Place(pattern: "nodes/*/\(parts[2])", node: index)
            }
            if path == "libvirt/nodes/\(node.name).xml" { return Place(pattern: "libvirt/nodes/*.xml", node: index) }
            let mac = node.installMAC.dashed
            if path.hasPrefix("pxe/"), path.contains(mac) {
                return Place(pattern: path.replacing(mac, with: "*"), node: index)
            }
        }
        return Place(pattern: path)
    }
}

/// The files and links that SHA256SUMS of a tree lists.
struct Manifest {
    var files: [(digest: String, path: String)] = []
    var links: [String] = []

    init(_ root: URL) throws {
        for line in try String(contentsOf: root.appending(path: "SHA256SUMS"), encoding: .utf8).split(separator: "\n") {
            if line.hasPrefix("# link ") {
                links.append(String(line.dropFirst(7)))
            } else if !line.hasPrefix("#") {
                files.append((String(line.prefix(64)), String(line.dropFirst(66))))
            }
        }
    }
}

/// Maps the digests of a tree's files to the files' names.
private struct DigestNames {
    private var paths: [String: [String]] = [:]
    private var sizes: [String: Int] = [:]

    init(_ root: URL, _ manifest: Manifest) throws {
        for (digest, path) in manifest.files {
            paths[digest, default: []].append(path)
            sizes[digest] =
                try FileManager.default.attributesOfItem(atPath: root.appending(path: path).path)[.size] as? Int
        }
        let preseeds = manifest.files.map(\.path).filter { $0.hasSuffix("/preseed.cfg") }
        for line in try tool(["md5sum"] + preseeds, in: root).out.split(separator: "\n") {
            paths[String(line.prefix(32)), default: []].append(String(line.dropFirst(34)))
        }
    }

    /// - Parameter path: the path of the file that contains `bytes`; files of the same node are named relative to its
    ///   directory.
    func replaceDigests(in bytes: [UInt8], of path: String) -> [UInt8] {
        guard isText(bytes) else {
            let digest = paths.first { $0.key.utf8.count == 64 && $0.value.contains(path) }?.key ?? "unknown"
            return Array("binary, \(bytes.count) bytes, sha256 \(digest)\n".utf8)
        }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var start = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count, isHexDigit(bytes[end]) { end += 1 }
            let length = end - start
            if length == 64 || length == 32, let name = name(String(decoding: bytes[start..<end], as: UTF8.self), path)
            {
                let size = " size=\(sizes[String(decoding: bytes[start..<end], as: UTF8.self)] ?? -1) sha256digest="
                if text.suffix(size.utf8.count).elementsEqual(size.utf8) {
                    text.removeLast(size.utf8.count)
                    text += " {size and sha256 of \(name)}".utf8
                } else {
                    text += "{\(length == 64 ? "sha256" : "md5") of \(name)}".utf8
                }
            } else {
                text += bytes[start..<end]
            }
            if end < bytes.count { text.append(bytes[end]) }
            start = end + 1
        }
        return text
    }

    private func name(_ digest: String, _ path: String) -> String? {
        guard let found = paths[digest] else { return nil }
        let parts = path.split(separator: "/", maxSplits: 2)
        if parts[0] == "nodes" {
            let own = "nodes/\(parts[1])/"
            if let path = found.first(where: { $0.hasPrefix(own) }) { return String(path.dropFirst(own.count)) }
        }
        return found.first
    }

    private func isHexDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) }

    private func isText(_ bytes: [UInt8]) -> Bool {
        !bytes.contains(0) && String(validating: bytes, as: UTF8.self) != nil
    }
}
