import Foundation

/// A request that the test server `posts.py` has received.
package struct Post: Decodable, Equatable {
    package var path: String
    /// The header Authorization.
    package var token: String?
    package var host: String?
    package var body: String
    /// The status of the answer, or the fault in its place.
    package var answer: String

    package var lines: [String] { body.split(separator: "\n").map(String.init) }
    /// Whether the server has stored it.
    package var isStored: Bool { answer == "200" && !path.hasSuffix("/claim") }

    /// Returns the requests in the server's file; none if there is no such file.
    package static func read(_ path: String) throws -> [Post] {
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return try text.split(separator: "\n").map { try JSONDecoder().decode(Post.self, from: Data($0.utf8)) }
    }
}
