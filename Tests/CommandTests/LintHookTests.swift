import Foundation
import TestSupport
import Testing

/// Tests the definitions with which other tools run `xenseed lint`.
@Suite(.timeLimit(.minutes(5)))
struct LintHookTests {
    private static let bad = "d-i mirror/suite string bookworm\nd-i keymap select us\nd-i no/such string x\n"

    /// pre-commit takes the hooks from a repository, and runs them on the files of a commit.
    @Test func hooks() throws {
        let folder = try TemporaryFolder()
        let script = """
            set -e
            export HOME="$1" PATH="$2:$PATH" GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
            git init -q hooks
            cp "$3/.pre-commit-hooks.yaml" hooks
            git -C hooks add . && git -C hooks commit -qm hooks
            git init -q lab && cd lab
            pre-commit validate-manifest ../hooks/.pre-commit-hooks.yaml
            printf 'repos:\\n- repo: %s/hooks\\n  rev: %s\\n  hooks: [{id: %s}]\\n' "$1" "$(git -C ../hooks rev-parse HEAD)" "$4" \\
                >.pre-commit-config.yaml
            printf '%s' "$5" >preseed-xen01.cfg
            printf 'no preseed\\n' >notes.txt
            git add .
            pre-commit run --verbose
            """
        func ran(_ hook: String, _ text: String) throws -> Ran {
            let place = folder.url(UUID().uuidString)
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            return try run(
                [
                    "sh", "-c", script, "sh", place.path, URL(filePath: program).deletingLastPathComponent().path,
                    checkout.path, hook, text,
                ], in: place)
        }
        let failed = try ran("xenseed-lint", Self.bad)
        #expect(failed.status == 1 && failed.out.contains("preseed-xen01.cfg:2:5: error[X0802]"), "\(failed)")
        #expect(!failed.out.contains("notes.txt"))
        let passed = try ran("xenseed-lint", "d-i mirror/suite string bookworm\n")
        #expect(passed.status == 0 && passed.out.contains("Passed"), "\(passed)")
        let fixed = try ran("xenseed-lint-fix", Self.bad)
        #expect(fixed.status == 1 && fixed.out.contains("files were modified by this hook"), "\(fixed)")
    }

    /// The command of the example for code scanning writes SARIF, and fails only when xenseed can't do its work.
    @Test func codeScanning() throws {
        let folder = try TemporaryFolder()
        let text = try String(contentsOf: checkout.appending(path: "docs/code-scanning.yml"), encoding: .utf8)
        let command = try #require(text.firstMatch(of: /run: (xenseed lint .*)/)?.1)
        func ran() throws -> Ran {
            try run(
                [
                    "sh", "-ec", "PATH=\"$1:$PATH\"\n\(command)", "sh",
                    URL(filePath: program).deletingLastPathComponent().path,
                ], in: URL(filePath: folder.path))
        }
        #expect(try ran().status != 0)
        try folder.write(Self.bad, to: "preseed.cfg")
        #expect(try ran().status == 0)
        let log = try JSONSerialization.jsonObject(with: try Data(contentsOf: folder.url("xenseed.sarif")))
        let results = ((log as? [String: Any])?["runs"] as? [[String: Any]])?.first?["results"] as? [Any]
        #expect(results?.count == 2)
        // The example is YAML, as the service reads it.
        let parsed = try run([
            "python3", "-c", "import sys, yaml; print(list(yaml.safe_load(open(sys.argv[1]))['jobs']))",
            checkout.appending(path: "docs/code-scanning.yml").path,
        ])
        #expect(parsed.out == "['lint']\n", "\(parsed)")
    }
}
