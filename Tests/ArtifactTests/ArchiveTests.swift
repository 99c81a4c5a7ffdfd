import Foundation
import TestSupport
import Testing

@testable import Build
@testable import Lab

/// Unpacks every overlay archive with other programs and compares the result with the plan.
@Suite(.timeLimit(.minutes(15)))
struct ArchiveTests {
    static let programs = [["tar", "--numeric-owner"], ["bsdtar", "--numeric-owner"], ["busybox", "tar"]]

    @Test(arguments: LabCase.all, programs)
    func unpacked(_ lab: LabCase, by program: [String]) async throws {
        let tree = try await lab.tree()
        for node in tree.someNodes {
            let folder = try TemporaryFolder()
            let archive = tree.url(node, "overlay.tar.gz").path
            // Only short options: busybox in the installer has no long ones.
            let ran = try tool(program + ["-xpzf", archive, "-C", folder.path])
            try #require(ran.status == 0 && ran.err.isEmpty, "\(ran.err)")
            let planned = tree.plan.overlay(node)
            let members = Set(planned.map(\.path))
            let found = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            // Parent directories of members are created implicitly.
            let extra = found.filter { path in !members.contains(path) && !members.contains { $0.hasPrefix(path + "/") }
            }
            #expect(extra == [])
            for member in planned {
                let file = try Unpacked(folder.url(member.path).path)
                #expect(file.kind == member.kind, "\(member.path)")
                if case .link = member.kind { continue }
                #expect(file.mode == member.mode, "\(member.path)")
                // Unpacking a member into a directory changes the directory's time.
                if case .file = member.kind { #expect(file.time == ArchiveEntry.time, "\(member.path)") }
                // Only root can restore the owner; for other users, the files belong to the user.
                if geteuid() == 0 { #expect(file.owner == 0 && file.group == 0, "\(member.path)") }
            }
        }
    }

    /// `tar -tv` lists the planned mode, owner and name of each member, in the planned order.
    @Test(arguments: LabCase.all, programs)
    func listed(_ lab: LabCase, by program: [String]) async throws {
        let tree = try await lab.tree()
        for node in tree.someNodes {
            let ran = try tool(program + ["-tvzf", tree.url(node, "overlay.tar.gz").path])
            try #require(ran.status == 0 && ran.err.isEmpty, "\(ran.err)")
            let lines = ran.out.split(separator: "\n").map { line in
                let words = line.split(separator: " ").map(String.init)
                // bsdtar prints a link count, and owner and group in separate columns.
                let owner = program[0] == "bsdtar" ? "\(words[2])/\(words[3])" : words[1]
                let nameAt = words.lastIndex(of: "->").map { $0 - 1 } ?? words.count - 1
                let name = words[nameAt].hasSuffix("/") ? String(words[nameAt].dropLast()) : words[nameAt]
                return ([words[0], owner, name] + words[(nameAt + 1)...]).joined(separator: " ")
            }
            let planned = tree.plan.overlay(node).map { member in
                switch member.kind {
                case .file: "-\(Self.letters(member.mode)) 0/0 \(member.path)"
                case .folder: "d\(Self.letters(member.mode)) 0/0 \(member.path)"
                case .link(let target): "lrwxrwxrwx 0/0 \(member.path) -> \(target)"
                }
            }
            #expect(lines == planned)
        }
    }

    private static func letters(_ mode: Int) -> String {
        String("rwxrwxrwx".enumerated().map { mode >> (8 - $0) & 1 == 1 ? $1 : "-" })
    }

    @Test(arguments: LabCase.all)
    func unpackedCopy(_ lab: LabCase) async throws {
        let tree = try await lab.tree()
        for node in tree.lab.nodes {
            let folder = tree.url(node, "overlay")
            let members = try ArchiveReader.members(of: tree.bytes(node, "overlay.tar.gz"), limit: 1 << 20)
            var paths: Set<String> = []
            for member in members where member.kind != .folder {
                let path = member.path.description
                let file = try Unpacked(folder.appending(path: path).path)
                switch (file.kind, member.kind) {
                case (.file(let there), .file(let packed)): #expect(there == packed, "\(path)")
                case (.link(let there), .link(let packed)): #expect(there == packed, "\(path)")
                default: Issue.record("\(path) is of another kind")
                }
                if case .file = member.kind {
                    #expect((file.mode & 0o100 != 0) == (member.mode & 0o100 != 0), "\(path)")
                }
                paths.insert(path)
            }
            let found = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            #expect(
                found.filter { path in !paths.contains(path) && !paths.contains { $0.hasPrefix(path + "/") } } == [])
        }
    }

    /// RFC 1952: bytes 4 to 7 are the time, byte 3 the flags (a file name among them).
    @Test(arguments: LabCase.all)
    func noTimeStamp(_ lab: LabCase) async throws {
        let tree = try await lab.tree()
        for node in tree.lab.nodes {
            let bytes = try tree.bytes(node, "overlay.tar.gz")
            #expect(bytes.starts(with: [0x1f, 0x8b, 8, 0, 0, 0, 0, 0]))
        }
    }

    // MARK: mtree

    @Test(arguments: LabCase.all)
    func manifestHolds(_ lab: LabCase) async throws {
        let tree = try await lab.tree()
        for node in tree.someNodes {
            let folder = try unpack(tree, node)
            let ran = try mtree(tree, node, folder)
            #expect(ran.status == 0 && ran.out.isEmpty && ran.err.isEmpty, "\(node.name): \(ran.out)\(ran.err)")
        }
    }

    @Test(arguments: [
        ("echo >>etc/hosts", "etc/hosts"), ("chmod 600 etc/hostname", "etc/hostname"), ("rm etc/hosts", "etc/hosts"),
        ("touch etc/more", "etc/more"), ("sed -i s/xl/xm/ etc/default/xen", "etc/default/xen"),
        (
            "ln -sf /dev/null etc/systemd/system/multi-user.target.wants/xenseed-verify.service",
            "xenseed-verify.service"
        ),
    ])
    func manifestNotices(_ change: String, _ path: String) async throws {
        let tree = try await LabCase(name: "reference", codename: "jessie").tree()
        let folder = try unpack(tree, tree.lab.nodes[0])
        let changed = try tool(["sh", "-c", change], in: URL(filePath: folder.path))
        try #require(changed.status == 0)
        let ran = try mtree(tree, tree.lab.nodes[0], folder)
        // For missing and extra files, mtree exits with status 0.
        #expect(ran.out.contains(path), "\(ran.out)")
    }

    private func unpack(_ tree: Tree, _ node: Node) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let ran = try tool(["tar", "-xpzf", tree.url(node, "overlay.tar.gz").path, "-C", folder.path])
        try #require(ran.status == 0)
        return folder
    }

    /// Runs mtree(8) on an unpacked overlay. mtree requires an entry for each parent directory, and the owner can only
    /// be checked if root unpacked the archive.
    private func mtree(_ tree: Tree, _ node: Node, _ folder: TemporaryFolder) throws -> Ran {
        var text = try tree.text(node, "overlay.mtree")
        try #require(text.hasPrefix("#mtree\n"))
        if geteuid() != 0 { text = text.replacing(" gid=0 uid=0", with: "") }
        let lines = text.split(separator: "\n").dropFirst()
        let members = Set(lines.map { $0.prefix { $0 != " " } })
        var folders: Set<Substring> = ["."]
        for member in members {
            for (index, character) in zip(member.indices, member) where character == "/" {
                folders.insert(member[..<index])
            }
        }
        let extra = folders.subtracting(members).sorted().map { "\($0) type=dir\n" }.joined()
        let spec = try TemporaryFolder()
        try Data("#mtree\n\(extra)\(lines.joined(separator: "\n"))\n".utf8).write(to: spec.url("spec"))
        return try tool(["mtree", "-f", spec.url("spec").path, "-p", folder.path])
    }
}

/// Type, content, mode, time and owner of a file on disk.
private struct Unpacked {
    var kind: OverlayMember.Kind
    var mode, time, owner, group: Int

    init(_ path: String) throws {
        var info = stat()
        try #require(lstat(path, &info) == 0, "\(path)")
        switch info.st_mode & S_IFMT {
        case S_IFDIR: kind = .folder
        case S_IFLNK: kind = .link(try FileManager.default.destinationOfSymbolicLink(atPath: path))
        default: kind = .file([UInt8](try Data(contentsOf: URL(filePath: path))))
        }
        mode = Int(info.st_mode & 0o7777)
        time = Int(info.st_mtim.tv_sec)
        (owner, group) = (Int(info.st_uid), Int(info.st_gid))
    }
}

extension OverlayMember.Kind: Equatable {
    public static func == (a: Self, b: Self) -> Bool {
        switch (a, b) {
        case (.file(let x), .file(let y)): x == y
        case (.folder, .folder): true
        case (.link(let x), .link(let y)): x == y
        default: false
        }
    }
}

/// Tests `ArchiveWriter` and `ArchiveReader` themselves.
@Suite(.timeLimit(.minutes(15)))
struct ArchiveModuleTests {
    static let members = [
        ArchiveEntry(path: ArchivePath("etc/empty")!, mode: 0o600, kind: .file([])),
        ArchiveEntry(path: ArchivePath("etc/link")!, mode: 0o777, kind: .link("/etc/empty")),
        ArchiveEntry(
            path: ArchivePath("etc/noise")!, mode: 0o644,
            kind: .file((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* $0) })),
        ArchiveEntry(path: ArchivePath("root/.ssh")!, mode: 0o700, kind: .folder),
        ArchiveEntry(
            path: ArchivePath("usr/" + String(repeating: "n", count: 99) + "/run")!, mode: 0o755, kind: .file([10])),
    ]

    private func packed(_ members: [ArchiveEntry]) throws -> [UInt8] {
        try ArchiveWriter.tarGzip(members)
    }

    @Test func roundTrip() throws {
        let bytes = try packed(Self.members)
        #expect(try ArchiveReader.members(of: bytes, limit: 5001) == Self.members)
        #expect(try packed(Self.members) == bytes)
        #expect(try ArchiveReader.members(of: try packed([]), limit: 0) == [])
    }

    @Test(arguments: [
        "", "/", "/etc/passwd", "../etc/passwd", "etc/../../passwd", "etc/..", ".", "./etc", "etc/.", "etc//hosts",
        "etc/",
        "etc/a b", "etc/a\tb", "etc/a\nb", "etc/a\0b", "etc/\u{7f}", "etc/é", "etc/\u{1F98A}",
    ])
    func hostileName(_ name: String) {
        #expect(ArchivePath(name) == nil)
    }

    @Test(arguments: ["etc", "etc/hosts", ".ssh", "a/...", "-rf", "*", "a;b", "a\\b", "$HOME", "etc/'\"`"])
    func plainName(_ name: String) {
        #expect(ArchivePath(name)?.description == name)
    }

    /// The reader rejects archives of tar(1) with an unsafe name, another owner or time, or a hard link.
    @Test func foreignArchive() throws {
        let folder = try TemporaryFolder()
        try Data("x".utf8).write(to: folder.url("x"))
        func members(_ options: [String]) throws -> [ArchiveEntry] {
            let ran = try tool(
                [
                    "tar", "--format=ustar", "--owner=0", "--group=0", "--numeric-owner",
                    "--mtime=@\(ArchiveEntry.time)", "--mode=0640",
                ]
                    + options + ["-czf", "a.tar.gz", "-C", folder.path, "x"], in: URL(filePath: folder.path))
            try #require(ran.status == 0, "\(ran.err)")
            return try ArchiveReader.members(of: [UInt8](try Data(contentsOf: folder.url("a.tar.gz"))), limit: 10)
        }
        #expect(try members([]) == [ArchiveEntry(path: ArchivePath("x")!, mode: 0o640, kind: .file(Array("x".utf8)))])
        for options in [
            ["-P", "--transform=s,^,../,"], ["-P", "--transform=s,^,/,"], ["--transform=s,x,a b,"], ["--owner=1"],
            ["--group=1"],
            ["--mtime=@0"],
        ] {
            #expect(throws: BuildError.self, "\(options)") { try members(options) }
        }
        try FileManager.default.linkItem(at: folder.url("x"), to: folder.url("y"))
        let ran = try tool(
            ["tar", "--owner=0", "--group=0", "--mtime=@\(ArchiveEntry.time)", "-cf", "b.tar", "x", "y"],
            in: URL(filePath: folder.path))
        try #require(ran.status == 0)
        #expect(throws: BuildError.self) {
            try ArchiveReader.members(of: [UInt8](try Data(contentsOf: folder.url("b.tar"))), limit: 10)
        }
    }

    @Test func limit() throws {
        let bytes = try packed(Self.members)
        #expect(throws: BuildError.self) { try ArchiveReader.members(of: bytes, limit: 5000) }
        #expect(throws: BuildError.self) { try ArchiveReader.members(of: bytes, limit: 0) }
        // A high limit must not make the reader trust a size in a header.
        let tar = try ArchiveReader.members(of: bytes, limit: 1 << 40)
        #expect(tar == Self.members)
    }

    @Test func cutShort() throws {
        let bytes = try packed(Self.members)
        for count in stride(from: 1, to: bytes.count - 8, by: 61) {
            #expect(throws: BuildError.self, "\(count) of \(bytes.count) bytes") {
                try ArchiveReader.members(of: Array(bytes.prefix(count)), limit: 5001)
            }
        }
    }

    @Test(arguments: ["\n", "\0", "x", String(repeating: "\0", count: 512)])
    func somethingBehind(_ more: String) throws {
        #expect(throws: BuildError.self) {
            try ArchiveReader.members(of: try packed(Self.members) + Array(more.utf8), limit: 5001)
        }
    }

    /// A changed byte causes an error or different members. The exceptions are gzip's header and trailer and the
    /// padding of tar's blocks, because libarchive does not verify gzip's checksum. For these, either gzip(1) reports
    /// the damage, or the content is unchanged: one run of zeros can be compressed in two ways.
    @Test func damaged() throws {
        let bytes = try packed(Self.members)
        let folder = try TemporaryFolder()
        let whole = folder.url("whole.gz")
        try Data(bytes).write(to: whole)
        for index in stride(from: 10, to: bytes.count - 8, by: 37) {
            var damaged = bytes
            damaged[index] ^= 0x10
            guard (try? ArchiveReader.members(of: damaged, limit: 5001)) == Self.members else { continue }
            let file = folder.url("\(index).gz")
            try Data(damaged).write(to: file)
            let same = "! gzip -t \"$1\" || { gzip -dc \"$1\" >\"$1.tar\"; gzip -dc \"$2\" | cmp - \"$1.tar\"; }"
            #expect(try tool(["sh", "-c", same, "sh", file.path, whole.path]).status == 0, "byte \(index)")
        }
    }

    @Test(arguments: ["", "no archive", "#mtree\n./etc/hosts mode=644\n"])
    func noArchive(_ text: String) {
        #expect((try? ArchiveReader.members(of: Array(text.utf8), limit: 100)).map(\.isEmpty) ?? true)
    }
}
