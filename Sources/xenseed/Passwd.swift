import ArgumentParser
import CCrypt
import Foundation
import SystemPackage

struct Passwd: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Reads a password twice and prints its crypt(3) hash ($6$, SHA-512), for access.root_password.",
        discussion: """
            Example:
              xenseed passwd > root.hash
            """)

    func run() throws {
        guard let terminal = fopen("/dev/tty", "r+") else {
            throw CommandError.environment("no terminal to read a password from")
        }
        defer { fclose(terminal) }
        let password = try ask("Password: ", terminal)
        guard !password.isEmpty else { throw CommandError.usage("an empty password is none") }
        guard try ask("Again: ", terminal) == password else { throw CommandError.usage("the two passwords differ") }
        // libxcrypt takes the salt from the kernel's random numbers.
        guard let setting = crypt_gensalt("$6$", 0, nil, 0), let hash = crypt(password, setting), hash[0] != 42 else {
            throw CommandError.environment("crypt(3) made no hash: \(Errno(rawValue: errno))")
        }
        try output(String(cString: hash))
    }

    /// Without echo.
    private func ask(_ prompt: String, _ terminal: UnsafeMutablePointer<FILE>) throws(CommandError) -> String {
        let descriptor = fileno(terminal)
        var settings = termios()
        guard tcgetattr(descriptor, &settings) == 0 else { throw .environment("the terminal can't be set up") }
        var silent = settings
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(descriptor, TCSAFLUSH, &silent)
        defer {
            tcsetattr(descriptor, TCSAFLUSH, &settings)
            fputs("\n", terminal)
        }
        fputs(prompt, terminal)
        fflush(terminal)
        var line: [UInt8] = []
        while case let byte = getc(terminal), byte != EOF, byte != 10 { line.append(UInt8(truncatingIfNeeded: byte)) }
        return String(decoding: line, as: UTF8.self)
    }
}
