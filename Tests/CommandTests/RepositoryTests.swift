import Foundation
import TestSupport
import Testing

/// Checks rules for the source code as a whole.
@Suite(.timeLimit(.minutes(15)))
struct RepositoryTests {
    /// Only the release definitions contain codenames, because other code must not depend on a particular release.
    @Test func onlyReleasesNameARelease() throws {
        let ran = try run(
            [
                "grep", "-rnE", "\"(jessie|bookworm|trixie)\"|\\.(jessie|bookworm|trixie)\\b", "Sources",
                "--include=*.swift",
            ],
            in: checkout)
        let found = ran.out.split(separator: "\n").filter { !$0.hasPrefix("Sources/Preseed/Releases/") }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
        #expect(ran.out.contains("Sources/Preseed/Releases/"))
    }

    /// Only certain directories import certain modules, such as those of libarchive and libyaml.
    @Test(arguments: [
        ("CLibArchive", "Sources/Build/Archive/"), ("CLibDeflate", "Sources/Build/Archive/Gzip.swift"),
        ("CYaml", "Sources/Lab/Reader/YAMLParser.swift"),
        ("CCrypt", "Sources/xenseed/Passwd.swift"),
        ("CLinux", "Sources/Build/Output/SystemCalls.swift"), ("Subprocess", "Sources/Build/Program.swift"),
        ("Images", "Sources/xenseed/"), ("NIO[A-Za-z0-9]+", "Sources/Server/"),
        ("UnixSignals", "Sources/xenseed/Serve.swift"),
    ]) func importsStayInTheirRooms(module: String, room: String) throws {
        let found = try run(["grep", "-rnE", "^(internal )?import \(module)$", "Sources"], in: checkout).out
        #expect(!found.isEmpty)
        #expect(found.split(separator: "\n").allSatisfy { $0.hasPrefix(room) }, "\(found)")
    }

    /// Foundation is not imported, because its data for all languages doubles the program and the time that it takes to start.
    @Test func importsFoundationEssentials() throws {
        let found = try run(["grep", "-rnE", "import Foundation(Essentials)?$", "Sources", "templates"], in: checkout)
            .out
        let lines = found.split(separator: "\n")
        #expect(lines.contains { $0.hasSuffix("Essentials") })
        #expect(lines.allSatisfy { $0.hasSuffix("Essentials") }, "\(found)")
    }

    /// Only one file writes to the standard streams, because it detects lost output.
    @Test func oneFileWritesToStandardStreams() throws {
        let found = try run(
            [
                "grep", "-rnE", "(^|[^a-zA-Z.])print\\(|FileHandle\\.standard(Output|Error)|(stdout|stderr)\\b",
                "Sources", "--include=*.swift",
            ],
            in: checkout
        ).out.split(separator: "\n").filter {
            !$0.contains("///") && !$0.hasPrefix("Sources/xenseed/StandardStreams.swift")
        }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }

    /// Every suite with tests has a time limit, which applies to each of its tests; a test outside of a suite would
    /// have none.
    @Test func everySuiteHasATimeLimit() throws {
        let files = try run(["grep", "-rl", "^ *@Test\\b", "Tests", "--include=*.swift"], in: checkout).out
            .split(separator: "\n").map(String.init)
        #expect(files.count > 50)
        for file in files {
            let lines = try String(contentsOf: checkout.appending(path: file), encoding: .utf8)
                .split(separator: "\n", omittingEmptySubsequences: false)
            // Top-level declarations, with attributes on the line before.
            let types = lines.indices.filter { index in
                ["struct ", "final class ", "extension "].contains { lines[index].hasPrefix($0) }
            }
            #expect(lines[..<(types.first ?? lines.endIndex)].allSatisfy { !$0.contains("@Test") }, "\(file)")
            var limited: Set<Substring> = []
            for (start, end) in zip(types, types.dropFirst() + [lines.endIndex]) {
                let name = lines[start].split(separator: " ").first { $0.first?.isUppercase == true } ?? ""
                if lines[max(0, start - 1)].contains(".timeLimit(.minutes(") { limited.insert(name) }
                let hasTests = lines[start..<end].contains { $0.contains("@Test") }
                #expect(!hasTests || limited.contains(name), "\(file):\(start + 1): \(name) has no time limit")
            }
        }
    }

    /// The directory `out` is what the program builds from the reference lab.
    @Test func theTrackedLabIsBuilt() throws {
        let ran = try xenseed("build", "--check", checkout.appending(path: "lab.yaml").path)
        #expect(ran.status == 0, "\(ran.out)")
    }
}
