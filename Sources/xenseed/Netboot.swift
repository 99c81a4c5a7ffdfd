import ArgumentParser
import Foundation
import Images
import Server

struct Netboot: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Completes a lab's TFTP root with Debian's netboot archive.",
        discussion: """
            Builds the lab and puts kernel, initrd and boot loaders beside its own files
            in pxe/tftp, all in one step. Nothing is downloaded: fetch netboot.tar.gz
            and SHA256SUMS of the lab's release from a mirror
            (dists/RELEASE/main/installer-amd64/current/images/), and check SHA256SUMS
            by the mirror's Release.gpg.

            --firmware is for network cards that need firmware before anything can be fetched: Debian's
            firmware.cpio.gz of the release (cdimage.debian.org/cdimage/firmware/), or single packages
            such as firmware-bnx2. It is put behind the installer's initrd. Write nonfree_firmware: true
            in the lab, so that the installed nodes have firmware, too.

            Examples:
              xenseed netboot --archive netboot.tar.gz --sums SHA256SUMS
              xenseed netboot --archive netboot.tar.gz --firmware firmware-bnx2_20230210-5_all.deb
              xenseed netboot --archive netboot.tar.gz --ipxe /usr/lib/ipxe \\
                  --output /srv/lab mylab/lab.yaml
            """)

    @OptionGroup var lab: LabOptions
    @OptionGroup var tree: TreeOptions
    @OptionGroup var state: StateOptions

    @Option(help: "Debian's netboot.tar.gz for amd64.", completion: .file(extensions: ["gz"]))
    var archive: String

    @Option(help: "Debian's SHA256SUMS; the archive has to be in it.", completion: .file())
    var sums: String?

    @Option(
        help: "A folder with undionly.kpxe and snponly.efi; Debian's package ipxe has them.", completion: .directory)
    var ipxe: String?

    @Option(
        help: ArgumentHelp(
            "Firmware for the installer: a cpio archive or a package; may be repeated.", valueName: "file"),
        completion: .file())
    var firmware: [String] = []

    func run() async throws {
        let listed: [UInt8]?
        do { listed = try sums.map { [UInt8](try Data(contentsOf: URL(filePath: $0))) } } catch {
            throw Exit.environment("\(sums!): \(error.localizedReason)")
        }
        for file in [archive] + firmware where !FileManager.default.isReadableFile(atPath: file) {
            throw Exit.environment(
                "\(file): \(FileManager.default.fileExists(atPath: file) ? "can't be read" : "no such file")")
        }
        try await tree.use(lab) { tree, folder in
            let lock = try await tree.lock(log: complain)
            let states = try state.directory(of: lab).states(of: tree.planner.lab)
            let summary = try await NetbootTree(tree).unpack(
                archive, sums: listed, ipxe: ipxe, firmware: firmware, holding: lock,
                disarmed: StateDirectory.disarmed(states))
            bootReport(summary.lab.boot, states).forEach(complain)
            complain("\(folder): \(summary.lab.words)")
            complain("\(folder)/pxe/tftp: installer \(summary.build), \(summary.files) files of Debian's")
            if summary.firmware > 0 {
                complain(
                    "\(folder)/pxe/tftp: the installer has \(summary.firmware) firmware package\(summary.firmware == 1 ? "" : "s")"
                )
                if !tree.planner.lab.usesNonfreeFirmware {
                    complain("the lab says no nonfree_firmware: true, so the installed nodes will not have firmware")
                }
            }
            for path in summary.replaced { complain("\(folder)/\(path): the lab's own, not Debian's") }
        }
    }
}
