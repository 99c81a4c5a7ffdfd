import Preseed

/// The SSH keys of a node with replicated guests, which `xenseed keys` makes beside the lab.
package struct NodeKeys: Hashable, Sendable {
    /// What a key pair is for. The raw value is the extension of its private key's file.
    package enum Purpose: String, CaseIterable, Sendable {
        /// The node logs in on its peers with this key, to migrate guests.
        case migration
        /// The node identifies itself to its peers with this key, so that they know it from their first boot on.
        case host

        /// Returns the name of the file with a node's private key.
        package func privateFile(of node: Hostname) -> String { "\(node).\(rawValue)" }
        /// Returns the name of the file with a node's public key.
        package func publicFile(of node: Hostname) -> String { "\(node).\(rawValue).pub" }
    }

    package struct Pair: Hashable, Sendable {
        package let publicKey: AuthorizedKey
        /// The content of the file; nil when it is not there, as in a clone of the lab.
        package let privateKey: [UInt8]?
    }

    package let migration: Pair
    package let host: Pair
}
