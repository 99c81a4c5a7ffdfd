import ArgumentParser
import Build
import Foundation
import Images

struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says what is in an image, an initrd, a seed, an overlay or a folder, and for which nodes.",
        discussion: """
            Knows: ISO images, Debian's own and those of xenseed iso; initrds with and without a seed at their end;
            usb/seed.cpio.gz; overlay.tar.gz; Debian's netboot archive; what xenseed build wrote; a TFTP root. For each
            node: what it is found by, the disk that it erases, and the SHA-256 of preseed, late command and overlay,
            each of which names the next. Password hashes are shown only when asked for. Images need xorriso.

            Examples:
              xenseed inspect lab.iso
              xenseed inspect out
              xenseed inspect --format json out/usb/seed.cpio.gz
              xenseed inspect --show-secrets out/nodes/xen01

            Exit status: 0 whole, 1 damaged, or nothing that xenseed knows, 2 the command line is wrong,
            3 the environment failed (no such file, xorriso is missing).
            """)

    @Argument(help: "A file or a folder.", completion: .file())
    var path: String

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Option(help: "How it is printed.")
    var format = Format.text

    @Flag(help: "Show password hashes.")
    var showSecrets = false

    func run() throws {
        let found: Inspection
        do { found = try Inspector(showsSecrets: showSecrets).inspect(path) } catch let error as MediaError {
            complain(error.description)
            throw Exit.input
        } catch let error as OutputError { throw Exit.environment("\(error)") } catch {
            throw Exit.environment(error.localizedReason)
        }
        switch format {
        case .text: try output(found.text, terminator: "")
        case .json: try output(encoded(found), terminator: "")
        }
        if found.isDamaged { throw Exit.input }
    }
}
