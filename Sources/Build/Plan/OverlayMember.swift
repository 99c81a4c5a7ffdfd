import Lab

/// A member of a node's overlay. All are owned by root.
package struct OverlayMember: Sendable {
    /// Relative to the root of the installed system: `etc/hosts`.
    package var path: String
    /// Permission bits.
    package var mode: Int
    package var kind: Kind
    /// One of ``Planner/sharedMembers``.
    private(set) var isShared = false

    package enum Kind: Sendable {
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
