import FoundationEssentials
import Glibc
import Preseed
import SystemPackage

/// The streams of all commands: the result goes to standard output, everything else to standard error.
enum StandardStream: Int32 { case output = 1, error = 2 }

/// Opens those of the three standard descriptors that the caller closed, before a file gets their numbers. Output and input
/// are opened so that using them fails.
func reserveStandardDescriptors() {
    for (descriptor, mode) in [(Int32(0), O_WRONLY), (1, O_RDONLY), (2, O_RDWR)] {
        if fcntl(descriptor, F_GETFD) == -1 { _ = open("/dev/null", mode) }
    }
}

/// Writes a line, or with another terminator any text, to standard output.
/// - Throws: ``CommandError`` when it can't be written: what was asked for is lost.
func output(_ text: String, terminator: String = "\n") throws(CommandError) {
    if let reason = write(text + terminator, to: .output) {
        throw .environment("standard output can't be written, so the output is incomplete: \(reason)")
    }
}

/// Writes lines of diagnostics or progress to standard error. When they can't be written, the command goes on, because they
/// are not its result.
///
/// Parts of the text may come from others, so no character in it controls the terminal. Whoever puts such a part into a line
/// has to replace its line feeds.
func complain(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    _ = write(lines.map { DiagnosticReport.printable(String($0)) + "\n" }.joined(), to: .error)
}

/// Writes a text to a stream, in place of a progress bar.
/// - Returns: The message of the system when the stream can't be written.
func write(_ text: String, to stream: StandardStream) -> String? {
    if !text.isEmpty { ProgressBar.shared.clear() }
    return writeBytes(text, to: stream)
}

/// Writes a text to a stream.
/// - Returns: The message of the system when the stream can't be written.
func writeBytes(_ text: String, to stream: StandardStream) -> String? {
    let file = FileDescriptor(rawValue: stream.rawValue)
    var text = text
    return text.withUTF8 { bytes in
        var done = 0
        while done < bytes.count {
            do {
                done += try file.write(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[done...]))
            } catch Errno.resourceTemporarilyUnavailable {
                // Another process has made the stream non-blocking.
                var waiting = pollfd(fd: stream.rawValue, events: Int16(POLLOUT), revents: 0)
                guard poll(&waiting, 1, stream == .error ? 1000 : -1) != 0 else { return "it is not being read" }
            } catch { return "\(error)" }
        }
        return nil
    }
}

func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

/// Returns whether text may be coloured: on a terminal, unless NO_COLOR is set.
func isColoured(_ descriptor: Int32) -> Bool {
    isTerminal(descriptor) && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
}

/// Returns the size of the terminal on a standard stream; 80 columns and 24 rows if it has none.
func terminalSize(of stream: StandardStream = .output) -> (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(stream.rawValue, UInt(TIOCGWINSZ), &size) == 0 else { return (80, 24) }
    return (size.ws_col >= 20 ? Int(size.ws_col) : 80, size.ws_row >= 5 ? Int(size.ws_row) : 24)
}
