import Build
import Lab
import Preseed

extension NodeContent {
    /// Reads the files of a node.
    /// - Parameters:
    ///   - files: The files that are there.
    ///   - isComplete: Whether a file that is not there is a problem. It is false for an overlay that is inspected alone.
    ///   - showsSecrets: Whether the password hash is shown.
    ///   - left: The number of bytes that overlays may still have when they are unpacked; the overlay's are subtracted.
    init(
        name: String, files: [NodeFile: [UInt8]], isComplete: Bool = true, showsSecrets: Bool,
        unpacking left: inout Int
    ) {
        self.name = name
        preseed = files[.preseed].map(sha256)
        lateCommand = files[.lateCommand].map(sha256)
        overlay = files[.overlay].map(sha256)
        if let bytes = files[.preseed] { read(preseed: bytes, showsSecrets: showsSecrets) }
        if let bytes = files[.overlay] { read(overlay: bytes, unpacking: &left) }
        guard isComplete else { return }
        for file in NodeFile.installing where files[file] == nil { damage.append("\(file.rawValue) is missing") }
        guard let preseed = files[.preseed], let late = files[.lateCommand], files[.overlay] != nil else { return }
        let named = Self.sum(in: String(decoding: preseed, as: UTF8.self), after: "s=")
        let below = Self.sum(in: String(decoding: late, as: UTF8.self), after: "overlay_sum=")
        if named != lateCommand {
            damage.append("the preseed has the digest of another late-command.sh (\(named ?? "none"))")
        }
        if below != overlay {
            damage.append("the late command has the digest of another overlay.tar.gz (\(below ?? "none"))")
        }
        isChained = named == lateCommand && below == overlay
    }

    /// Returns the first SHA-256 that a text assigns to a shell variable.
    private static func sum(in text: String, after assignment: String) -> String? {
        let digits = Set("0123456789abcdef")
        var rest = text[...]
        while let found = rest.firstRange(of: assignment) {
            rest = rest[found.upperBound...]
            let sum = rest.prefix { digits.contains($0) }
            if sum.utf8.count == 64 { return String(sum) }
        }
        return nil
    }

    private mutating func read(preseed bytes: [UInt8], showsSecrets: Bool) {
        // A preseed of xenseed has a few hundred lines, and each line takes time.
        guard bytes.count(where: { $0 == 10 }) <= 5000 else {
            damage.append("preseed.cfg has more than 5000 lines and was not read")
            return
        }
        let text = String(decoding: bytes, as: UTF8.self)
        var report = DiagnosticReport(file: "preseed.cfg", source: text)
        let answers = PreseedFile(text, report: &report).answers
        damage += report.sorted.prefix(20).map { "preseed.cfg: \($0.message)" }
        func answer(_ question: String) -> String? { answers.last { $0.question == question }?.value }
        release = answer("mirror/suite")
        if let mac = answer("netcfg/choose_interface"), mac.contains(":") { macs = [mac] }
        let comment = text.split(separator: "\n").first { $0.hasPrefix("# ERASES ") }
        erases = comment.map { String($0.dropFirst("# ERASES ".count)) } ?? answer("partman-auto/disk")
        if erases?.hasSuffix(".") == true { erases?.removeLast() }
        if let hash = answer("passwd/root-password-crypted"), hash != "*", hash != "!" {
            let method = hash.hasPrefix("$") ? "$\(hash.split(separator: "$").first ?? "")$" : "a"
            password = showsSecrets ? hash : "\(method) hash, hidden"
        }
    }

    /// Reads the MAC addresses from the file that gives the network cards their names: the udev rules or
    /// `etc/xenseed/cards`.
    private mutating func read(overlay bytes: [UInt8], unpacking left: inout Int) {
        let members: [ArchiveEntry]
        let limit = min(256 << 20, left)
        do { members = try ArchiveReader.members(of: bytes, limit: limit, memberLimit: 100_000) } catch {
            // The archive may have been unpacked up to the limit.
            left -= limit
            damage.append("overlay.tar.gz: \(error)")
            return
        }
        for case .file(let content) in members.map(\.kind) { left -= content.count }
        for member in members {
            let path = member.path.description
            guard path.hasSuffix("-persistent-net.rules") || path == "etc/xenseed/cards",
                case .file(let bytes) = member.kind
            else { continue }
            macs = String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
                .compactMap { $0.firstMatch(of: /(?:[0-9a-f]{2}:){5}[0-9a-f]{2}/).map { String($0.0) } }
        }
        // The name of the node is unknown when an overlay is inspected alone.
        for member in members where name.isEmpty && member.path.description == "etc/hostname" {
            guard case .file(let text) = member.kind else { continue }
            name = String(decoding: text.prefix { $0 != 10 && $0 != 46 }, as: UTF8.self)
        }
    }
}
