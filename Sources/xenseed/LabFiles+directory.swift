import Foundation
import Lab
import Synchronization

extension LabFiles {
    /// The files beside a lab on disk; each is read once, however many nodes name it. What a lab names may be a link; links
    /// inside a directory that it names are taken as links.
    static func folder(_ folder: URL) -> LabFiles {
        let cache = Cache()
        return LabFiles(
            isInWorkTree: isInWorkTree(folder),
            read: { path throws(Unreadable) in
                if let known = cache.files.withLock({ $0[path] }) { return known }
                let content = try regularFile(folder.appending(path: path).resolvingSymlinksInPath())
                cache.files.withLock { $0[path] = content }
                return content
            },
            list: { path throws(Unreadable) in
                if let known = cache.folders.withLock({ $0[path] }) { return known }
                let root = folder.appending(path: path).resolvingSymlinksInPath()
                var found = [File(path: "", mode: mode(of: root), kind: .folder)]
                found += try files(below: root, prefix: "")
                cache.folders.withLock { $0[path] = found }
                return found
            })
    }

    private final class Cache: Sendable {
        let files = Mutex<[String: [UInt8]]>([:])
        let folders = Mutex<[String: [File]]>([:])
    }

    private static func files(below folder: URL, prefix: String) throws(Unreadable) -> [File] {
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: folder.path) } catch {
            throw Unreadable(error.localizedReason)
        }
        var found: [File] = []
        for name in names.sorted() {
            let item = folder.appending(path: name)
            let path = prefix + name
            let mode = mode(of: item)
            switch try? FileManager.default.attributesOfItem(atPath: item.path)[.type] as? FileAttributeType {
            case .typeDirectory?:
                found.append(File(path: path, mode: mode, kind: .folder))
                found += try files(below: item, prefix: path + "/")
            case .typeSymbolicLink?:
                let target: String
                do { target = try FileManager.default.destinationOfSymbolicLink(atPath: item.path) } catch {
                    throw Unreadable(error.localizedReason)
                }
                found.append(File(path: path, mode: mode, kind: .link(target)))
            default: found.append(File(path: path, mode: mode, kind: .file(try regularFile(item))))
            }
        }
        return found
    }

    /// Permission bits; of a link, its own.
    private static func mode(of url: URL) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
        return attributes?[.posixPermissions] as? Int ?? 0
    }

    /// Whether git keeps what is in a directory: it, or one that it is in, has git's mark.
    private static func isInWorkTree(_ folder: URL) -> Bool {
        var folder = folder.absoluteURL.resolvingSymlinksInPath()
        while true {
            if FileManager.default.fileExists(atPath: folder.appending(path: ".git").path) { return true }
            let above = folder.deletingLastPathComponent()
            if above.path == folder.path { return false }
            folder = above
        }
    }

    private static func regularFile(_ url: URL) throws(Unreadable) -> [UInt8] {
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: url.path)
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                throw Unreadable("\(url.lastPathComponent) is no regular file")
            }
            return [UInt8](try Data(contentsOf: url))
        } catch let error as Unreadable { throw error } catch { throw Unreadable(error.localizedReason) }
    }
}
