import Foundation
import Lab
import Preseed
import TestSupport
import Testing

/// Checks the syntax of every generated script with the shells that run it and with shellcheck.
@Suite(.timeLimit(.minutes(15)))
struct ScriptTests {
    @Test(arguments: LabCase.all)
    func shellsReadThem(_ lab: LabCase) async throws {
        let tree = try await lab.tree()
        let folder = try TemporaryFolder()
        let ran = try shell(
            """
            code=0
            for file in "$@"; do
                dash -n "$file" || code=1
                busybox ash -n "$file" || code=1
            done
            exit $code
            """, try scripts(tree, tree.lab.nodes, in: URL(filePath: folder.path)), needs: ["dash", "busybox"])
        #expect(ran.status == 0 && ran.out.isEmpty && ran.err.isEmpty, "\(ran.out)\(ran.err)")
    }

    /// Scripts that differ only in numbers and digests are checked once.
    @Test func shellcheck() async throws {
        let folder = try TemporaryFolder()
        var paths: [String] = []
        for lab in LabCase.all {
            let tree = try await lab.tree()
            let place = folder.url("\(lab.name)-\(lab.codename)")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            paths += try scripts(tree, tree.someNodes, in: place)
        }
        let sorted = try shell(
            """
            for file in "$@"; do
                sed -E 's/[0-9a-f]{2,}|[0-9]+/N/g' "$file" | sha256sum | sed "s|-|$file|"
            done | sort -u -k 1,1 | cut -d ' ' -f 3-
            """, paths, needs: ["sed", "sha256sum", "sort", "cut"])
        let different = sorted.out.split(separator: "\n").map(String.init)
        try #require(sorted.status == 0 && different.count > LabCase.all.count, "\(sorted)")
        for start in stride(from: 0, to: different.count, by: 20) {
            let ran = try tool(
                ["shellcheck", "--norc", "-s", "sh", "-S", "style", "-f", "gcc"]
                    + different[start..<min(start + 20, different.count)])
            #expect(ran.status == 0 && ran.out.isEmpty && ran.err.isEmpty, "\(ran.out)\(ran.err)")
        }
    }

    /// These scripts are the same on all nodes, so each is checked once.
    @Test(arguments: ["xenseed-verify.sh", "xenseed-cards.sh", "wait-for-carrier.sh"])
    func ofTheNode(_ name: String) throws {
        let script = checkout.appending(path: "templates/\(name)").path
        for words in [["dash", "-n"], ["busybox", "ash", "-n"], ["shellcheck", "--norc", "-s", "sh", "-S", "style"]] {
            let ran = try tool(words + [script])
            #expect(ran.status == 0 && ran.out.isEmpty && ran.err.isEmpty, "\(ran.out)\(ran.err)")
        }
    }

    /// The checkers find the mistake in a script, so that an empty result means that there is none.
    @Test(arguments: [["dash", "-n"], ["busybox", "ash", "-n"], ["shellcheck", "-s", "sh"]])
    func brokenScript(_ words: [String]) throws {
        let folder = try TemporaryFolder()
        try Data("#!/bin/sh\nif true; then echo; done\n".utf8).write(to: folder.url("broken.sh"))
        #expect(try tool(words + [folder.url("broken.sh").path]).status != 0)
    }

    /// Returns the paths of the nodes' scripts. The commands of their preseeds are written to files in `folder`.
    private func scripts(_ tree: Tree, _ nodes: [Node], in folder: URL) throws -> [String] {
        try nodes.flatMap { node in
            let answers = try parsed(try tree.text(node, "preseed.cfg")).answers
            let commands = answers.filter { $0.question.hasSuffix("_command") }
            try #require(commands.map(\.question) == ["partman/early_command", "preseed/late_command"])
            return try [tree.url(node, "late-command.sh").path]
                + commands.enumerated().map { index, command in
                    let file = folder.appending(path: "\(node.name)-\(index).sh")
                    try Data("\(command.value)\n".utf8).write(to: file)
                    return file.path
                }
        }
    }
}
