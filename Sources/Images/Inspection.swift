/// The result of an inspection of a file or a directory, for people and for programs.
package struct Inspection: Encodable, Sendable {
    package enum Kind: String, Encodable, Sendable {
        case image, initrd, seed, overlay
        case outputTree = "output tree"
        case netbootTree = "netboot tree"
        case netbootArchive = "netboot archive"
        case nodeFolder = "node folder"
    }

    /// The path as the user gave it.
    package var path: String
    package var kind: Kind
    /// The version text of the medium, such as the content of /.disk/info.
    var says: String?
    /// The volume name of an image.
    var volume: String?
    /// The boot records, as text for a person.
    package var boot: [String] = []
    /// The kernels and initrds on the medium.
    var installers: [Installer] = []
    /// The nodes that the medium installs, sorted by name.
    package var nodes: [NodeContent] = []
    /// The nodes that are installed when they boot from the network, by their boot files.
    var armed: [Armed] = []
    /// The problems of the medium, a clause for each.
    package var damage: [String] = []

    /// Whether there is a problem with the medium or with a node.
    package var isDamaged: Bool { !damage.isEmpty || nodes.contains { !$0.damage.isEmpty } }

    struct Installer: Encodable, Sendable {
        package var path: String
        /// The version of a kernel, or the version text in an initrd.
        package var version: String?
        /// The number of concatenated cpio archives in an initrd; nil for a kernel.
        var archives: Int?
        /// Whether an archive is the seed of a lab.
        var hasSeed: Bool?
    }

    struct Armed: Encodable, Sendable {
        package var path: String
        package var mac: String
        package var node: String?
        /// The URL of the preseed.
        package var url: String?
    }
}

/// The content of a medium for one node.
package struct NodeContent: Encodable, Sendable {
    package var name: String
    /// The codename of the Debian release.
    package var release: String?
    var macs: [String] = []
    package var serial: String?
    /// The disk that the installation erases.
    var erases: String?
    /// The password hash of root, or the kind of hash when it is hidden; nil when there is none.
    var password: String?
    /// The SHA-256 of the preseed in hex; likewise for the other files.
    var preseed: String?
    var lateCommand: String?
    var overlay: String?
    /// Whether the preseed has the digest of the late command, and the late command that of the overlay.
    var isChained = false
    package var damage: [String] = []
}
