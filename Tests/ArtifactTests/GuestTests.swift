import Foundation
import TestSupport
import Testing

/// The files of guests, read by the programs that they are for.
@Suite(.timeLimit(.minutes(5)))
struct GuestTests {
    private static let lab = LabCase(name: "drbd-bond", codename: "bookworm")

    private static func overlay(_ node: String) async throws -> URL {
        try await lab.tree().root.appending(path: "nodes/\(node)/overlay")
    }

    /// drbdadm accepts the resource on each node, and finds the same disk and the other node's address.
    @Test(arguments: [("xen01", "172.16.22.13"), ("xen02", "172.16.22.14")])
    func drbdReadsTheResource(node: String, address: String) async throws {
        let overlay = try await Self.overlay(node)
        // A name and an address of its own, in namespaces.
        let ran = try run([
            "unshare", "--net", "--uts", "--map-root-user", "sh", "-euc",
            """
            hostname "$2.hl.local"
            ip address add "$3/24" dev lo
            ip link set lo up
            drbdadm -c "$1/etc/drbd.d/web1.res" dump
            drbdadm -c "$1/etc/drbd.d/web1.res" sh-dev web1
            drbdadm -c "$1/etc/drbd.d/web1.res" sh-ll-dev web1
            """, "sh", overlay.path, node, address,
        ])
        #expect(ran.status == 0, "\(ran)")
        let words = ran.out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains("address ipv4 172.16.22.13:7789;") && words.contains("address ipv4 172.16.22.14:7789;"))
        #expect(words.contains("protocol C;") && !words.contains("allow-two-primaries"), "\(words)")
        #expect(words.hasSuffix("/dev/drbd1 /dev/guests/web1"), "\(words)")
    }

    /// LVM reads the filter, and does not read guests' disks, nor DRBD's devices.
    @Test func lvmReadsTheFilter() async throws {
        let folder = try TemporaryFolder()
        let overlay = try await Self.overlay("xen01")
        try FileManager.default.copyItem(
            at: overlay.appending(path: "etc/lvm/lvmlocal.conf"), to: folder.url("lvmlocal.conf"))
        try Data().write(to: folder.url("lvm.conf"))
        let ran = try run(
            ["lvmconfig", "devices/global_filter"], environment: ["LVM_SYSTEM_DIR": folder.path])
        #expect(
            ran.out == #"global_filter=["r|^/dev/drbd|","r|^/dev/guests/mail$|","r|^/dev/guests/web1$|"]"# + "\n",
            "\(ran)")
    }

    /// ssh-keygen finds the key of the other node in both files, and the peer may run only one command.
    @Test func sshReadsTheKeys() async throws {
        let overlay = try await Self.overlay("xen01")
        let keys = LabCase.here.appending(path: "Labs/drbd-bond/keys")
        for (file, key) in [
            ("etc/xenseed/migration/known_hosts", "xen02.host"), ("root/.ssh/authorized_keys", "xen02.migration"),
        ] {
            let found = try run(["ssh-keygen", "-l", "-f", overlay.appending(path: file).path])
            let own = try run(["ssh-keygen", "-l", "-f", keys.appending(path: key + ".pub").path])
            #expect(found.status == 0 && own.status == 0, "\(found) \(own)")
            let print = own.out.split(separator: " ")[1]
            #expect(found.out.contains(print), "\(file): \(found.out)")
        }
        let found = try run([
            "ssh-keygen", "-F", "172.16.22.14", "-f", overlay.appending(path: "etc/xenseed/migration/known_hosts").path,
        ])
        #expect(found.status == 0, "\(found)")
        let lines = try String(contentsOf: overlay.appending(path: "root/.ssh/authorized_keys"), encoding: .utf8)
            .split(separator: "\n")
        let peer = try #require(lines.last)
        #expect(peer.hasPrefix("from=\"172.16.22.14\",command=\"/usr/local/sbin/xenseed-migrate-peer\",no-pty,"))
    }

    /// A node without its private keys gets no key files, and one without guests nothing of guests.
    @Test func onlyWhatIsNeeded() async throws {
        let tree = try await Self.lab.tree()
        for node in tree.lab.nodes {
            let paths = Set(tree.plan.overlay(node).map(\.path))
            #expect(paths.isDisjoint(with: ["etc/xenseed/migration/key", "etc/ssh/ssh_host_ed25519_key"]))
            #expect(paths.contains("etc/xen/web1.cfg") && paths.contains("usr/local/sbin/xenseed-migrate"))
            #expect(paths.contains("etc/xen/mail.cfg") == (node.name.description == "xen01"))
        }
        let other = try await LabCase(name: "lvm", codename: "bookworm").tree()
        #expect(
            !other.plan.overlay(other.lab.nodes[0]).contains { $0.path.contains("guest") || $0.path.contains("drbd") })
    }
}
