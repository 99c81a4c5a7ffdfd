import ArgumentParser
import Build
import Preseed

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Validates a lab and reports every problem; writes nothing.",
        discussion: """
            Examples:
              xenseed check
              xenseed check --strict --format sarif lab.yaml
              xenseed check --release bookworm - < lab.yaml
              xenseed check --packages Packages.xz --packages non-free-firmware.xz

            --packages checks that the indices have every package that the nodes
            install. An index is the file Packages of a component, from a mirror's
            directory dists/RELEASE/COMPONENT/binary-amd64, compressed or not.
            """)

    @OptionGroup var lab: LabOptions

    @Option(
        help: ArgumentHelp("A Debian package index with the nodes' packages; may be repeated.", valueName: "file"),
        completion: .file())
    var packages: [String] = []

    func run() throws {
        guard packages.count(where: { $0 == "-" }) + (lab.lab == "-" ? 1 : 0) < 2 else {
            throw CommandError.usage("standard input can be given only once")
        }
        _ = try lab.read(to: .output, packages: packages.isEmpty ? nil : try packageIndex(packages))
    }
}

/// Reads package indices.
/// - Throws: ``CommandError`` when a file can't be read, or is not an index.
func packageIndex(_ files: [String]) throws(CommandError) -> PackageIndex {
    var index = PackageIndex()
    for file in files {
        let count: Int
        do throws(BuildError) {
            let archive = try ArchiveFile(file == "-" ? "/dev/stdin" : file, .compressed)
            let isEmpty = try archive.next() == nil
            count = isEmpty ? 0 : try index.add { () throws(BuildError) in try archive.read(atMost: 1 << 20) }
        } catch { throw .environment("\(file): \(error)") }
        guard count > 0 else {
            throw .environment("\(file): not a Debian package index; it has no field Package")
        }
    }
    return index
}
