import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Build

/// Reads `usb/seed.cpio.gz` as other programs and Linux do.
@Suite(.timeLimit(.minutes(15)))
struct SeedTests {
    @Test(
        arguments: LabCase.all,
        [["cpio", "-idm", "--quiet"], ["bsdcpio", "-idm", "--quiet"], ["busybox", "cpio", "-idm"]])
    func unpacked(_ lab: LabCase, by program: [String]) async throws {
        let tree = try await lab.tree()
        let folder = try TemporaryFolder()
        let ran = try shell(
            "gunzip -c \"$1\" > seed && shift && \"$@\" < seed && rm seed",
            [Self.seed(tree).path] + program, needs: [program[0]], in: URL(filePath: folder.path))
        try #require(ran.status == 0, "\(ran.err)")
        let parts = ["late-command.sh", "overlay.tar.gz", "preseed.cfg"]
        var expected = Set(try tree.plan.seed().map(\.path))
        for node in tree.lab.nodes {
            for part in parts {
                let path = "nodes/\(node.name)/\(part)"
                expected.insert(path)
                let here = folder.url(path)
                #expect(try Data(contentsOf: here) == Data(contentsOf: tree.url(node, part)), "\(path)")
                let isSecret =
                    switch part {
                    case "preseed.cfg": node.access.rootPassword != nil
                    case "late-command.sh": node.access.hasUserPasswords
                    default: !node.hiddenFiles.isEmpty
                    }
                let attributes = try FileManager.default.attributesOfItem(atPath: here.path)
                #expect(attributes[.posixPermissions] as? Int == (isSecret ? 0o600 : 0o644), "\(path)")
            }
        }
        #expect(Set(regularFiles(below: URL(filePath: folder.path))) == expected)
        for file in try tree.plan.seed() {
            #expect(try [UInt8](Data(contentsOf: folder.url(file.path))) == file.content)
        }
    }

    private static func seed(_ tree: Tree) -> URL { tree.root.appending(path: "usb/seed.cpio.gz") }

    private struct Header: Equatable {
        var name: String
        var ino, mode, uid, gid, nlink, mtime: Int
        var end: Int
    }

    /// The archive meets the requirements of Linux's initramfs.c: the magic number, a file type in the mode, a distinct
    /// inode number and one link for each file, and each directory before its content.
    @Test(arguments: LabCase.all)
    func asLinuxWantsIt(_ lab: LabCase) async throws {
        let tree = try await lab.tree()
        let bytes = try await Self.unzipped(Self.seed(tree))
        var headers: [Header] = []
        var at = 0
        repeat {
            headers.append(try Self.header(bytes, at))
            at = headers.last!.end
        } while headers.last!.name != "TRAILER!!!"
        #expect(bytes[at...].allSatisfy { $0 == 0 })
        headers.removeLast()
        #expect(Set(headers.map(\.ino)).count == headers.count && !headers.contains { $0.ino == 0 })
        var folders: Set<String> = [""]
        for header in headers {
            let parent = header.name.lastIndex(of: "/").map { String(header.name[..<$0]) } ?? ""
            #expect(folders.contains(parent), "\(header.name)")
            #expect(header.nlink == 1 && header.uid == 0 && header.gid == 0 && header.mtime == ArchiveEntry.time)
            switch header.mode & 0o170000 {
            case 0o040000: folders.insert(header.name)
            case 0o100000: break
            default: Issue.record("\(header.name): mode \(String(header.mode, radix: 8))")
            }
        }
    }

    private static func unzipped(_ file: URL) async throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let ran = try shell("gunzip -c \"$1\" > \"$2\"", [file.path, folder.url("seed").path], needs: ["gunzip"])
        try #require(ran.status == 0, "\(ran.err)")
        return [UInt8](try Data(contentsOf: folder.url("seed")))
    }

    private static func header(_ bytes: [UInt8], _ at: Int) throws -> Header {
        func field(_ index: Int) throws -> Int {
            let digits = String(decoding: bytes[(at + 6 + 8 * index)...].prefix(8), as: UTF8.self)
            return try #require(Int(digits, radix: 16))
        }
        try #require(bytes.count >= at + 110 && bytes[at..<(at + 6)].elementsEqual("070701".utf8))
        let length = try field(11)
        let content = (at + 110 + length + 3) & ~3
        return Header(
            name: String(decoding: bytes[(at + 110)...].prefix(length - 1), as: UTF8.self), ino: try field(0),
            mode: try field(1), uid: try field(2), gid: try field(3), nlink: try field(4), mtime: try field(5),
            end: (content + (try field(6)) + 3) & ~3)
    }

    private static let scripts = Mutex<Set<[UInt8]>>([])

    /// The shells that run the seed's script and shellcheck accept it.
    @Test(arguments: LabCase.all)
    func script(_ lab: LabCase) async throws {
        let tree = try await lab.tree()
        let script = try #require(tree.plan.seed().first { $0.path == "xenseed/find-node.sh" })
        #expect(script.mode == 0o755)
        // Several labs share a script; it is checked once.
        guard Self.scripts.withLock({ $0.insert(script.content).inserted }) else { return }
        let folder = try TemporaryFolder()
        let file = folder.url("find-node.sh")
        try Data(script.content).write(to: file)
        for words in [["dash", "-n"], ["busybox", "ash", "-n"], ["shellcheck", "--norc", "-s", "sh", "-S", "style"]] {
            let ran = try tool(words + [file.path])
            #expect(ran.status == 0 && ran.out.isEmpty && ran.err.isEmpty, "\(ran.out)\(ran.err)")
        }
    }

    /// The preseed that applies before the node is known has no answer about partitions.
    @Test(arguments: LabCase.all)
    func preseedIsHarmless(_ lab: LabCase) async throws {
        let seed = try await lab.tree().plan.seed()
        let preseed = try #require(seed.first { $0.path == "preseed.cfg" })
        let answers = try parsed(String(decoding: preseed.content, as: UTF8.self)).answers
        #expect(!answers.isEmpty)
        for answer in answers { #expect(!answer.question.contains("part"), "\(answer.question)") }
    }
}
