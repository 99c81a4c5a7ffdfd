import Lab

/// A member of a node's overlay. All are owned by root.
public struct OverlayMember: Sendable {
    /// Relative to the root of the installed system: `etc/hosts`.
    public var path: String
    /// Permission bits.
    public var mode: Int
    public var kind: Kind
    /// One of ``Planner/sharedMembers``.
    public private(set) var isShared = false

    public enum Kind: Sendable {
        case file([UInt8])
        case folder
        /// To this target.
        case link(String)
    }

    init(_ path: OverlayPath, mode: Int = 0o644, _ kind: Kind, isShared: Bool = false) {
        self.path = path.rawValue
        self.mode = mode
        self.kind = kind
        self.isShared = isShared
    }

    init(_ file: ExtraFile) {
        path = String(file.path.description.dropFirst())
        mode = file.mode
        kind =
            switch file.kind {
            case .file(let content): .file(content)
            case .link(let target): .link(target)
            case .folder: .folder
            }
    }
}
