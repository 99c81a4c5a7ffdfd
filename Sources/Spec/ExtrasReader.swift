import Diagnostics
import Lab
import Preseed

/// The user's own files and script.
struct ExtrasReader {
    let reader: SpecReader

    func files(_ node: Fields) -> [ExtraFile] {
        guard node["files"] != nil else { return [] }
        let fields = node.record("files")
        guard let folder: Placed<BesidePath> = fields.text("folder") else { return [] }
        let found: [Beside.File]
        do { found = try reader.beside.list(folder.value.description) } catch {
            reader.add(.besideUnreadable, at: folder.spot, "\(folder.value): \(error.reason)")
            return []
        }
        var modes = self.modes(fields)
        let files = found.compactMap { file(folder: folder, $0, &modes) }.sorted { $0.path < $1.path }
        for (path, mode) in modes.sorted(by: { $0.key < $1.key }) {
            reader.add(.modeWithoutFile, at: mode.spot, "\(folder.value) has no \(path)")
        }
        return files
    }

    private func modes(_ fields: Fields) -> [TargetPath: Placed<Int>] {
        guard fields["modes"] != nil else { return [:] }
        var modes: [TargetPath: Placed<Int>] = [:]
        for (path, cursor) in reader.table(fields.cursor, "modes", keys: TargetPath.self) {
            guard case .scalar(let text, false, _) = cursor.layers[0].value else {
                reader.add(.wrongKind, at: cursor.spot, "expected a mode, found \(cursor.layers[0].value.kind)")
                continue
            }
            guard let mode = Int(text, radix: 8), (3...4).contains(text.utf8.count),
                text.utf8.count == 3 || text.first == "0",
                text.utf8.allSatisfy({ (48...55).contains($0) })
            else {
                reader.add(
                    .malformedMode, at: cursor.spot, "“\(text)” is not a mode",
                    hint: "write three octal digits, with or without a leading zero: 0640")
                continue
            }
            modes[path] = Placed(value: mode, spot: cursor.spot)
        }
        return modes
    }

    private func file(
        folder: Placed<BesidePath>, _ file: Beside.File, _ modes: inout [TargetPath: Placed<Int>]
    ) -> ExtraFile? {
        guard let path = try? TargetPath(text: "/" + file.path), path.description.utf8.count <= 200 else {
            reader.add(
                .besideUnreadable, at: folder.spot,
                "\(folder.value)/\(file.path): the name can't be packed (at most 200 ASCII letters, digits and ._+@%-)",
                subject: file.path)
            return nil
        }
        if let own = Self.clash(file.path) {
            reader.add(
                .overlayClash, at: folder.spot,
                "\(folder.value)/\(file.path): xenseed writes /\(own.rawValue) itself",
                hint: "use the lab's fields, or another path", subject: file.path)
        }
        if path.description.hasPrefix("/etc/network/interfaces.d/") { checkInterfaces(folder, file) }
        let mode = modes.removeValue(forKey: path)?.value ?? (file.isExecutable ? 0o755 : 0o644)
        return ExtraFile(path: path, mode: mode, content: file.content)
    }

    /// The file of xenseed's that a path is, or would have to be a folder of, or the folder of.
    private static func clash(_ path: String) -> OverlayPath? {
        OverlayPath.allCases.first { own in
            own.rawValue == path || own.rawValue.hasPrefix(path + "/")
                || own != .sshFolder && path.hasPrefix(own.rawValue + "/")
        }
    }

    /// ifupdown has no end-of-line comments: they become part of the value (ifupdown 0.7.53.1, interfaces(5)).
    private func checkInterfaces(_ folder: Placed<BesidePath>, _ file: Beside.File) {
        let lines = file.content.split(separator: 10, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let text = line.drop { $0 == 32 || $0 == 9 }
            guard text.first != 35, text.contains(35) else { continue }
            reader.add(
                .trailingComment, at: folder.spot,
                "\(folder.value)/\(file.path), line \(index + 1): interfaces(5) has no comments behind a value",
                hint: "put the comment on a line of its own", subject: "\(file.path):\(index)")
        }
    }

    func lateScript(_ node: Fields) -> [UInt8]? {
        guard node["late_script"] != nil, let path: Placed<BesidePath> = node.text("late_script") else { return nil }
        do {
            let script = try reader.beside.read(path.value.description)
            if !script.starts(with: Array("#!/bin/sh".utf8)) || script.contains(13) || script.contains(0) {
                reader.add(
                    .lateScript, at: path.spot, "\(path.value) is no POSIX sh script with Unix line ends",
                    hint: "its first line is #!/bin/sh")
            } else {
                do throws(ShellCommand.Fault) { _ = try ShellCommand(script) } catch {
                    let line = script.prefix(error.offset).count { $0 == 10 } + 1
                    reader.add(
                        .lateScriptSyntax, at: path.spot, "\(path.value), line \(line): \(error.message)",
                        hint: "sh -n \(path.value) checks it")
                }
            }
            return script
        } catch {
            reader.add(.besideUnreadable, at: path.spot, "\(path.value): \(error.reason)")
            return nil
        }
    }
}
