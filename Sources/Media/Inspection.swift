/// What a file or a folder holds, for people and programs.
public struct Inspection: Encodable, Sendable {
    public enum Kind: String, Encodable, Sendable {
        case image, initrd, seed, overlay
        case outputTree = "output tree"
        case netbootTree = "netboot tree"
        case netbootArchive = "netboot archive"
        case nodeFolder = "node folder"
    }

    /// As the user named it.
    public var path: String
    public var kind: Kind
    /// In the medium's own words.
    public var says: String?
    /// An image's name for what mounts it.
    public var volume: String?
    /// What firmware can start.
    public var boot: [String] = []
    /// The kernels and initrds in it.
    public var installers: [Installer] = []
    /// Sorted by name.
    public var nodes: [NodeContent] = []
    /// What will be installed over the network while its files are there.
    public var armed: [Armed] = []
    /// What is wrong with it.
    public var damage: [String] = []

    /// Whether anything is wrong, with a node or with the whole.
    public var isDamaged: Bool { !damage.isEmpty || nodes.contains { !$0.damage.isEmpty } }

    public struct Installer: Encodable, Sendable {
        public var path: String
        /// A kernel's version, or what an initrd says of itself.
        public var version: String?
        /// How many cpio archives an initrd has, one after the other; nil for a kernel.
        public var archives: Int?
        /// Whether a lab's seed is among them.
        public var hasSeed: Bool?
    }

    public struct Armed: Encodable, Sendable {
        public var path: String
        public var mac: String
        public var node: String?
        /// Where its preseed comes from.
        public var url: String?
    }
}

/// What there is for one node.
public struct NodeContent: Encodable, Sendable {
    public var name: String
    /// As Debian's suites are called.
    public var release: String?
    public var macs: [String] = []
    public var serial: String?
    /// The disk that goes.
    public var erases: String?
    /// The hash of root's password; what it is hidden behind when it was not asked for; nil when there is none.
    public var password: String?
    /// SHA-256, in hex.
    public var preseed: String?
    public var lateCommand: String?
    public var overlay: String?
    /// The preseed names the late command's sum, and that the overlay's.
    public var isChained = false
    public var damage: [String] = []
}
