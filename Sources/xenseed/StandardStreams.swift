import Foundation
import SystemPackage

/// What a command was asked for goes to standard output, everything else to standard error. All commands write here.
enum StandardStream: Int32 { case output = 1, error = 2 }

/// Opens what the caller closed of the three standard descriptors, before any file can get their numbers. Output and input
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
        throw .environment("standard output can't be written, and what was asked for is not complete: \(reason)")
    }
}

/// Writes diagnostics or progress to standard error. When it can't be written, the command goes on: nobody asked for it.
func complain(_ text: String) { _ = write(text + "\n", to: .error) }

/// - Returns: the system's message when it can't be written.
func write(_ text: String, to stream: StandardStream) -> String? {
    let file = FileDescriptor(rawValue: stream.rawValue)
    var text = text
    return text.withUTF8 { bytes in
        var done = 0
        while done < bytes.count {
            do {
                done += try file.write(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[done...]))
            } catch Errno.resourceTemporarilyUnavailable {
                // Somebody else made it non-blocking.
                var waiting = pollfd(fd: stream.rawValue, events: Int16(POLLOUT), revents: 0)
                guard poll(&waiting, 1, stream == .error ? 1000 : -1) != 0 else { return "nobody reads it" }
            } catch { return "\(error)" }
        }
        return nil
    }
}

func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

/// Whether what goes there may be coloured: on a terminal, unless NO_COLOR is set.
func isColoured(_ descriptor: Int32) -> Bool {
    isTerminal(descriptor) && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
}
