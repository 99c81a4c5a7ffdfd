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
            """, try scripts(tree, tree.lab.nodes, in: folder), needs: ["dash", "busybox"])
        #expect(ran.status == 0 && ran.out.isEmpty && ran.err.isEmpty, "\(ran.out)\(ran.err)")
    }

    @Test(arguments: LabCase.all)
    func shellcheck(_ lab: LabCase) async throws {
        let tree = try await lab.tree()
        let folder = try TemporaryFolder()
        let ran = try tool(
            ["shellcheck", "--norc", "-s", "sh", "-S", "style", "-f", "gcc"] + scripts(tree, tree.someNodes, in: folder)
        )
        #expect(ran.status == 0 && ran.out.isEmpty && ran.err.isEmpty, "\(ran.out)\(ran.err)")
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
    private func scripts(_ tree: Tree, _ nodes: [Node], in folder: TemporaryFolder) throws -> [String] {
        try nodes.flatMap { node in
            let answers = try parsed(try tree.text(node, "preseed.cfg")).answers
            let commands = answers.filter { $0.question.hasSuffix("_command") }
            try #require(commands.map(\.question) == ["partman/early_command", "preseed/late_command"])
            return try [tree.url(node, "late-command.sh").path]
                + commands.enumerated().map { index, command in
                    let file = folder.url("\(node.name)-\(index).sh")
                    try Data("\(command.value)\n".utf8).write(to: file)
                    return file.path
                }
        }
    }
}
