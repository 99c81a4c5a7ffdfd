import Foundation
import TestSupport
import Testing

/// Tests the workflow files that `xenseed init --ci` writes, by running their shell commands as the CI runner does.
@Suite(.timeLimit(.minutes(15)))
struct CITests {
    /// Creates a clone with a branch that gives dom0 more memory; `main` is the target branch.
    private func clone(_ forge: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let more = labText(release: "bookworm").replacing(
            "defaults:\n", with: "defaults:\n  dom0: {memory: 1536 MiB}\n")
        try folder.write(labText(release: "bookworm"), to: "lab/lab.yaml")
        try folder.write(more, to: "more.yaml")
        let script = """
            set -eu
            git() { command git -c user.name=A -c user.email=a@desk "$@"; }
            cd lab
            git init -q --initial-branch=main
            "$1" init --ci \(forge) .
            "$1" build
            git add -A
            git commit -q -m old
            git checkout -q -b more
            cp ../more.yaml lab.yaml
            "$1" build
            git commit -q -a -m new
            cd ..
            git clone -q lab work
            cd work
            git checkout -q origin/more
            """
        let ran = try run(["sh", "-c", script, "sh", program], in: URL(filePath: folder.path))
        try #require(ran.status == 0, "\(ran.err)")
        return folder
    }

    /// Returns the commands of a workflow file, read by Python's YAML parser, without those that install packages.
    private func scripts(_ file: URL, _ expression: String) throws -> [String] {
        let ran = try run(
            [
                "/usr/bin/python3", "-c",
                "import json, sys, yaml; recipe = yaml.safe_load(open(sys.argv[1])); print(json.dumps(\(expression)))",
                file.path,
            ])
        try #require(ran.status == 0, "\(ran.err)")
        return try JSONDecoder().decode([String].self, from: Data(ran.out.utf8)).filter {
            !$0.contains("apt-get") && !$0.contains("curl -fsSL")
        }
    }

    private func runAll(_ scripts: [String], _ environment: [String: String], in folder: URL) throws -> [Ran] {
        // The PATH has the program, as the workflow installs it; HOME has no settings of the user.
        let path =
            URL(filePath: program).deletingLastPathComponent().path + ":"
            + (ProcessInfo.processInfo.environment["PATH"] ?? "")
        return try scripts.map {
            try run(
                ["sh", "-e", "-c", $0], environment: environment.merging(["PATH": path, "HOME": folder.path]) { $1 },
                in: folder)
        }
    }

    @Test func gitHub() throws {
        let folder = try clone("github")
        let work = folder.url("work")
        let steps = try scripts(
            work.appending(path: ".github/workflows/lab.yml"),
            "[step['run'] for step in recipe['jobs']['lab']['steps'] if 'run' in step]")
        #expect(steps.count == 3)
        let environment = ["GITHUB_BASE_REF": "main", "GITHUB_STEP_SUMMARY": folder.url("summary.md").path]
        let ran = try runAll(steps, environment, in: work)
        #expect(ran.allSatisfy { $0.status == 0 }, "\(ran)")
        let comment = try folder.read("work/comment.md")
        #expect(comment.hasPrefix("### What changes on the machines\n"))
        #expect(comment.contains("| reboot | node1, node2 | dom0 memory 1 GiB → 1536 MiB: takes a reboot |"))
        #expect(try folder.read("summary.md") == comment)
        // The check finds a file of the tree that was changed by hand.
        try folder.write("x", to: "work/out/nodes/node1/late-command.sh")
        _ = try run(["git", "-c", "user.name=A", "-c", "user.email=a@desk", "commit", "-qam", "by hand"], in: work)
        #expect(try runAll([steps[1]], environment, in: work)[0].status == 1)
        try folder.write("domain: [", to: "work/lab.yaml")
        #expect(try runAll([steps[0]], environment, in: work)[0].status == 1)
    }

    @Test func gitLab() throws {
        let folder = try clone("gitlab")
        let work = folder.url("work")
        let lines = try scripts(work.appending(path: ".gitlab-ci.yml"), "recipe['lab']['script']")
        let environment = ["CI_MERGE_REQUEST_IID": "1", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"]
        let ran = try runAll(lines, environment, in: work)
        #expect(ran.allSatisfy { $0.status == 0 }, "\(ran)")
        #expect(try folder.read("work/comment.md").contains("takes a reboot"))
        // Outside of a merge request, no comment is written.
        try FileManager.default.removeItem(at: folder.url("work/comment.md"))
        #expect(try runAll(lines, [:], in: work).allSatisfy { $0.status == 0 })
        #expect(!FileManager.default.fileExists(atPath: folder.url("work/comment.md").path))
    }

    @Test func writesItOnce() throws {
        let folder = try TemporaryFolder()
        #expect(
            try xenseed("init", "--ci", "github", "lab", in: folder).out
                == "lab/lab.yaml\nlab/lab.schema.json\nlab/.github/workflows/lab.yml\nlab/.gitignore\n")
        #expect(try xenseed("init", "--ci", "gitlab", "lab", in: folder).out == "lab/.gitlab-ci.yml\n")
        let again = try xenseed("init", "--ci", "gitlab", "lab", in: folder)
        #expect(again.status == 3 && again.err.contains(".gitlab-ci.yml exists already"), "\(again)")
        #expect(try xenseed("init", "--ci", "other", "lab", in: folder).status == 2)
    }

    /// Each shell accepts its completion script.
    @Test(arguments: ["bash", "zsh", "fish"]) func completions(shell: String) throws {
        let ran = try xenseed("--generate-completion-script", shell)
        #expect(ran.status == 0 && ran.out.contains("fail-on") && ran.out.contains("netboot"))
        let folder = try TemporaryFolder()
        try folder.write(ran.out, to: "_xenseed")
        // Prints the completions of an incomplete command line.
        let script =
            switch shell {
            case "bash":
                """
                . ./_xenseed; COMP_WORDS=(xenseed di); COMP_CWORD=1; COMP_LINE='xenseed di'; COMP_POINT=10
                _xenseed xenseed di xenseed; echo "${COMPREPLY[@]}"
                """
            case "fish": "source ./_xenseed; complete -C 'xenseed di'"
            // zsh completes only on a terminal, so this only tests that it can load the script.
            default:
                "autoload -Uz compinit; compinit -u -D; fpath=(. $fpath); autoload -Uz _xenseed; autoload +X _xenseed && echo diff"
            }
        let words = try run([shell, "-c", script], environment: ["HOME": folder.path], in: URL(filePath: folder.path))
        #expect(
            words.status == 0 && words.err.isEmpty
                && words.out.split(separator: "\n").contains { $0.hasPrefix("diff") }, "\(words)")
    }
}
