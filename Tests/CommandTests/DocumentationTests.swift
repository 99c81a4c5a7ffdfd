import Foundation
import TestSupport
import Testing

/// The documentation. `make docs-test` also runs the commands in it.
@Suite(.timeLimit(.minutes(5)))
struct DocumentationTests {
    /// The generated pages have the fields, commands, diagnostics and releases of the program.
    @Test func referenceIsCurrent() throws {
        let reference = checkout.appending(path: ".build/debug/reference").path
        let ran = try run([reference, program, checkout.path, "--check"])
        #expect(ran.status == 0, "\(ran.out)\(ran.err)")
    }

    /// A difference is found, and its page is named.
    @Test func staleReferenceIsFound() throws {
        let folder = try TemporaryFolder()
        for path in ["Sources/Preseed/Releases", "docs/reference"] {
            let copy = folder.url(path)
            try FileManager.default.createDirectory(
                at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.copyItem(at: checkout.appending(path: path), to: copy)
        }
        try folder.write("# Fields", to: "docs/reference/fields.md")
        let reference = checkout.appending(path: ".build/debug/reference").path
        let ran = try run([reference, program, folder.path, "--check"])
        #expect(ran.status == 1 && ran.out == "docs/reference/fields.md is not up to date; run make reference\n")
        #expect(try folder.read("docs/reference/fields.md") == "# Fields")
    }

    /// A reader decides by README.md whether to go on.
    @Test func readmeIsShort() throws {
        let text = try String(contentsOf: checkout.appending(path: "README.md"), encoding: .utf8)
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 151)
    }

    /// The page about files names each built file, by its path or by a directory above it.
    @Test func builtFilesAreDocumented() throws {
        let page = try String(contentsOf: checkout.appending(path: "docs/reference/files.md"), encoding: .utf8)
        let tree = page.components(separatedBy: "\n## ").first { $0.hasPrefix("out/") } ?? ""
        let documented = Set(tree.matches(of: #/`([^` ]+)`/#).map { String($0.1) })
        let manifest = try String(contentsOf: checkout.appending(path: "out/SHA256SUMS"), encoding: .utf8)
        let paths = manifest.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { String($0.dropFirst(66)) }
        #expect(paths.count > 50)
        for path in paths {
            let name = path.replacing(#/^nodes\/[^\/]+/#, with: "nodes/NODE")
            let isDocumented = documented.contains { $0 == name || $0.hasSuffix("/") && name.hasPrefix($0) }
            #expect(isDocumented, "\(path) is not in docs/reference/files.md")
        }
    }

    /// The page about HTTP has every path that the server's table of resources has.
    @Test func httpPathsAreDocumented() throws {
        let page = try String(contentsOf: checkout.appending(path: "docs/reference/http.md"), encoding: .utf8)
        let server = try String(
            contentsOf: checkout.appending(path: "Sources/Server/LabServer.swift"), encoding: .utf8)
        let paths = server.matches(of: #/"(?:\\\(posts\))?(\/[a-z.]*)": \./#).map { String($0.1) }
        #expect(paths.contains("/lab.json") && paths.contains("/claim"))
        for path in paths { #expect(page.contains("`\(path)`"), "\(path) is not in docs/reference/http.md") }
    }

    @Test func linksWork() throws {
        let ran = try run([checkout.appending(path: "Tests/Docs/links").path])
        #expect(ran.status == 0, "\(ran.err)")
    }
}
