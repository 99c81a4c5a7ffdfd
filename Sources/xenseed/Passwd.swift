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
            Asks for the password twice on the terminal, or reads it from standard
            input. The hash is that of crypt(3) with SHA-512 ($6$).

            Examples:
              xenseed passwd > root.hash
              pass show lab/root | xenseed passwd --stdin > root.hash
            """)

    @Flag(help: "Read the password from standard input: one line, whose end is not part of it.")
    var stdin = false

    func run() throws {
        let password = try stdin ? readStandardInput() : readTerminal()
        guard !password.isEmpty else { throw CommandError.usage("the password is empty") }
        // libxcrypt takes the salt from the random number generator of the kernel.
        guard let setting = crypt_gensalt("$6$", 0, nil, 0), let hash = crypt(password, setting), hash[0] != 42 else {
            throw CommandError.environment("crypt(3) failed: \(Errno(rawValue: errno))")
        }
        try output(String(cString: hash))
    }

    /// The maximum length of a password in bytes: CRYPT_MAX_PASSPHRASE_SIZE of libxcrypt, with the zero byte at the end.
    private static let longest = 511

    private func readStandardInput() throws(CommandError) -> String {
        var bytes = [UInt8](try content(of: "-", atMost: Self.longest + 2))
        if bytes.last == 10 { bytes.removeLast() }
        guard bytes.count <= Self.longest else {
            throw .usage("the password is longer than \(Self.longest) bytes")
        }
        guard !bytes.contains(where: { $0 == 10 || $0 == 0 }), let password = String(validating: bytes, as: UTF8.self)
        else { throw .usage("standard input is not one line of UTF-8") }
        return password
    }

    private func readTerminal() throws(CommandError) -> String {
        guard let terminal = fopen("/dev/tty", "r+") else {
            throw .environment("there is no terminal to read the password from; --stdin reads it from standard input")
        }
        defer { fclose(terminal) }
        let password = try read("Password: ", terminal)
        if password.isEmpty { return password }
        guard try read("Again: ", terminal) == password else { throw .usage("the two passwords differ") }
        return password
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
