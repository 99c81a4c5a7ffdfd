import ArgumentParser
import FoundationEssentials
import Images
import Server

struct Netboot: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "netboot",
        abstract: "Adds Debian's netboot archive to the TFTP root of a lab.",
        discussion: """
            Builds the lab and adds the installer's kernel, initrd and boot loaders to
            pxe/tftp, in one step. Their digests are in pxe/installer.sha256.

            Nothing is downloaded. Fetch netboot.tar.gz and SHA256SUMS of the lab's
            release from a mirror (netboot/netboot.tar.gz and SHA256SUMS in
            dists/RELEASE/main/installer-amd64/current/images/), and
            dists/RELEASE/InRelease. With all three, Debian's signature is verified:
            InRelease is signed by Debian's archive keys and has the digest of
            SHA256SUMS, which has that of the archive. This needs Debian's packages gpgv
            and debian-archive-keyring. The keys of old releases such as jessie are
            withdrawn; their signatures count with a warning.

            --firmware adds firmware to the installer's initrd, for network cards that
            do not work without it: Debian's firmware.cpio.gz of the release
            (cdimage.debian.org/cdimage/firmware/), or single packages such as
            firmware-bnx2. Set nonfree_firmware: true in the lab to install firmware on
            the nodes as well.

            Examples:
              xenseed netboot --archive netboot.tar.gz --sums SHA256SUMS \\
                  --release-file InRelease
              xenseed netboot --archive netboot.tar.gz \\
                  --firmware firmware-bnx2_20230210-5_all.deb
              xenseed netboot --archive netboot.tar.gz --ipxe /usr/lib/ipxe \\
                  --output /srv/lab mylab/lab.yaml
            """)

    @OptionGroup var lab: LabOptions
    @OptionGroup var tree: TreeOptions
    @OptionGroup var state: StateOptions

    @Option(help: "Debian's netboot.tar.gz for amd64.", completion: .file(extensions: ["gz"]))
    var archive: String

    @Option(help: "Debian's SHA256SUMS, with which the archive is checked.", completion: .file())
    var sums: String?

    @Option(
        help: "Debian's InRelease, or Release with Release.gpg beside it, with which SHA256SUMS is checked.",
        completion: .file())
    var releaseFile: String?

    @Option(
        help: ArgumentHelp(
            "A keyring with the keys that may sign the release file. (default: those of Debian's package debian-archive-keyring)"
        ),
        completion: .file(extensions: ["gpg"]))
    var keyring: String?

    @Option(
        help: "A directory with undionly.kpxe and snponly.efi, as in Debian's package ipxe.", completion: .directory)
    var ipxe: String?

    @Option(
        help: ArgumentHelp(
            "Firmware for the installer: a cpio archive or a package; may be repeated.", valueName: "file"),
        completion: .file())
    var firmware: [String] = []

    func validate() throws {
        if releaseFile != nil, sums == nil {
            throw ValidationError("--release-file has the digest of SHA256SUMS: give that file with --sums.")
        }
        if keyring != nil, releaseFile == nil {
            throw ValidationError("--keyring is for the signature of the release file: give that with --release-file.")
        }
    }

    func run() async throws {
        for file in [archive] + firmware + [sums, releaseFile, keyring].compactMap(\.self)
        where !FileManager.default.isReadableFile(atPath: file) {
            throw CommandError.environment(
                "\(file): \(FileManager.default.fileExists(atPath: file) ? "can't be read" : "no such file")")
        }
        try await tree.use(lab) { tree, folder in
            let lock = try await tree.lock(log: complain)
            let states = try state.directory(of: lab).states(of: tree.plan.lab)
            let source = NetbootSource(archive: archive, sums: sums, releaseFile: releaseFile, keyring: keyring)
            let summary = try await ProgressBar.during {
                try await NetbootTree(tree).unpack(
                    source, ipxe: ipxe, firmware: firmware, holding: lock, disarmed: StateDirectory.disarmed(states))
            }
            bootReport(summary.lab.boot, states).forEach(complain)
            complain("\(folder): \(summary.lab.text)")
            complain("\(folder)/pxe/tftp: installer \(summary.build), \(summary.files) files from Debian")
            if summary.firmware > 0 {
                complain(
                    "\(folder)/pxe/tftp: the installer has \(summary.firmware) firmware package\(summary.firmware == 1 ? "" : "s")"
                )
                if !tree.plan.lab.usesNonfreeFirmware {
                    complain("the lab does not have nonfree_firmware: true, so the installed nodes will lack firmware")
                }
            }
            if let proof = summary.proof { complain(proof) }
            for warning in summary.warnings { complain("warning: \(warning)") }
            for path in summary.replaced { complain("\(folder)/\(path): kept the file of the lab, not Debian's") }
        }
    }
}
