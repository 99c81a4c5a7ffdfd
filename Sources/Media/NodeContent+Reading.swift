import Archive
import Diagnostics
import Lab
import Output
import Preseed

/// The three files that install one node, as far as they are there.
struct NodeFiles {
    var preseed: [UInt8]?
    var lateCommand: [UInt8]?
    var overlay: [UInt8]?
    /// Beside its late command, whose sums others check: of an overlay alone nothing else is asked.
    var isWhole = true
}

extension NodeContent {
    /// - Parameter showsSecrets: whether to keep the password's hash.
    init(name: String, files: NodeFiles, showsSecrets: Bool) {
        self.name = name
        preseed = files.preseed.map(sha256)
        lateCommand = files.lateCommand.map(sha256)
        overlay = files.overlay.map(sha256)
        if let bytes = files.preseed { read(preseed: bytes, showsSecrets: showsSecrets) }
        if let bytes = files.overlay { read(overlay: bytes) }
        guard files.isWhole else { return }
        for (file, isThere) in [
            ("preseed.cfg", preseed != nil), ("late-command.sh", lateCommand != nil),
            ("overlay.tar.gz", overlay != nil),
        ] where !isThere { damage.append("\(file) is missing") }
        guard let preseed = files.preseed, let late = files.lateCommand, files.overlay != nil else { return }
        let named = Self.sum(in: String(decoding: preseed, as: UTF8.self), behind: "s=")
        let below = Self.sum(in: String(decoding: late, as: UTF8.self), behind: "overlay_sum=")
        if named != lateCommand { damage.append("the preseed names another late-command.sh (\(named ?? "none"))") }
        if below != overlay { damage.append("the late command names another overlay.tar.gz (\(below ?? "none"))") }
        isChained = named == lateCommand && below == overlay
    }

    /// The first SHA-256 that is assigned to a shell variable.
    private static func sum(in text: String, behind assignment: String) -> String? {
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
        let text = String(decoding: bytes, as: UTF8.self)
        var report = Report(file: "preseed.cfg", source: text)
        let answers = PreseedFile(text, report: &report).answers
        damage += report.sorted.map { "preseed.cfg: \($0.message)" }
        func answer(_ question: String) -> String? { answers.last { $0.question == question }?.value }
        release = answer("mirror/suite")
        if let mac = answer("netcfg/choose_interface"), mac.contains(":") { macs = [mac] }
        let said = text.split(separator: "\n").first { $0.hasPrefix("# ERASES ") }
        erases = said.map { String($0.dropFirst("# ERASES ".count)) } ?? answer("partman-auto/disk")
        if erases?.hasSuffix(".") == true { erases?.removeLast() }
        if let hash = answer("passwd/root-password-crypted"), hash != "*", hash != "!" {
            let method = hash.hasPrefix("$") ? "$\(hash.split(separator: "$").first ?? "")$" : "a"
            password = showsSecrets ? hash : "\(method) hash, hidden"
        }
    }

    /// Every NIC of the node is named in the file that gives the NICs their names: udev's rules or `etc/xenseed/cards`.
    private mutating func read(overlay bytes: [UInt8]) {
        let members: [ArchiveEntry]
        do { members = try ArchiveReader.members(of: bytes, limit: 256 << 20) } catch {
            damage.append("overlay.tar.gz: \(error)")
            return
        }
        for member in members {
            let path = member.path.description
            guard path.hasSuffix("-persistent-net.rules") || path == "etc/xenseed/cards",
                case .file(let bytes) = member.kind
            else { continue }
            macs = String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
                .compactMap { $0.firstMatch(of: /(?:[0-9a-f]{2}:){5}[0-9a-f]{2}/).map { String($0.0) } }
        }
        // An overlay alone says itself whose it is.
        for member in members where name.isEmpty && member.path.description == "etc/hostname" {
            guard case .file(let text) = member.kind else { continue }
            name = String(decoding: text.prefix { $0 != 10 && $0 != 46 }, as: UTF8.self)
        }
    }
}
