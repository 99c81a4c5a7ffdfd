/// The result of an inspection of a file or a directory, for people and for programs.
public struct Inspection: Encodable, Sendable {
    public enum Kind: String, Encodable, Sendable {
        case image, initrd, seed, overlay
        case outputTree = "output tree"
        case netbootTree = "netboot tree"
        case netbootArchive = "netboot archive"
        case nodeFolder = "node folder"
    }

    /// The path as the user gave it.
    public var path: String
    public var kind: Kind
    /// The version text of the medium, such as the content of /.disk/info.
    public var says: String?
    /// The volume name of an image.
    public var volume: String?
    /// The boot records, as text for a person.
    public var boot: [String] = []
    /// The kernels and initrds on the medium.
    public var installers: [Installer] = []
    /// The nodes that the medium installs, sorted by name.
    public var nodes: [NodeContent] = []
    /// The nodes that are installed when they boot from the network, by their boot files.
    public var armed: [Armed] = []
    /// The problems of the medium, a clause for each.
    public var damage: [String] = []

    /// Whether there is a problem with the medium or with a node.
    public var isDamaged: Bool { !damage.isEmpty || nodes.contains { !$0.damage.isEmpty } }

    public struct Installer: Encodable, Sendable {
        public var path: String
        /// The version of a kernel, or the version text in an initrd.
        public var version: String?
        /// The number of concatenated cpio archives in an initrd; nil for a kernel.
        public var archives: Int?
        /// Whether an archive is the seed of a lab.
        public var hasSeed: Bool?
    }

    public struct Armed: Encodable, Sendable {
        public var path: String
        public var mac: String
        public var node: String?
        /// The URL of the preseed.
        public var url: String?
    }
}

/// The content of a medium for one node.
public struct NodeContent: Encodable, Sendable {
    public var name: String
    /// The codename of the Debian release.
    public var release: String?
    public var macs: [String] = []
    public var serial: String?
    /// The disk that the installation erases.
    public var erases: String?
    /// The password hash of root, or the kind of hash when it is hidden; nil when there is none.
    public var password: String?
    /// The SHA-256 of the preseed in hex; likewise for the other files.
    public var preseed: String?
    public var lateCommand: String?
    public var overlay: String?
    /// Whether the preseed has the digest of the late command, and the late command that of the overlay.
    public var isChained = false
    public var damage: [String] = []
}
