import ArgumentParser
import Build
import FoundationEssentials
import Lab
import Preseed

struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes the lab in the formats of other programs.",
        discussion: """
            Formats:
              ansible      an inventory with groups by release, firmware and network
              ssh          a configuration for ssh (ssh_config)
              known-hosts  the host keys that the lab has in files/etc/ssh
              hosts        lines for /etc/hosts
              dns          a zone with the names, and zones for the addresses
              terraform    variables for Terraform and Packer, as JSON
              netbox       tables for NetBox 4.2, numbered in the order of their import
              all          everything, with --output

            A node has its own name at the address over which it is installed, and the
            name NODE-NETWORK at every other address. An export has no secrets.

            Examples:
              xenseed export ansible > inventory.yaml
              xenseed export ssh mylab/lab.yaml > ~/.ssh/mylab
              xenseed export dns --file dns/hl.local.zone --name-server ns.example.net
              xenseed export all --output export
            """)

    @Argument(
        help: ArgumentHelp(
            "ansible, ssh, known-hosts, hosts, dns, terraform, netbox or all.", valueName: "format"))
    var format: LabExport.Format

    @OptionGroup var lab: LabOptions

    @Option(
        name: .shortAndLong,
        help: "Write the files of the format into this directory; existing files are not replaced.",
        completion: .directory)
    var output: String?

    @Flag(help: "Replace existing files in the directory of --output.")
    var force = false

    @Option(help: ArgumentHelp("Print this one of a format's files.", valueName: "name"))
    var file: String?

    @Option(help: ArgumentHelp("The authoritative name server of the DNS zones.", valueName: "name"))
    var nameServer = "localhost"

    @Option(help: ArgumentHelp("The serial number of the DNS zones.", valueName: "number"))
    var serial: UInt32 = 1

    func validate() throws {
        if output != nil, file != nil { throw ValidationError("--output and --file can't be used together.") }
        if force, output == nil { throw ValidationError("--force needs --output.") }
        if (try? DomainName(text: nameServer)) == nil {
            throw ValidationError("--name-server needs a host name without a dot at its end.")
        }
    }

    func run() async throws {
        let authority = LabExport.ZoneAuthority(nameServer: try DomainName(text: nameServer), serial: serial)
        let export = LabExport(try lab.read(), authority: authority)
        if format == .dns || format == .all, export.lacksNameServer {
            throw CommandError.usage(
                "the lab has no address for the name server \(nameServer); name one of its nodes, or a host in another domain"
            )
        }
        let files = export.files(format)
        if let output { return try await write(files, to: output) }
        guard let chosen = file.map({ name in files.filter { $0.path == name } }) ?? (files.count == 1 ? files : nil)
        else {
            throw CommandError.usage(
                "\(format.rawValue) has \(files.count) files: give a directory with --output, or choose one with --file: \(Self.names(files))"
            )
        }
        guard let one = chosen.first else {
            throw CommandError.usage(
                "\(format.rawValue) has no file \(file ?? ""); it has: \(Self.names(files))")
        }
        try xenseed.output(String(decoding: one.content, as: UTF8.self), terminator: "")
    }

    private func write(_ files: [LabExport.File], to folder: String) async throws {
        let folder = URL(filePath: folder)
        let places = files.map { (path: folder.appending(path: $0.path), content: $0.content) }
        if !force, let file = places.first(where: { FileManager.default.fileExists(atPath: $0.path.path) }) {
            throw CommandError.environment("\(file.path.relativePath) exists already; --force replaces it")
        }
        for (path, content) in places {
            do {
                try FileManager.default.createDirectory(
                    at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
            } catch { throw CommandError.environment("\(folder.relativePath): \(error.reason)") }
            try await FileSystem.writeFile(
                content, to: path.relativePath, existing: force ? .replace : .keep, log: complain)
        }
        for (path, _) in places { try xenseed.output(path.relativePath) }
    }

    private static func names(_ files: [LabExport.File]) -> String { files.map(\.path).joined(separator: ", ") }
}

extension LabExport.Format: ExpressibleByArgument {}
