import ArgumentParser
import Build
import Foundation
import Images
import Lab

struct Iso: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Puts a lab on a copy of Debian's installer image, for CD and USB.",
        discussion: """
            One image for the whole lab: a machine that starts from it finds itself by MAC address or serial number.
            The menu's first entry, taken by Enter and by waiting, starts the machine's own disk; the second installs
            the node, and ERASES its disk. The image starts by BIOS and UEFI wherever Debian's did, which is checked
            before and after. The same lab and image give the same bytes; SOURCE_DATE_EPOCH sets the time of what is
            put in. Where the lab has passwords, the image carries their hashes, and its mode is 0640.

            Takes netinst, CD and DVD images, and mini.iso, of the lab's release for amd64. Needs xorriso.

            Examples:
              xenseed iso --from debian-8.11.0-amd64-netinst.iso --output lab.iso
              xenseed iso --from mini.iso --output lab.iso --release bookworm mylab/lab.yaml
              xenseed inspect lab.iso            what is on it
              cp lab.iso /dev/sdX && sync        onto a stick: all of it, not a partition

            Exit status: 0 done, 1 the lab or the image is not fit, 2 the command line is wrong,
            3 the environment failed (xorriso is missing, the disk is full).
            """)

    @OptionGroup var lab: LabOptions

    @Option(help: "Debian's image.", completion: .file(extensions: ["iso"]))
    var from: String

    @Option(
        name: .shortAndLong, help: "The image to write; a regular file of that name is replaced.",
        completion: .file(extensions: ["iso"]))
    var output: String

    @OptionGroup var templates: TemplateOptions

    func run() async throws {
        let time = try time()
        try checkPlaces()
        try await templates.use(lab) { planner in
            let summary = try await LabImage(planner: planner, time: time).write(from: from, to: output, log: complain)
            for warning in summary.warnings { complain("warning: \(warning)") }
            let nodes = planner.lab.nodes.map(\.name.description).joined(separator: ", ")
            complain("\(output): installs \(nodes); \(summary.boot.present.joined(separator: ", "))")
            if summary.isSecret {
                complain("\(output): carries password hashes, so others can't read it (mode 0640); so does every copy")
            }
        }
    }

    private func time() throws(Exit) -> Int? {
        guard let text = ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"], !text.isEmpty else { return nil }
        // Dates of an ISO 9660 image end with the year 2155, Rock Ridge's as xorriso writes them.
        guard let time = Int(text), (0...5_869_583_999).contains(time) else {
            throw .usage("SOURCE_DATE_EPOCH is “\(text)”; it has to be seconds since 1970")
        }
        return time
    }

    /// What is never written to.
    private func checkPlaces() throws(Exit) {
        var (source, target) = (stat(), stat())
        guard stat(from, &source) == 0 else { throw .environment("\(from): \(String(cString: strerror(errno)))") }
        guard source.st_mode & S_IFMT == S_IFREG else { throw .usage("\(from) is no regular file") }
        guard stat(output, &target) == 0 else { return }
        if source.st_dev == target.st_dev, source.st_ino == target.st_ino {
            throw .usage("\(output) is the image to read from; name another file")
        }
        if target.st_mode & S_IFMT == S_IFBLK {
            throw .usage(
                "\(output) is a device; write a file, look at it, then copy it: cp lab.iso \(output) && sync")
        }
        guard target.st_mode & S_IFMT == S_IFREG else { throw .usage("\(output) is there and not a regular file") }
        // The volume descriptor of ISO 9660 is at byte 32,768 (ECMA-119, 8.1).
        if target.st_size > 0, fileBytes(output, from: 32_769, count: 5) ?? [] != Array("CD001".utf8) {
            throw .usage("\(output) is there and is not an ISO image; remove it, or name another file")
        }
    }
}
