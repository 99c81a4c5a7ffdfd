import Lab

/// Two late commands of one node.
struct LateCommandReview {
    let changes: [Draft]

    init(_ old: [UInt8], _ new: [UInt8]) {
        let texts = (Text(old).withoutDigests, Text(new).withoutDigests)
        guard texts.0 != texts.1 else {
            changes = []
            return
        }
        let (a, b) = (Self.parts(of: texts.0), Self.parts(of: texts.1))
        var changes: [Draft] = []
        for package in a.names.symmetricDifference(b.names).sorted() {
            changes.append(Draft(.live, "package \(package): \(b.names.contains(package) ? "added" : "removed")"))
        }
        for (path, old, new) in differing(a.owners, b.owners) {
            changes.append(Draft(.live, words("\(path): owner", old ?? "root:root", new ?? "root:root")))
        }
        // What is left, for who wants to read it.
        if a.rest != b.rest {
            changes.append(
                Draft(
                    .cosmetic, "the late command is another; it counts at the next installation",
                    diff: Text.diff(Text(a.rest), Text(b.rest), "late-command.sh")))
        }
        self.changes = changes
    }

    /// What a late command says of the packages that it installs and of files' owners, and its other lines.
    private struct Parts {
        var names: Set<String> = []
        /// By the files' paths on the node.
        var owners: [String: String] = [:]
        var rest: [UInt8] = []
    }

    private static func parts(of script: [UInt8]) -> Parts {
        var parts = Parts()
        var rest: [ArraySlice<UInt8>] = []
        let install = Array("in_target 'apt-get -q -y".utf8)
        let chown = Array("chown -h ".utf8)
        for line in script.split(separator: 10, omittingEmptySubsequences: false) {
            let text = line.drop { $0 == 32 }
            let words = String(decoding: line, as: UTF8.self).split(separator: " ")
            if text.starts(with: install), let place = words.firstIndex(of: "install") {
                parts.names = Set(
                    words[(place + 1)...].map { $0.hasSuffix("'") ? String($0.dropLast()) : String($0) })
                rest.append(Array(words[...place].joined(separator: " ").utf8)[...])
            } else if text.starts(with: chown), words.count == 4 {
                parts.owners[String(words[3])] = String(words[2])
            } else {
                rest.append(line)
            }
        }
        parts.rest = Array(rest.joined(separator: [10]))
        return parts
    }
}
