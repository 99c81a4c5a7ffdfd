import ArgumentParser
import Build
import FoundationEssentials
import Images

struct Inspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Shows what a boot medium or an output directory installs.",
        discussion: """
            Reads ISO images of Debian and of xenseed iso, initrds with or without a
            seed, usb/seed.cpio.gz, overlay.tar.gz, Debian's netboot archive,
            directories that xenseed build wrote, and TFTP roots. For each node, it
            shows how the machine is identified, the disk that is erased, and the
            SHA-256 of preseed, late command and overlay, of which each contains the
            next. Password hashes are hidden by default. Images need xorriso.

            Examples:
              xenseed inspect lab.iso
              xenseed inspect out
              xenseed inspect --format json out/usb/seed.cpio.gz
              xenseed inspect --show-secrets out/nodes/xen01

            Exit status: 0 undamaged, 1 damaged or of an unknown type, 2 the command
            line is wrong, 3 the environment failed (no such file, xorriso is missing).
            """)

    @Argument(help: "A file or a directory.", completion: .file())
    var path: String

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Option(help: "The output format.")
    var format = Format.text

    @Flag(help: "Show password hashes.")
    var showSecrets = false

    func run() async throws {
        let found = try await ProgressBar.during { try await Inspector(showsSecrets: showSecrets).inspect(path) }
        switch format {
        case .text: try output(found.text, terminator: "")
        case .json: try output(encoded(found), terminator: "")
        }
        if found.isDamaged { throw CommandError.input }
    }
}
