import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Server

/// Acknowledged entries are there when the journal is opened again, even if it was cut or damaged.
@Suite(.timeLimit(.minutes(15)))
struct JournalTests {
    /// Opens a journal and collects its entries.
    private final class Opened: Sendable {
        let journal: Journal
        let damaged: Int
        private let heard: Box

        final class Box: Sendable { let records = Mutex<[Journal.Entry]>([]) }

        init(
            _ path: String, limit: Int = 1 << 20,
            compacted: @escaping @Sendable ([Journal.Entry]) -> [Journal.Entry] = { $0 }
        )
            throws
        {
            let box = Box()
            heard = box
            (journal, damaged) = try Journal.open(path, limit: limit) { record in
                box.records.withLock { $0.append(record) }
            } compacted: {
                compacted(box.records.withLock { $0 })
            }
        }

        var records: [Journal.Entry] { heard.records.withLock { $0 } }
    }

    private let records: [Journal.Entry] = [
        .init(time: 1, node: "xen01", from: "10.8.8.13", content: .progress(["xenseed/1 xen01 early - start 12.5 "])),
        .init(
            time: 2, node: "xen02", from: nil,
            content: .progress(["xenseed/1 xen02 late packages failed 900.2 \"quotes\" \\", "xenseed/1+ xen02 text"])),
        .init(time: 3, node: "xen01", from: "10.8.8.13", content: .report("{\"node\":\n \"xen01 — Ünïcode\"}\n")),
        .init(time: 4, node: "xen01", from: nil, content: .armed),
        .init(time: 5, node: "xen02", from: nil, content: .installed),
    ]

    /// - Returns: the content of the journal file.
    private func written(to path: String) async throws -> Data {
        let opened = try Opened(path)
        for record in records { try await opened.journal.append(record) }
        #expect(opened.records == records)
        return try Data(contentsOf: URL(filePath: path))
    }

    @Test func opensWhereverItWasCut() async throws {
        let folder = try TemporaryFolder()
        let whole = try await written(to: folder.url("whole").path)
        let path = folder.url("cut").path
        let more = Journal.Entry(time: 9, node: "xen03", from: nil, content: .armed)
        for length in 0...whole.count {
            try whole.prefix(length).write(to: URL(filePath: path))
            // The first line is the heading.
            let lines = whole.prefix(length).count { $0 == 10 }
            let kept = Array(records.prefix(max(0, lines - 1)))
            let opened = try Opened(path)
            #expect(opened.records == kept && opened.damaged == 0, "cut at \(length)")
            try await opened.journal.append(more)
            let again = try Opened(path)
            #expect(again.records == kept + [more] && again.damaged == 0, "cut at \(length)")
        }
    }

    @Test func aDamagedLineIsOneRecord() async throws {
        let folder = try TemporaryFolder()
        let whole = try await written(to: folder.url("whole").path)
        let path = folder.url("damaged").path
        let heading = whole.firstIndex(of: 10)! + 1
        for place in heading..<whole.count {
            var bytes = whole
            bytes[place] ^= 1
            try bytes.write(to: URL(filePath: path))
            let opened = try Opened(path)
            // A changed line feed damages one line, or joins or splits lines, so at most two entries are lost.
            #expect(opened.records.count >= records.count - 2, "byte \(place)")
            #expect(opened.records.allSatisfy { records.contains($0) }, "byte \(place)")
        }
    }

    @Test func isNotTakenFromSomebodyElse() throws {
        let folder = try TemporaryFolder()
        let path = folder.url("notes").path
        try Data("my notes\n".utf8).write(to: URL(filePath: path))
        #expect(throws: ServerError.self) { try Opened(path) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "my notes\n")
    }

    @Test func staysShort() async throws {
        let folder = try TemporaryFolder()
        let path = folder.url("journal").path
        let opened = try Opened(path, limit: 8192) { $0.suffix(3) }
        for number in 1...400 {
            try await opened.journal.append(
                .init(
                    time: number, node: "xen01", from: nil,
                    content: .progress(["xenseed/1 xen01 base - start \(number) "])))
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
            #expect(size <= 8192 + 200)
        }
        let again = try Opened(path)
        #expect(again.damaged == 0 && again.records.last?.time == 400 && again.records.count < 100)
        #expect(again.records.map(\.time) == again.records.map(\.time).sorted())
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["journal"])
    }

    /// Also when what has to be kept is larger than the limit, the file stays below twice its size.
    @Test func staysInProportion() async throws {
        let folder = try TemporaryFolder()
        let path = folder.url("journal").path
        let opened = try Opened(path, limit: 1024) { $0.suffix(40) }
        var sizes: [Int] = []
        for number in 1...600 {
            try await opened.journal.append(
                .init(
                    time: number, node: "xen01", from: nil,
                    content: .progress(["xenseed/1 xen01 base - start \(number) \(String(repeating: "x", count: 100))"])
                ))
            sizes.append(opened.journal.size)
        }
        let line = sizes[1] - sizes[0]
        #expect(sizes.max()! <= 2 * 41 * (line + 10))
        // It is not rewritten after each entry.
        #expect(zip(sizes, sizes.dropFirst()).count { $1 < $0 } <= 600 / 38)
        #expect(try Opened(path).records.suffix(40).map(\.time) == Array(561...600))
    }

    /// All entries that are appended concurrently are in the file.
    @Test func manyAtOnce() async throws {
        let folder = try TemporaryFolder()
        let path = folder.url("journal").path
        let opened = try Opened(path)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<500 {
                group.addTask {
                    try? await opened.journal.append(
                        .init(time: number, node: "node\(number)", from: nil, content: .armed))
                }
            }
        }
        let again = try Opened(path)
        #expect(again.records == opened.records && Set(again.records.map(\.time)) == Set(0..<500))
    }
}
