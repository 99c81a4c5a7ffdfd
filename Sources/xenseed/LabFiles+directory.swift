import Build
import FoundationEssentials
import Lab
import Synchronization

extension LabFiles {
    /// Returns access to the files in the directory of a lab file. Each file is read once. A path in the lab file may be a
    /// symbolic link, which is followed; links inside a listed directory stay links.
    static func folder(_ folder: URL) -> LabFiles {
        let cache = Cache()
        return LabFiles(
            isInWorkTree: isInWorkTree(folder),
            read: { path throws(LabError) in
                if let known = cache.files.withLock({ $0[path] }) { return known }
                let content = try regularFile(folder.appending(path: path).resolvingSymlinksInPath())
                cache.files.withLock { $0[path] = content }
                return content
            },
            list: { path throws(LabError) in
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

    private static func files(below folder: URL, prefix: String) throws(LabError) -> [File] {
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: folder.path) } catch {
            throw LabError(error.reason)
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
                    throw LabError(error.reason)
                }
                found.append(File(path: path, mode: mode, kind: .link(target)))
            default: found.append(File(path: path, mode: mode, kind: .file(try regularFile(item))))
            }
        }
        return found
    }

    /// Returns the permission bits; symbolic links are not followed.
    private static func mode(of url: URL) -> Int {
        Int((try? FileSystem.status(url.path))?.permissions.rawValue ?? 0)
    }

    /// Returns whether a directory is in a working tree of git: it or a directory above has an entry `.git`.
    private static func isInWorkTree(_ folder: URL) -> Bool {
        var folder = folder.absoluteURL.resolvingSymlinksInPath()
        while true {
            if FileManager.default.fileExists(atPath: folder.appending(path: ".git").path) { return true }
            let above = folder.deletingLastPathComponent()
            if above.path == folder.path { return false }
            folder = above
        }
    }

    private static func regularFile(_ url: URL) throws(LabError) -> [UInt8] {
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: url.path)
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                throw LabError("\(url.lastPathComponent) is not a regular file")
            }
            return [UInt8](try Data(contentsOf: url))
        } catch let error as LabError { throw error } catch { throw LabError(error.reason) }
    }
}
