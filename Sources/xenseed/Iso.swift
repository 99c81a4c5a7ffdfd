import ArgumentParser
import Build
import FoundationEssentials
import Images
import Lab
import SystemPackage

struct Iso: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "iso",
        abstract: "Adds a lab to a copy of Debian's installer image, for CD and USB.",
        discussion: """
            One image serves the whole lab: the machine that boots from it is identified
            by a MAC address or its serial number. The first entry of the menu, which is
            the default, boots the machine's own disk. The second entry installs the
            node and ERASES its disk. The image boots with BIOS and UEFI if Debian's
            image does, which is checked before and after. The same lab and image give
            the same bytes; SOURCE_DATE_EPOCH sets the time of the added files. If the
            lab has passwords, the image contains their hashes, and its mode is 0640.

            The image of Debian may be a netinst, CD or DVD image or mini.iso, of the
            lab's release for amd64. This needs xorriso.

            Examples:
              xenseed iso --from debian-8.11.0-amd64-netinst.iso --output lab.iso
              xenseed iso --from mini.iso --output lab.iso --release bookworm lab.yaml
              xenseed inspect lab.iso            show the content
              cp lab.iso /dev/sdX && sync        write it to a USB stick (the whole
                                                 stick, not a partition)

            Exit status: 0 done, 1 the lab or the image is not suitable, 2 the command
            line is wrong, 3 the environment failed (xorriso is missing, the disk is
            full).
            """)

    @OptionGroup var lab: LabOptions

    @Option(help: "The image of Debian.", completion: .file(extensions: ["iso"]))
    var from: String

    @Option(
        name: .shortAndLong, help: "The image to write; an existing ISO image is replaced.",
        completion: .file(extensions: ["iso"]))
    var output: String

    @OptionGroup var templates: TemplateOptions

    func run() async throws {
        let time = try time()
        try checkPlaces()
        try await templates.use(lab) { plan in
            let summary = try await ProgressBar.during {
                try await LabImage(plan: plan, time: time).write(from: from, to: output, log: complain)
            }
            for warning in summary.warnings { complain("warning: \(warning)") }
            let names = plan.lab.nodes.map(\.name.description)
            let nodes = names.count > 6 ? "\(names.count) nodes" : names.joined(separator: ", ")
            complain("\(output): installs \(nodes); \(summary.boot.present.joined(separator: ", "))")
            if summary.isSecret {
                complain("\(output): contains password hashes, so its mode is 0640; protect copies as well")
            }
        }
    }

    private func time() throws(CommandError) -> Int? {
        guard let text = ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"], !text.isEmpty else { return nil }
        // The dates of ISO 9660, and of Rock Ridge as xorriso writes them, end with the year 2155.
        guard let time = Int(text), (0...5_869_583_999).contains(time) else {
            throw .usage("SOURCE_DATE_EPOCH is “\(text)”, but must be a number of seconds since 1970")
        }
        return time
    }

    /// Checks that neither the source nor a file of another kind is overwritten.
    private func checkPlaces() throws(CommandError) {
        let source: Stat
        do { source = try Stat(from) } catch { throw .environment("\(from): \(error)") }
        guard source.type == .regular else { throw .usage("\(from) is not a regular file") }
        guard let target = try? Stat(output) else { return }
        if source.deviceID == target.deviceID, source.inode == target.inode {
            throw .usage("\(output) is the image to read from; use another name")
        }
        if target.type == .blockSpecial {
            throw .usage(
                "\(output) is a device; write a file, inspect it, and then copy it: cp lab.iso \(output) && sync")
        }
        guard target.type == .regular else { throw .usage("\(output) exists and is not a regular file") }
        // The volume descriptor of ISO 9660 is at byte 32,768 (ECMA-119, 8.1).
        if target.size > 0, fileBytes(output, from: 32_769, count: 5) ?? [] != Array("CD001".utf8) {
            throw .usage("\(output) exists and is not an ISO image; remove it, or use another name")
        }
    }
}
