import Foundation
import Spec
import Synchronization

extension Beside {
    /// The files in a folder on disk; each is read once, however many nodes name it. What a lab names may be a link;
    /// links inside a folder that it names are refused.
    static func folder(_ folder: URL) -> Beside {
        let cache = Cache()
        return Beside(
            read: { path throws(Unreadable) in
                if let known = cache.files.withLock({ $0[path] }) { return known }
                let content = try regularFile(folder.appending(path: path).resolvingSymlinksInPath()).content
                cache.files.withLock { $0[path] = content }
                return content
            },
            list: { path throws(Unreadable) in
                if let known = cache.folders.withLock({ $0[path] }) { return known }
                let found = try files(below: folder.appending(path: path).resolvingSymlinksInPath(), prefix: "")
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
            let type = try? FileManager.default.attributesOfItem(atPath: item.path)[.type] as? FileAttributeType
            if type == .typeDirectory {
                found += try files(below: item, prefix: path + "/")
            } else {
                let (content, isExecutable) = try regularFile(item)
                found.append(File(path: path, isExecutable: isExecutable, content: content))
            }
        }
        return found
    }

    private static func regularFile(_ url: URL) throws(Unreadable) -> (content: [UInt8], isExecutable: Bool) {
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: url.path)
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                throw Unreadable("\(url.lastPathComponent) is no regular file")
            }
            let mode = attributes[.posixPermissions] as? Int ?? 0
            return ([UInt8](try Data(contentsOf: url)), mode & 0o100 != 0)
        } catch let error as Unreadable { throw error } catch { throw Unreadable(error.localizedReason) }
    }
}
