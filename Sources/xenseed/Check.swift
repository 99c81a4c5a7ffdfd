import ArgumentParser
import Build
import Preseed

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says everything that is wrong with a lab, and writes nothing.",
        discussion: """
            Examples:
              xenseed check
              xenseed check --strict --format sarif lab.yaml
              xenseed check --release bookworm - < lab.yaml
              xenseed check --packages Packages.xz --packages non-free-firmware.xz

            --packages checks that every package that a node installs by name is in one of the
            given indices: the file Packages of a component, from a mirror's directory
            dists/RELEASE/COMPONENT/binary-amd64, compressed or not.
            """)

    @OptionGroup var lab: LabOptions

    @Option(
        help: ArgumentHelp("A Debian package index that has the nodes' packages; may be repeated.", valueName: "file"),
        completion: .file())
    var packages: [String] = []

    func run() throws {
        guard packages.count(where: { $0 == "-" }) + (lab.lab == "-" ? 1 : 0) < 2 else {
            throw Exit.usage("standard input can be one file only")
        }
        _ = try lab.read(to: .output, packages: packages.isEmpty ? nil : try packageIndex(packages))
    }
}

/// Reads package indices.
/// - Throws: ``Exit`` when a file can't be read, or is not an index.
func packageIndex(_ files: [String]) throws(Exit) -> PackageIndex {
    var index = PackageIndex()
    for file in files {
        let count: Int
        do throws(ArchiveError) {
            let archive = try ArchiveFile(file == "-" ? "/dev/stdin" : file, .compressed)
            let isEmpty = try archive.next() == nil
            count = isEmpty ? 0 : try index.add { () throws(ArchiveError) in try archive.read(atMost: 1 << 20) }
        } catch { throw .environment("\(file): \(error)") }
        guard count > 0 else {
            throw .environment("\(file): not a Debian package index; it has no field Package")
        }
    }
    return index
}
