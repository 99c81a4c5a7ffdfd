import Build
import Foundation
import Lab
import Synchronization
import SystemPackage

/// What nodes said, in the order in which it was heard, on disk: nothing that was acknowledged is lost, also not by `kill -9` or a power cut.
///
/// A file of lines behind a heading: sixteen digits of a record's SHA-256, a blank, the record as JSON. A line counts when it is
/// whole; what a cut left of the last one goes away when the journal is opened.
package final class Journal: Sendable {
    /// One thing that was heard.
    struct Record: Codable, Sendable, Equatable {
        enum Content: Sendable, Equatable {
            /// A post's lines: progress, and after a failure lines of the log.
            case progress([String])
            /// A verifier's report, as it came.
            case report(String)
            /// Somebody wants the node installed again.
            case armed
            /// Somebody wants the node not to be installed.
            case disarmed
            /// It starts from its own disk.
            case installed
        }

        /// By this machine's clock; whole seconds since 1970.
        package var time: Int
        package var node: String
        /// The address that it came from; nil for what nobody posted.
        package var from: String?
        package var content: Content

        init(time: Int, node: String, from: String?, content: Content) {
            (self.time, self.node, self.from, self.content) = (time, node, from, content)
        }

        private enum Key: CodingKey { case time, node, from, progress, report, event }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: Key.self)
            time = try fields.decode(Int.self, forKey: .time)
            node = try fields.decode(String.self, forKey: .node)
            from = try fields.decodeIfPresent(String.self, forKey: .from)
            content =
                if let lines = try fields.decodeIfPresent([String].self, forKey: .progress) {
                    .progress(lines)
                } else if let text = try fields.decodeIfPresent(String.self, forKey: .report) { .report(text) } else {
                    switch try fields.decode(String.self, forKey: .event) {
                    case "armed": .armed
                    case "disarmed": .disarmed
                    case "installed": .installed
                    case let event:
                        throw DecodingError.dataCorruptedError(
                            forKey: .event, in: fields, debugDescription: "no event \(event)")
                    }
                }
        }

        func encode(to encoder: any Encoder) throws {
            var fields = encoder.container(keyedBy: Key.self)
            try fields.encode(time, forKey: .time)
            try fields.encode(node, forKey: .node)
            try fields.encodeIfPresent(from, forKey: .from)
            switch content {
            case .progress(let lines): try fields.encode(lines, forKey: .progress)
            case .report(let text): try fields.encode(text, forKey: .report)
            case .armed: try fields.encode("armed", forKey: .event)
            case .disarmed: try fields.encode("disarmed", forKey: .event)
            case .installed: try fields.encode("installed", forKey: .event)
            }
        }
    }

    private static let heading = "xenseed journal 1\n"

    private struct Waiting {
        var record: Record
        var line: [UInt8]
        var done: CheckedContinuation<Void, any Error>
    }
    private struct State {
        var waiting: [Waiting] = []
        var isWriting = false
        /// The size of the file in bytes.
        var size: Int
        var file: FileDescriptor
    }

    private let path: String
    private let state: Mutex<State>
    private let queue = DispatchQueue(label: "journal")
    private let apply: @Sendable (Record) -> Void
    private let compacted: @Sendable () -> [Record]
    private let limit: Int

    /// Opens a journal, or begins one. What stands in it is applied at once.
    /// - Parameter limit: in bytes; a longer journal is written anew with what still counts.
    /// - Parameter apply: gets every record in the journal's order: what stands, then each when it is on disk.
    /// - Parameter compacted: what still counts, as records.
    /// - Returns: also how many lines were damaged, but for a last one that was cut.
    static func open(
        _ path: String, limit: Int = 16 << 20, apply: @escaping @Sendable (Record) -> Void,
        compacted: @escaping @Sendable () -> [Record]
    ) throws(ServerError) -> (journal: Journal, damaged: Int) {
        do {
            let file = try FileDescriptor.open(
                path, .readWrite, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
            do {
                let (records, size, damaged) = try read(file, path)
                for record in records { apply(record) }
                return (Journal(path, file, size, limit, apply, compacted), damaged)
            } catch {
                try? file.close()
                throw error
            }
        } catch let error as ServerError { throw error } catch { throw .failed("can't be opened", path, error) }
    }

    private init(
        _ path: String, _ file: FileDescriptor, _ size: Int, _ limit: Int,
        _ apply: @escaping @Sendable (Record) -> Void,
        _ compacted: @escaping @Sendable () -> [Record]
    ) {
        self.path = path
        self.limit = limit
        self.apply = apply
        self.compacted = compacted
        state = Mutex(State(size: size, file: file))
    }

    deinit { try? state.withLock(\.file).close() }

    /// Whether a file is a journal, or one that was cut while it was begun.
    static func isJournal(_ path: String) -> Bool {
        guard let file = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? file.close() }
        let start = (try? file.read(upToCount: heading.utf8.count)) ?? Data()
        return heading.utf8.starts(with: start)
    }

    /// What is in a journal that another process may be writing; nothing when there is none.
    static func records(in path: String) throws(ServerError) -> [Record] {
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            return try file.closeAfter { try parse(try bytes(of: file), path).records }
        } catch let error as ServerError { throw error } catch Errno.noSuchFileOrDirectory { return [] } catch {
            throw .failed("can't be read", path, error)
        }
    }

    private static func bytes(of file: FileDescriptor) throws -> [UInt8] {
        // It is shorter if another process shortens it meanwhile.
        try file.bytes(count: Int(try file.stat().size))
    }

    private struct Parsed {
        var records: [Record] = []
        var damaged = 0
        /// Where the last complete line ends; 0 when not even the heading is complete.
        var end = 0
    }

    private static func parse(_ bytes: [UInt8], _ path: String) throws(ServerError) -> Parsed {
        let heading = Array(heading.utf8)
        guard bytes.starts(with: heading) else {
            // Cut while it was begun.
            guard heading.starts(with: bytes) else { throw ServerError("\(path) is not a journal of xenseed") }
            return Parsed()
        }
        var parsed = Parsed(end: heading.count)
        var rest = bytes[parsed.end...]
        while let feed = rest.firstIndex(of: 10) {
            if let record = record(rest[..<feed]) {
                parsed.records.append(record)
            } else {
                parsed.damaged += 1
            }
            parsed.end = feed + 1
            rest = bytes[parsed.end...]
        }
        return parsed
    }

    private static func read(_ file: FileDescriptor, _ path: String) throws -> ([Record], size: Int, damaged: Int) {
        let bytes = try bytes(of: file)
        let parsed = try parse(bytes, path)
        if parsed.end == 0 {
            try write(Array(heading.utf8), to: file, at: 0)
            return ([], heading.utf8.count, 0)
        }
        if parsed.end < bytes.count { try file.resize(to: Int64(parsed.end)) }
        return (parsed.records, parsed.end, parsed.damaged)
    }

    private static func record(_ line: ArraySlice<UInt8>) -> Record? {
        let text = line.dropFirst(17)
        guard line.count > 17, sum(text).elementsEqual(line.prefix(16)) else { return nil }
        return try? JSONDecoder().decode(Record.self, from: Data(text))
    }

    private static func line(_ record: Record) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings and numbers only: nothing in it can fail.
        guard let text = try? encoder.encode(record) else { return [] }
        return Array(sum(text)) + [32] + text + [10]
    }

    private static func sum(_ text: some Sequence<UInt8>) -> Substring.UTF8View { sha256(Array(text)).prefix(16).utf8 }

    /// Returns when the record is on disk, and applied.
    func append(_ record: Record) async throws {
        let line = Self.line(record)
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            let isFirst = state.withLock { state in
                state.waiting.append(Waiting(record: record, line: line, done: done))
                defer { state.isWriting = true }
                return !state.isWriting
            }
            if isFirst { queue.async { self.write() } }
        }
    }

    /// All that waits goes to disk together.
    private func write() {
        while true {
            let (batch, file, size) = state.withLock { state in
                defer { state.waiting = [] }
                if state.waiting.isEmpty { state.isWriting = false }
                return (state.waiting, state.file, state.size)
            }
            guard !batch.isEmpty else { return }
            do {
                let bytes = batch.flatMap(\.line)
                try Self.write(bytes, to: file, at: size)
                let end = size + bytes.count
                state.withLock { $0.size = end }
                for entry in batch {
                    apply(entry.record)
                    entry.done.resume()
                }
                if end > limit { compact() }
            } catch {
                // What got there is not acknowledged, so it must not stay.
                try? file.resize(to: Int64(size))
                for entry in batch {
                    entry.done.resume(throwing: ServerError.failed("can't be written", path, error))
                }
            }
        }
    }

    private static func write(_ bytes: [UInt8], to file: FileDescriptor, at offset: Int) throws {
        try file.writeAll(toAbsoluteOffset: Int64(offset), bytes)
        try file.synchronizeData()
    }

    /// Writes it anew beside itself, and exchanges the two. Where that fails, the old one goes on.
    private func compact() {
        let bytes = Array(Self.heading.utf8) + compacted().flatMap(Self.line)
        // What still counts may be as long.
        guard bytes.count < limit / 2 else { return }
        let new = path + ".new"
        guard
            let file = try? FileDescriptor.open(
                new, .readWrite, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
        else { return }
        do {
            try file.writeAll(bytes)
            try FileSystem.replace(path, by: new)
        } catch {
            try? file.close()
            try? FileSystem.remove(new)
            return
        }
        let old = state.withLock { state in
            defer { (state.file, state.size) = (file, bytes.count) }
            return state.file
        }
        try? old.close()
    }
}
