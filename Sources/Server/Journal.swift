import Build
import Dispatch
import FoundationEssentials
import Lab
import Synchronization
import SystemPackage

/// A file with the posts of the nodes and the requests of users, in the order of their arrival. An entry that was
/// acknowledged is on disk and survives `kill -9` and a power failure.
///
/// The file has a heading and then a line for each entry: the first sixteen hex digits of the SHA-256 of the JSON text, a
/// blank, and the JSON text. An incomplete last line, as a power failure leaves it, is removed when the journal is opened.
package final class Journal: Sendable {
    /// One post of a node, or one event.
    struct Entry: Codable, Sendable, Equatable {
        enum Content: Sendable, Equatable {
            /// The lines of a post: a progress line, and after a failure lines of the log.
            case progress([String])
            /// The text of a verifier's report, as it was posted.
            case report(String)
            /// A user requested that the node is installed.
            case armed
            /// A user requested that the node is not installed.
            case disarmed
            /// The node boots from its own disk.
            case installed
            /// The sender is the machine that is installed as the node (``NodeBinding``).
            case bound
            /// The sender received a token; the value is its SHA-256 in hex.
            case token(String)
        }

        /// The time in seconds since 1970, by the clock of this machine.
        package var time: Int
        package var node: String
        /// The address of the sender; nil for an entry that was not posted.
        package var from: String?
        package var content: Content

        init(time: Int, node: String, from: String?, content: Content) {
            (self.time, self.node, self.from, self.content) = (time, node, from, content)
        }

        private enum Key: CodingKey { case time, node, from, progress, report, token, event }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: Key.self)
            time = try fields.decode(Int.self, forKey: .time)
            node = try fields.decode(String.self, forKey: .node)
            from = try fields.decodeIfPresent(String.self, forKey: .from)
            content =
                if let lines = try fields.decodeIfPresent([String].self, forKey: .progress) {
                    .progress(lines)
                } else if let text = try fields.decodeIfPresent(String.self, forKey: .report) {
                    .report(text)
                } else if let digest = try fields.decodeIfPresent(String.self, forKey: .token) {
                    .token(digest)
                } else {
                    switch try fields.decode(String.self, forKey: .event) {
                    case "armed": .armed
                    case "disarmed": .disarmed
                    case "installed": .installed
                    case "bound": .bound
                    case let event:
                        throw DecodingError.dataCorruptedError(
                            forKey: .event, in: fields, debugDescription: "unknown event \(event)")
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
            case .bound: try fields.encode("bound", forKey: .event)
            case .token(let digest): try fields.encode(digest, forKey: .token)
            }
        }
    }

    private static let heading = "xenseed journal 1\n"

    private struct Waiting {
        var record: Entry
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
    private let apply: @Sendable (Entry) -> Void
    private let compacted: @Sendable () -> [Entry]
    private let limit: Int
    /// The size in bytes above which the journal is compacted next.
    private let threshold: Mutex<Int>

    /// Opens a journal, or creates it, and applies its entries.
    /// - Parameters:
    ///   - limit: The size in bytes above which the journal is replaced by its compacted entries, unless these take more than half
    ///     of it; then at twice their size.
    ///   - apply: Receives every entry in the order of the journal: first the existing entries, then each new one once it
    ///     is on disk.
    ///   - compacted: Returns the entries that restore the current state.
    /// - Returns: The journal, and the number of damaged lines, not counting an incomplete last line.
    static func open(
        _ path: String, limit: Int = 16 << 20, apply: @escaping @Sendable (Entry) -> Void,
        compacted: @escaping @Sendable () -> [Entry]
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
        _ apply: @escaping @Sendable (Entry) -> Void,
        _ compacted: @escaping @Sendable () -> [Entry]
    ) {
        self.path = path
        self.limit = limit
        threshold = Mutex(limit)
        self.apply = apply
        self.compacted = compacted
        state = Mutex(State(size: size, file: file))
    }

    deinit { try? state.withLock(\.file).close() }

    /// Returns whether a file is a journal, or one whose heading was not written completely.
    static func isJournal(_ path: String) -> Bool {
        guard let file = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec) else { return false }
        let start = try? file.closeAfter { try file.bytes(count: heading.utf8.count) }
        return heading.utf8.starts(with: start ?? [])
    }

    /// Returns the entries of a journal that another process may be writing; none when the file does not exist.
    static func records(in path: String) throws(ServerError) -> [Entry] {
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
        var records: [Entry] = []
        var damaged = 0
        /// The offset of the end of the last complete line; 0 when even the heading is incomplete.
        var end = 0
    }

    private static func parse(_ bytes: [UInt8], _ path: String) throws(ServerError) -> Parsed {
        let heading = Array(heading.utf8)
        guard bytes.starts(with: heading) else {
            // The writer was interrupted within the heading.
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

    private static func read(_ file: FileDescriptor, _ path: String) throws -> ([Entry], size: Int, damaged: Int) {
        let bytes = try bytes(of: file)
        let parsed = try parse(bytes, path)
        if parsed.end == 0 {
            try write(Array(heading.utf8), to: file, at: 0)
            return ([], heading.utf8.count, 0)
        }
        if parsed.end < bytes.count { try file.resize(to: Int64(parsed.end)) }
        return (parsed.records, parsed.end, parsed.damaged)
    }

    private static func record(_ line: ArraySlice<UInt8>) -> Entry? {
        let text = line.dropFirst(17)
        guard line.count > 17, sum(text).elementsEqual(line.prefix(16)) else { return nil }
        return try? JSONDecoder().decode(Entry.self, from: Data(text))
    }

    private static func line(_ record: Entry) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // An entry has only strings and numbers, which can always be encoded.
        guard let text = try? encoder.encode(record) else { return [] }
        return Array(sum(text)) + [32] + text + [10]
    }

    private static func sum(_ text: some Sequence<UInt8>) -> Substring.UTF8View { sha256(Array(text)).prefix(16).utf8 }

    /// Appends an entry. Returns when the entry is on disk and has been applied.
    func append(_ record: Entry) async throws {
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

    /// Writes all waiting entries, and those that arrive in the meantime.
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
                if end > threshold.withLock({ $0 }) { compact() }
            } catch {
                // The entries were not acknowledged, so no part of them may stay in the file.
                try? file.resize(to: Int64(size))
                for entry in batch {
                    entry.done.resume(throwing: ServerError.failed("can't be written", path, error))
                }
            }
        }
    }

    /// The size of the file in bytes.
    var size: Int { state.withLock(\.size) }

    private static func write(_ bytes: [UInt8], to file: FileDescriptor, at offset: Int) throws {
        try file.writeAll(toAbsoluteOffset: Int64(offset), bytes)
        try file.synchronizeData()
    }

    /// Writes the compacted entries to a new file, which replaces the journal. After an error, the old file stays in use.
    ///
    /// The next compaction follows when the file has doubled, so each one at least halves the file, and all of them together write
    /// no more than twice what was appended.
    private func compact() {
        let bytes = Array(Self.heading.utf8) + compacted().flatMap(Self.line)
        threshold.withLock { $0 = max(limit, 2 * bytes.count) }
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
            // It is tried again, but not after each entry.
            threshold.withLock { $0 = state.withLock(\.size) + limit }
            return
        }
        let old = state.withLock { state in
            defer { (state.file, state.size) = (file, bytes.count) }
            return state.file
        }
        try? old.close()
    }
}
