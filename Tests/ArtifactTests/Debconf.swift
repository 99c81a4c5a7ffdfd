import Foundation
import TestSupport
import Testing

/// Runs Debian's debconf with a separate database.
enum Debconf {
    /// Returns the environment that makes debconf use an empty database in a directory. Concurrent processes that share
    /// the machine's database would fail without a message.
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

    /// Loads preseeds into debconf and returns the values of the given questions, as one dictionary for each preseed.
    ///
    /// One run loads all preseeds: each question gets a prefix with the number of its preseed.
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
        // The exit status is that of the last answer; 1 means that the value is escaped.
        try #require(asked.err.isEmpty, "\(asked.err)")
        var answers = asked.out.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
        try #require(answers.count > questions.joined().count)
        return questions.map { names in
            var values: [String: String] = [:]
            for name in names {
                let answer = answers.removeFirst()
                // The code 1 is an escaped value, 10 an unknown question.
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

/// Replaces each run of spaces by one space and removes a leading one, because the installer and debconf join
/// continued lines with different numbers of spaces.
func squeezed(_ text: String) -> String { text.replacing(#/ +/#, with: " ").trimmingPrefix(" ").description }
