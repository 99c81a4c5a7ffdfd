import Foundation
import TestSupport
import Testing

@testable import Build
@testable import Lab
@testable import Review

/// Malicious or damaged overlays are reported as problems, and their content is not used.
@Suite(.timeLimit(.minutes(15)))
struct HostileArchiveTests {
    private func planned() async throws -> PlannedSnapshot {
        let text = """
            release: bookworm
            domain: hl.local
            networks: {lan: {subnet: 10.8.0.0/16, dhcp: true}}
            defaults: {cpus: 2, memory: 2 GiB, bridges: {xenbr0: {network: lan}}}
            nodes:
              xen01: {interfaces: {eth0: {mac: "08:00:27:00:00:01", bridge: xenbr0}}}
            """
        let labFiles = LabFiles(
            read: { _ throws(LabError) in throw .init("none") }, list: { _ throws(LabError) in [] })
        let (lab, report) = Spec.read(text, file: "lab.yaml", labFiles: labFiles)
        return try await PlannedSnapshot(
            Plan(lab: try #require(lab, "\(report.text())"), templates: try TemplateSet()), name: "lab")
    }

    private static let path = "nodes/xen01/overlay.tar.gz"

    /// Creates an archive with Python's tarfile, which does not check what it writes.
    private func made(_ script: String) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let program = """
            import io, tarfile
            def add(name, data=b"", **more):
                info = tarfile.TarInfo(name)
                info.size, info.mtime = len(data), 1429920000
                for key, value in more.items():
                    setattr(info, key, value)
                tar.addfile(info, io.BytesIO(data))
            with tarfile.open("evil.tar.gz", "w:gz") as tar:
                add("etc/hostname", b"xen01.hl.local\\n")
                \(script)
            """
        let ran = try run(["python3", "-c", program], in: URL(filePath: folder.path))
        try #require(ran.status == 0, "\(ran.err)")
        return [UInt8](try Data(contentsOf: folder.url("evil.tar.gz")))
    }

    @Test(arguments: [
        ("add('../../etc/passwd', b'x')", "has a member with an unusable path: ../../etc/passwd"),
        ("add('/etc/passwd', b'x')", "has a member with an unusable path: /etc/passwd"),
        ("add('etc/../../x', b'x')", "has a member with an unusable path: etc/../../x"),
        ("add('etc/hostname', b'evil')", "has etc/hostname twice"),
        ("add('etc/x', type=tarfile.LNKTYPE, linkname='etc/shadow')", "has a hard link: etc/x"),
        (
            "add('dev/sda', type=tarfile.BLKTYPE)",
            "has a member that is not a regular file, a directory or a symbolic link: dev/sda"
        ),
        (
            "add('pipe', type=tarfile.FIFOTYPE)",
            "has a member that is not a regular file, a directory or a symbolic link: pipe"
        ),
        ("[add(f'z{n}', bytes(1 << 20)) for n in range(80)]", "holds more than 67108864 bytes, at z"),
    ])
    func isNamed(script: String, says: String) async throws {
        let whole = try await planned()
        var evil = try Edited(whole)
        evil[Self.path] = try made(script)
        let review = try Review(from: whole, to: evil)
        #expect(review.problems.contains { $0.hasPrefix("edited: \(Self.path) \(says)") }, "\(review.problems)")
    }

    /// A truncated or damaged archive never crashes the review; a truncated one is a problem.
    @Test func isCut() async throws {
        let whole = try await planned()
        let bytes = try #require(try whole.content(of: Self.path))
        for length in stride(from: 0, to: bytes.count, by: 97) {
            var cut = try Edited(whole)
            cut[Self.path] = Array(bytes.prefix(length))
            #expect(try !Review(from: whole, to: cut).problems.isEmpty, "\(length)")
        }
        var random = SplitMix64(seed: 7)
        for _ in 0..<200 {
            var damaged = bytes
            damaged[Int.random(in: 0..<damaged.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
            var edited = try Edited(whole)
            edited[Self.path] = damaged
            _ = try Review(from: whole, to: edited)
        }
    }

    /// The review shows owners, modes and links as tar(1) would set them.
    @Test func ownersModesAndLinks() async throws {
        let whole = try await planned()
        var edited = try Edited(whole)
        edited[Self.path] = try made(
            "add('etc/\\x1b[31mred', b'a\\x1b[2Jb'); add('etc/shadow', b'root::', uid=1000, gid=1000, mode=0o4755); add('etc/cron.d', type=tarfile.SYMTYPE, linkname='/tmp')"
        )
        let review = try Review(from: whole, to: edited)
        let said = review.changes.map(\.sentence)
        // Control characters are not printed.
        #expect(!review.text().contains("\u{1B}") && !review.markdown().contains("\u{1B}"))
        #expect(said.contains { $0.hasPrefix("/etc/\u{FFFD}[31mred: added") })
        #expect(
            said.contains("/etc/shadow: added, 04755, owner 1000:1000")
                && said.contains("/etc/cron.d: added, link to /tmp"), "\(said)")
    }
}
