import Build
import Foundation
import Lab
import Synchronization

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
            }
        }
    }

    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        init(_ what: String, _ path: String) {
            description = "\(path): \(what): \(String(cString: strerror(errno)))"
        }
        init(_ description: String) { self.description = description }
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
        var size: off_t
        var descriptor: Int32
    }

    private let path: String
    private let state: Mutex<State>
    private let queue = DispatchQueue(label: "journal")
    private let apply: @Sendable (Entry) -> Void
    private let compacted: @Sendable () -> [Entry]
    private let limit: Int

    /// Opens a journal, or creates it, and applies its entries.
    /// - Parameters:
    ///   - limit: The size in bytes above which the journal is replaced by its compacted entries.
    ///   - apply: Receives every entry in the order of the journal: first the existing entries, then each new one once it
    ///     is on disk.
    ///   - compacted: Returns the entries that restore the current state.
    /// - Returns: The journal, and the number of damaged lines, not counting an incomplete last line.
    static func open(
        _ path: String, limit: Int = 16 << 20, apply: @escaping @Sendable (Entry) -> Void,
        compacted: @escaping @Sendable () -> [Entry]
    ) throws(Failure) -> (journal: Journal, damaged: Int) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure("can't be opened", path) }
        do {
            let (records, size, damaged) = try read(descriptor, path)
            for record in records { apply(record) }
            let journal = Journal(path, descriptor, size, limit, apply, compacted)
            return (journal, damaged)
        } catch {
            close(descriptor)
            throw error
        }
    }

    private init(
        _ path: String, _ descriptor: Int32, _ size: off_t, _ limit: Int, _ apply: @escaping @Sendable (Entry) -> Void,
        _ compacted: @escaping @Sendable () -> [Entry]
    ) {
        self.path = path
        self.limit = limit
        self.apply = apply
        self.compacted = compacted
        state = Mutex(State(size: size, descriptor: descriptor))
    }

    deinit {
        let descriptor = state.withLock(\.descriptor)
        close(descriptor)
    }

    /// Returns whether a file is a journal, or one whose heading was not written completely.
    static func isJournal(_ path: String) -> Bool {
        guard let file = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? file.close() }
        let start = (try? file.read(upToCount: heading.utf8.count)) ?? Data()
        return heading.utf8.starts(with: start)
    }

    /// Returns the entries of a journal that another process may be writing; none when the file does not exist.
    static func records(in path: String) throws(Failure) -> [Entry] {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return [] }
            throw Failure("can't be opened", path)
        }
        defer { close(descriptor) }
        return try parse(try bytes(of: descriptor, path), path).records
    }

    private static func bytes(of descriptor: Int32, _ path: String) throws(Failure) -> [UInt8] {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Failure("can't be read", path) }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress! + count, $0.count - count, off_t(count))
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw Failure("can't be read", path) }
            // The file was truncated in the meantime.
            if got == 0 { return Array(bytes.prefix(count)) }
            count += got
        }
        return bytes
    }

    private struct Parsed {
        var records: [Entry] = []
        var damaged = 0
        /// The offset of the end of the last complete line; 0 when even the heading is incomplete.
        var end = 0
    }

    private static func parse(_ bytes: [UInt8], _ path: String) throws(Failure) -> Parsed {
        let heading = Array(heading.utf8)
        guard bytes.starts(with: heading) else {
            // The writer was interrupted within the heading.
            guard heading.starts(with: bytes) else { throw Failure("\(path) is not a journal of xenseed") }
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

    private static func read(_ descriptor: Int32, _ path: String) throws(Failure) -> ([Entry], off_t, damaged: Int) {
        let bytes = try bytes(of: descriptor, path)
        let parsed = try parse(bytes, path)
        if parsed.end == 0 {
            try write(Array(heading.utf8), to: descriptor, at: 0, path)
            return ([], off_t(heading.utf8.count), 0)
        }
        if parsed.end < bytes.count {
            guard ftruncate(descriptor, off_t(parsed.end)) == 0 else { throw Failure("can't be repaired", path) }
        }
        return (parsed.records, off_t(parsed.end), parsed.damaged)
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
            let (batch, descriptor, size) = state.withLock { state in
                defer { state.waiting = [] }
                if state.waiting.isEmpty { state.isWriting = false }
                return (state.waiting, state.descriptor, state.size)
            }
            guard !batch.isEmpty else { return }
            do throws(Failure) {
                let bytes = batch.flatMap(\.line)
                try Self.write(bytes, to: descriptor, at: size, path)
                let end = size + off_t(bytes.count)
                state.withLock { $0.size = end }
                for entry in batch {
                    apply(entry.record)
                    entry.done.resume()
                }
                if end > limit { compact() }
            } catch {
                // The entries were not acknowledged, so no part of them may stay in the file.
                ftruncate(descriptor, size)
                for entry in batch { entry.done.resume(throwing: error) }
            }
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32, at place: off_t, _ path: String) throws(Failure) {
        var count = 0
        while count < bytes.count {
            let put = bytes.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress! + count, $0.count - count, place + off_t(count))
            }
            if put < 0, errno == EINTR { continue }
            guard put > 0 else { throw Failure("can't be written", path) }
            count += put
        }
        guard fdatasync(descriptor) == 0 else { throw Failure("can't be written", path) }
    }

    /// Writes the compacted entries to a new file, which replaces the journal. After an error, the old file stays in use.
    private func compact() {
        let bytes = Array(Self.heading.utf8) + compacted().flatMap(Self.line)
        // Otherwise the new file would soon reach the limit again.
        guard bytes.count < limit / 2 else { return }
        let newPath = path + ".new"
        let descriptor = Glibc.open(newPath, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        do throws(Failure) {
            try Self.write(bytes, to: descriptor, at: 0, newPath)
            do { try FileSystem.replace(path, by: newPath) } catch { throw Failure(error.description) }
        } catch {
            close(descriptor)
            unlink(newPath)
            return
        }
        let old = state.withLock { state in
            defer { (state.descriptor, state.size) = (descriptor, off_t(bytes.count)) }
            return state.descriptor
        }
        close(old)
    }
}
