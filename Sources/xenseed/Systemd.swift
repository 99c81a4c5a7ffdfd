import FoundationEssentials
import Glibc

/// Tells systemd the state of a service of `Type=notify` (sd_notify(3)). Without `NOTIFY_SOCKET`, and when systemd can't be reached,
/// nothing happens.
func notifySystemd(_ state: String) {
    guard let path = ProcessInfo.processInfo.environment["NOTIFY_SOCKET"], !path.isEmpty else { return }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let capacity = MemoryLayout.size(ofValue: address.sun_path)
    var bytes = Array(path.utf8)
    guard bytes.count < capacity else { return }
    // A socket without a name in the file system.
    if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
    _ = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
            sendto(descriptor, state, state.utf8.count, Int32(MSG_NOSIGNAL), address, length)
        }
    }
}
