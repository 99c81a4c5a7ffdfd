import Preseed

/// Reads the fields `files` and `late_script` of a node, and the files that they refer to.
struct ExtrasReader {
    let reader: SpecReader

    /// Returns the user's files and the settings for them.
    func files(_ node: Fields) -> (source: FileSource?, files: [ExtraFile]) {
        guard node["files"] != nil else { return (nil, []) }
        let fields = node.object("files")
        guard let folder: Located<RelativePath> = fields.text("folder") else { return (nil, []) }
        let found: [LabFiles.File]
        do { found = try reader.labFiles.list(folder.value.description) } catch {
            reader.add(.besideUnreadable, at: folder.location, "\(folder.value): \(error.reason)")
            return (nil, [])
        }
        var settings = Settings(modes: texts("modes", fields), owners: texts("owners", fields))
        let source = FileSource(
            folder: folder.value, modes: settings.modes.mapValues(\.value), owners: settings.owners.mapValues(\.value))
        settings.usual = found.first { $0.path.isEmpty }?.mode ?? 0o755
        let files = Self.withDirectories(found).sorted { $0.path < $1.path }
            .compactMap { file(folder: folder, $0, &settings) }.sorted { $0.path < $1.path }
        for (path, mode) in settings.modes.sorted(by: { $0.key < $1.key }) {
            let isLink = files.contains { if case .link = $0.kind { $0.path == path } else { false } }
            reader.add(
                .modeWithoutFile, at: mode.location,
                isLink ? "\(path) is a symbolic link, which has no mode of its own" : "\(folder.value) has no \(path)")
        }
        for (path, owner) in settings.owners.sorted(by: { $0.key < $1.key }) {
            reader.add(.modeWithoutFile, at: owner.location, "\(folder.value) has no \(path)")
        }
        if reader.labFiles.isInWorkTree { warn(of: settings.strict, folder) }
        checkKeys(files, folder)
        return (source, files)
    }

    /// Returns the entries below a directory, with those directories added that are only known by the files in them: git does
    /// not list directories.
    private static func withDirectories(_ found: [LabFiles.File]) -> [LabFiles.File] {
        let known = Set(found.map(\.path))
        let implied = found.reduce(into: Set<String>()) { implied, file in
            var path = Substring(file.path)
            while let slash = path.lastIndex(of: "/") {
                path = path[..<slash]
                implied.insert(String(path))
            }
        }
        return found.filter { file in
            if case .folder = file.kind { !file.path.isEmpty } else { true }
        }
            + implied.subtracting(known).map { LabFiles.File(path: $0, mode: 0o755, kind: .folder) }
    }

    /// The settings in the lab for the files of a directory.
    private struct Settings {
        /// The modes and owners that have not been assigned to a file yet.
        var modes: [TargetPath: Located<FileMode>]
        var owners: [TargetPath: Located<Ownership>]
        /// The mode of the directory itself, from which the user's umask is derived.
        var usual = 0o755
        /// Modes that are stricter than the default and are not set in the lab.
        var strict: [(path: TargetPath, mode: Int)] = []

        init(modes: [TargetPath: Located<FileMode>], owners: [TargetPath: Located<Ownership>]) {
            self.modes = modes
            self.owners = owners
        }
    }

    /// Warns of modes that git does not record: it records only whether the owner may execute a file.
    private func warn(of strict: [(path: TargetPath, mode: Int)], _ folder: Located<RelativePath>) {
        guard let first = strict.first else { return }
        func octal(_ mode: Int) -> String { "0" + String(mode, radix: 8) }
        let others = strict.count == 1 ? "is" : "and \(strict.count - 1) more are"
        reader.add(
            .strictMode, at: folder.location,
            "\(folder.value)\(first.path) (mode \(octal(first.mode))) \(others) stricter than the mode that git records: another "
                + "clone builds a different overlay",
            hint: "write under files: modes: {"
                + strict.map { "\($0.path): \"\(octal($0.mode))\"" }.joined(separator: ", ") + "}",
            severity: .warning)
    }

    /// Reports private keys that all users of the node could read.
    private func checkKeys(_ files: [ExtraFile], _ folder: Located<RelativePath>) {
        let closed = files.filter { if case .folder = $0.kind { $0.mode & 0o001 == 0 } else { false } }
        for file in files where file.mode & 0o004 != 0 {
            guard case .file(let content) = file.kind, holdsPrivateKey(content),
                !closed.contains(where: { file.path.description.hasPrefix($0.path.description + "/") })
            else { continue }
            reader.add(
                .readableKey, at: folder.location,
                "\(folder.value)\(file.path) contains a private key that all users of the node could read",
                hint: "write under files: modes: {\(file.path): \"0600\"}", subject: file.path.description)
        }
    }

    /// Returns the entries of a table of texts, by path.
    private func texts<Value: TextValue>(_ key: String, _ fields: Fields) -> [TargetPath: Located<Value>] {
        guard fields[key] != nil else { return [:] }
        return Dictionary(
            reader.table(fields.cursor, key, keys: TargetPath.self).compactMap { path, cursor in
                reader.text(cursor, Value.self).map { (path, $0) }
            }, uniquingKeysWith: { first, _ in first })
    }

    private func file(
        folder: Located<RelativePath>, _ file: LabFiles.File, _ settings: inout Settings
    ) -> ExtraFile? {
        guard let path = try? TargetPath(text: "/" + file.path), path.description.utf8.count <= 200 else {
            reader.add(
                .besideUnreadable, at: folder.location,
                "\(folder.value)/\(file.path): the name can't be archived (at most 200 ASCII letters, digits and ._+@%-)",
                subject: file.path)
            return nil
        }
        let owner = settings.owners.removeValue(forKey: path)?.value
        if case .folder = file.kind { return directory(path, file, owner, &settings) }
        if let own = Self.clash(file.path) {
            reader.add(
                .overlayClash, at: folder.location,
                "\(folder.value)/\(file.path): xenseed writes /\(own.rawValue) itself",
                hint: "use the fields of the lab, or a different path", subject: file.path)
        }
        switch file.kind {
        case .folder: return nil
        case .link(let text):
            guard let target = linkTarget(text, of: file.path, folder) else { return nil }
            return ExtraFile(path: path, mode: 0o777, owner: owner, kind: .link(target.description))
        case .file(let content):
            if path.description.hasPrefix("/etc/network/interfaces.d/") { checkInterfaces(folder, file.path, content) }
            let usual = file.mode & 0o100 != 0 ? 0o755 : 0o644
            let mode = mode(path, usual: usual, of: file, &settings)
            return ExtraFile(path: path, mode: mode, owner: owner, kind: .file(content))
        }
    }

    /// Returns the mode in the lab or, without it, the usual mode minus the permissions that the file itself does not have.
    private func mode(_ path: TargetPath, usual: Int, of file: LabFiles.File, _ settings: inout Settings) -> Int {
        if let mode = settings.modes.removeValue(forKey: path)?.value { return mode.bits }
        let mode = usual & file.mode
        if mode != usual { settings.strict.append((path, mode)) }
        return mode
    }

    /// Returns a directory for the overlay; nil when its mode and its owner are the usual ones. Directories at the top (/etc,
    /// /usr) belong to Debian, and a mode that the listed directory has, too, comes from the user's umask: in both cases the
    /// mode is restricted only if the lab sets it.
    private func directory(
        _ path: TargetPath, _ file: LabFiles.File, _ owner: Ownership?, _ settings: inout Settings
    ) -> ExtraFile? {
        let isDebians = !file.path.contains("/")
        let isStricter = settings.usual & 0o755 & ~file.mode != 0
        let isNamed = settings.modes[path] != nil
        guard isNamed || owner != nil || !isDebians && isStricter else { return nil }
        let shown =
            isNamed || !isDebians && isStricter ? file : LabFiles.File(path: file.path, mode: 0o755, kind: .folder)
        let mode = mode(path, usual: 0o755, of: shown, &settings)
        return ExtraFile(path: path, mode: mode, owner: owner, kind: .folder)
    }

    private func linkTarget(_ text: String, of path: String, _ folder: Located<RelativePath>) -> LinkTarget? {
        func refuse(_ problem: String) -> LinkTarget? {
            reader.add(.linkTarget, at: folder.location, "\(folder.value)/\(path): \(problem)", subject: path)
            return nil
        }
        let target: LinkTarget
        do { target = try LinkTarget(text: text) } catch { return refuse("“\(text)” \(error.problem)") }
        if target.leadsOut(from: path.count { $0 == "/" }) {
            return refuse("its target \(text) leads above the root of the installed system")
        }
        return target
    }

    /// Returns the file of xenseed that is at a path, above it or below it; nil when there is none.
    private static func clash(_ path: String) -> OverlayPath? {
        // Whether the node has guests is not known yet; GuestReader reports clashes with their files.
        OverlayPath.allCases.first { own in
            own.guests == nil && own.isAt(path)
        }
    }

    /// Reports comments at the end of a line. ifupdown takes them as part of the value (ifupdown 0.7.53.1, interfaces(5)).
    private func checkInterfaces(_ folder: Located<RelativePath>, _ path: String, _ content: [UInt8]) {
        let lines = content.split(separator: 10, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let text = line.drop { $0 == 32 || $0 == 9 }
            guard text.first != 35, text.contains(35) else { continue }
            reader.add(
                .trailingComment, at: folder.location,
                "\(folder.value)/\(path), line \(index + 1): interfaces(5) does not allow a comment after a value",
                hint: "put the comment on its own line", subject: "\(path):\(index)")
        }
    }

    /// Returns the user's script; nil when there is none or it can't be read.
    func lateScript(_ node: Fields) -> LateScript? {
        guard let path = node.text("late_script", RelativePath.self) else { return nil }
        do {
            let script = try reader.labFiles.read(path.value.description)
            if !script.starts(with: Array("#!/bin/sh".utf8)) || script.contains(13) || script.contains(0) {
                reader.add(
                    .lateScript, at: path.location, "\(path.value) is not a POSIX sh script with Unix line ends",
                    hint: "its first line must be #!/bin/sh")
            } else {
                do throws(ShellSyntaxError) { _ = try ShellCommand(script) } catch {
                    let line = script.prefix(error.offset).count { $0 == 10 } + 1
                    reader.add(
                        .lateScriptSyntax, at: path.location, "\(path.value), line \(line): \(error.message)",
                        hint: "sh -n \(path.value) checks it")
                }
            }
            if holdsPrivateKey(script) {
                reader.add(
                    .readableKey, at: path.location,
                    "\(path.value) contains a private key that all users of the node could read",
                    hint: "put the key into a separate file below files.folder, with the mode 0600")
            }
            return LateScript(path: path.value, content: script)
        } catch {
            reader.add(.besideUnreadable, at: path.location, "\(path.value): \(error.reason)")
            return nil
        }
    }
}

/// Returns whether a text has a private key in the format of PEM (RFC 7468; OpenSSH, OpenSSL, PGP), PuTTY, age or WireGuard.
/// Binary formats are not detected.
func holdsPrivateKey(_ content: [UInt8]) -> Bool {
    content.split { $0 == 10 || $0 == 13 }.contains { line in
        // The first byte rules out most lines, which keeps the check fast.
        let line = line.drop { $0 == 32 || $0 == 9 }
        guard let first = line.first, [45, 65, 80].contains(first), line.count < 1024 else { return false }
        let text = String(decoding: line, as: UTF8.self)
        return text.contains(/^-----? ?BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)? ?-----?/)
            || text.hasPrefix("PuTTY-User-Key-File-") || text.contains(/^AGE-SECRET-KEY-1[0-9A-Z]{50}/)
            || text.contains(/^PrivateKey *= *[A-Za-z0-9+\/]{43}=/)
    }
}
