import ArgumentParser
import CCrypt
import FoundationEssentials
import Glibc
import SystemPackage

struct Passwd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passwd",
        abstract: "Reads a password and prints its hash for access.root_password.",
        discussion: """
            Asks for the password twice on the terminal. The hash is that of crypt(3)
            with SHA-512 ($6$).

            Example:
              xenseed passwd > root.hash
            """)

    func run() throws {
        guard let terminal = fopen("/dev/tty", "r+") else {
            throw CommandError.environment("there is no terminal to read the password from")
        }
        defer { fclose(terminal) }
        let password = try read("Password: ", terminal)
        guard !password.isEmpty else { throw CommandError.usage("the password is empty") }
        guard try read("Again: ", terminal) == password else { throw CommandError.usage("the two passwords differ") }
        // libxcrypt takes the salt from the random number generator of the kernel.
        guard let setting = crypt_gensalt("$6$", 0, nil, 0), let hash = crypt(password, setting), hash[0] != 42 else {
            throw CommandError.environment("crypt(3) failed: \(Errno(rawValue: errno))")
        }
        try output(String(cString: hash))
    }

    /// Reads a line from the terminal without echo.
    private func read(_ prompt: String, _ terminal: UnsafeMutablePointer<FILE>) throws(CommandError) -> String {
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
