import Foundation
import TestSupport
import Testing

/// Rules that hold for the sources as a whole.
struct RepositoryTests {
    /// A release is data: code that names one would be a branch.
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

    /// libarchive, libyaml and Foundation stay in their rooms.
    @Test(arguments: [
        ("CLibArchive", "Sources/Build/Archive/"), ("CLibDeflate", "Sources/Build/Archive/Gzip.swift"),
        ("CYaml", "Sources/Lab/Reader/YAMLParser.swift"),
        ("CCrypt", "Sources/xenseed/Passwd.swift"),
        ("CLinux", "Sources/Build/Output/SystemCalls.swift"), ("Subprocess", "Sources/Build/Program.swift"),
        ("Images", "Sources/xenseed/"), ("FlyingSocks", "Sources/Server/"),
    ]) func importsStayInTheirRooms(module: String, room: String) throws {
        let found = try run(["grep", "-rnE", "^(internal )?import \(module)$", "Sources"], in: checkout).out
        #expect(!found.isEmpty)
        #expect(found.split(separator: "\n").allSatisfy { $0.hasPrefix(room) }, "\(found)")
    }

    /// What is printed goes through one file, which notices when it is lost.
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

    /// The reference lab in `out` is what the program builds.
    @Test func theTrackedLabIsBuilt() throws {
        let ran = try xenseed("build", "--check", checkout.appending(path: "lab.yaml").path)
        #expect(ran.status == 0, "\(ran.out)")
    }
}
