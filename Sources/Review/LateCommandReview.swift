/// Two late commands of one node.
struct LateCommandReview {
    let changes: [Draft]

    init(_ old: [UInt8], _ new: [UInt8]) {
        let texts = (Text(old).withoutDigests, Text(new).withoutDigests)
        guard texts.0 != texts.1 else {
            changes = []
            return
        }
        let (a, b) = (Self.packages(texts.0), Self.packages(texts.1))
        var changes: [Draft] = []
        for package in a.names.symmetricDifference(b.names).sorted() {
            changes.append(Draft(.live, "package \(package): \(b.names.contains(package) ? "added" : "removed")"))
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

    /// The packages that it installs, and its text without them.
    private static func packages(_ script: [UInt8]) -> (names: Set<String>, rest: [UInt8]) {
        let lines = script.split(separator: 10, omittingEmptySubsequences: false)
        let start = Array("'apt-get -q -y".utf8)
        guard
            let place = lines.firstIndex(where: { line in
                let text = line.drop { $0 == 32 }
                return text.starts(with: Array("in_target ".utf8) + start)
            })
        else { return ([], script) }
        let words = String(decoding: lines[place], as: UTF8.self).split(separator: " ")
        guard let install = words.firstIndex(of: "install") else { return ([], script) }
        let names = words[(install + 1)...].map { $0.hasSuffix("'") ? String($0.dropLast()) : String($0) }
        let rest = lines[..<place] + [Array(words[...install].joined(separator: " ").utf8)[...]] + lines[(place + 1)...]
        return (Set(names), Array(rest.joined(separator: [10])))
    }
}
