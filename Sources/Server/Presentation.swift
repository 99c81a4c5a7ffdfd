import Build

/// What a browser may do with the files of the server.
enum ContentSecurityPolicy {
    /// The policy of the page: its own script and style sheet, and requests to the server that it came from.
    static let page = """
        default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; \
        form-action 'none'; frame-ancestors 'none'
        """
    /// The policy of a document of the built tree: it runs nothing and requests nothing. The drawing has its own style.
    static let document = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
}

extension Routes.Route {
    /// The media type with which a browser shows the file if it is a document for people, or else saves it.
    var type: String {
        guard !path.contains("/") || path.hasPrefix("pxe/") && !PXEPath.installer.contains(path) else {
            return "application/octet-stream"
        }
        return path.hasSuffix(".svg") ? "image/svg+xml" : "text/plain; charset=utf-8"
    }
}
