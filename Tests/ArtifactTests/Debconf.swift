import Foundation
import TestSupport
import Testing

/// Debian's own debconf, with a database of its own.
enum Debconf {
    /// What makes debconf use an empty database in a folder; several at once on one of the machine's would fail without a word.
    static func database(in folder: TemporaryFolder) throws -> [String: String] {
        try Data(
            """
            Config: config
            Templates: templates

            Name: config
            Driver: File
            Filename: \(folder.path)/config.dat

            Name: templates
            Driver: File
            Filename: \(folder.path)/templates.dat
            """.utf8
        ).write(to: folder.url("debconf.conf"))
        return ["DEBCONF_SYSTEMRC": folder.url("debconf.conf").path, "DEBIAN_FRONTEND": "noninteractive"]
    }

    /// What debconf holds after loading preseeds, by question; one dictionary for each.
    ///
    /// All go through one run: the questions of each get a prefix, the rest of their lines stays.
    static func values(_ preseeds: [String], questions: [[String]]) throws -> [[String: String]] {
        let folder = try TemporaryFolder()
        let environment = try database(in: folder)
        let all = preseeds.enumerated().map { prefixed($1, with: "p\($0)/") }.joined()
        let loaded = try tool(["debconf-set-selections"], input: all, environment: environment)
        try #require(loaded.status == 0 && loaded.err.isEmpty, "\(loaded.err)")
        var commands = "CAPB escape\n"
        for (index, names) in questions.enumerated() {
            for name in names { commands += "GET p\(index)/\(name)\n" }
        }
        let asked = try tool(["debconf-communicate", "xenseed"], input: commands, environment: environment)
        // Its exit status is that of the last answer, and 1 says that a value is escaped.
        try #require(asked.err.isEmpty, "\(asked.err)")
        var answers = asked.out.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
        try #require(answers.count > questions.joined().count)
        return questions.map { names in
            var values: [String: String] = [:]
            for name in names {
                let answer = answers.removeFirst()
                // 1 is an escaped value, 10 an unknown question.
                if answer.hasPrefix("1 ") { values[name] = unescaped(answer.dropFirst(2)) }
            }
            return values
        }
    }

    private static func prefixed(_ preseed: String, with prefix: String) -> String {
        var continues = false
        var out = ""
        for line in preseed.split(separator: "\n", omittingEmptySubsequences: false) {
            let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
            if !continues, !line.hasPrefix("#"), words.count > 1 {
                out += "\(words[0]) \(prefix)\(words[1...].joined(separator: " "))\n"
            } else {
                out += "\(line)\n"
            }
            continues = line.hasSuffix("\\")
        }
        return out
    }

    private static func unescaped(_ text: Substring) -> String {
        var out = ""
        var rest = text
        while let character = rest.popFirst() {
            if character == "\\", let next = rest.popFirst() {
                out.append(next == "n" ? "\n" : next)
            } else {
                out.append(character)
            }
        }
        return out
    }
}

/// The installer and debconf join lines with different amounts of blanks.
func squeezed(_ text: String) -> String { text.replacing(#/ +/#, with: " ").trimmingPrefix(" ").description }
