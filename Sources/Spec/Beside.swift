/// The files beside a lab file, as far as the lab names them: the reader's only way to the outside.
public struct Beside: Sendable {
    /// A regular file.
    public struct File: Sendable {
        /// Relative to the folder that was listed, parts joined by slashes.
        public var path: String
        public var isExecutable: Bool
        public var content: [UInt8]

        public init(path: String, isExecutable: Bool, content: [UInt8]) {
            self.path = path
            self.isExecutable = isExecutable
            self.content = content
        }
    }

    /// Why a file can't be used, for the message: `no such file`.
    public struct Unreadable: Error {
        public var reason: String
        public init(_ reason: String) { self.reason = reason }
    }

    /// The bytes of one file.
    public var read: @Sendable (_ path: String) throws(Unreadable) -> [UInt8]
    /// Every file below a folder, in any order.
    public var list: @Sendable (_ folder: String) throws(Unreadable) -> [File]

    public init(
        read: @escaping @Sendable (String) throws(Unreadable) -> [UInt8],
        list: @escaping @Sendable (String) throws(Unreadable) -> [File]
    ) {
        self.read = read
        self.list = list
    }
}
