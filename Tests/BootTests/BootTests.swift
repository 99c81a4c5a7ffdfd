import Foundation
import TestSupport
import Testing

/// Boots machines with Debian 12's installer from everything that is built, until the installer has read its node's
/// preseed and uses the node's name. Needs root and takes minutes; `make media-test` runs it.
///
/// There are two suites, which run in parallel: one boots over the network, the other from media.
struct Boot {
    private static let program = checkout.appending(path: ".build/debug/xenseed").path
    private static let image = "/usr/lib/debian-installer/images/12/amd64/text"

    /// xen01 boots with BIOS, xen02 with UEFI.
    private static let lab = """
        release: bookworm
        domain: hl.local
        boot_server: {address: 10.8.8.1, port: 8000}
        networks:
          lan: {subnet: 10.8.8.0/24, dhcp: true}
          drbd: {subnet: 172.16.22.0/24}
        defaults:
          cpus: 1
          memory: 2 GiB
          console: ttyS0,115200
          access: {authorized_keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKty1EPnNkCD6pQOVY4sD/Jsw2HASpiTrgK3IXi/eJs5 ann@desk"]}
          bridges: {xenbr0: {network: lan}}
        nodes:
          xen01:
            interfaces:
              eth0: {mac: "08:00:27:16:22:13", network: drbd, address: 172.16.22.13}
              eth1: {mac: "08:00:27:08:08:13", bridge: xenbr0}
            bridges: {xenbr0: {address: 10.8.8.13}}
          xen02:
            firmware: uefi
            interfaces:
              eth0: {mac: "08:00:27:16:22:14", network: drbd, address: 172.16.22.14}
              eth1: {mac: "08:00:27:08:08:14", bridge: xenbr0}
            bridges: {xenbr0: {address: 10.8.8.14}}

        """

    /// The lab after `xenseed netboot` and `xenseed iso`, prepared once for all tests. In the directory `other`, the
    /// machines have MAC addresses that no node of the lab has.
    private static let prepared = Result {
        let folder = try TemporaryFolder()
        try lab.write(to: folder.url("lab.yaml"), atomically: true, encoding: .utf8)
        let ran = try run(
            [
                "sh", "-euc",
                """
                tar -czf netboot.tar.gz -C "$1" .
                "$2" netboot --archive netboot.tar.gz
                "$3" netinst debian.iso
                "$2" iso --from debian.iso --output lab.iso
                cp -al out other
                sed 's/08:00:27:/52:54:00:/g' out/qemu/lab >script
                rm other/qemu/lab
                mv script other/qemu/lab
                chmod +x other/qemu/lab
                """, "sh", image, program,
                checkout.appending(path: "Tests/Media/debian-iso").path,
            ], in: URL(filePath: folder.path))
        guard ran.status == 0 else { throw Failure(said: ran.err) }
        return folder
    }

    struct Failure: Error { var said: String }

    struct Seen: Decodable {
        var hostname, location: String
        var asked: [String]
        var serial: String
    }

    /// Starts a machine and waits until the installer uses a name or stops.
    /// - Parameters:
    ///   - lan: `user` or `tap`, as in Tests/Media/boot.py.
    ///   - words: arguments for `lab up`.
    static func start(_ node: String, on lan: String = "user", tree: String = "out", _ words: String...) throws -> Seen
    {
        let folder = try prepared.get()
        let state = try TemporaryFolder()
        let names = words.map { $0 == "lab.iso" ? folder.url("lab.iso").path : $0 }
        let ran = try run(
            [
                "unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "python3",
                checkout.appending(path: "Tests/Media/boot.py").path, program, folder.url(tree).path,
                state.url("s").path, node,
                lan,
            ] + names)
        guard ran.status == 0 else {
            let logs = ["dnsmasq.log", "serve.log"].map {
                (try? String(contentsOf: state.url($0), encoding: .utf8)) ?? ""
            }
            throw Failure(said: ran.out + ran.err + logs.joined())
        }
        return try JSONDecoder().decode(Seen.self, from: Data(ran.out.utf8))
    }
}

/// Over the network, the installer fetches its preseed by HTTP. The checksum on the kernel command line makes sure that
/// it is the node's.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct NetworkBootTests {
    private func check(_ seen: Boot.Seen, _ node: String) {
        #expect(seen.hostname == node, "\(seen.serial.suffix(3000))")
        #expect(seen.location == "http://10.8.8.1:8000/nodes/\(node)/preseed.cfg")
        #expect(seen.asked.contains("/nodes/\(node)/preseed.cfg"))
    }

    @Test func kernel() throws { check(try Boot.start("xen01", "--kernel"), "xen01") }

    /// PXELINUX, from QEMU's own DHCP and TFTP servers.
    @Test func pxeByBIOS() throws { check(try Boot.start("xen01", "--pxe"), "xen01") }

    /// shim and GRUB, from the lab's dnsmasq.
    @Test func pxeByUEFI() throws { check(try Boot.start("xen02", on: "tap", "--pxe"), "xen02") }

    /// iPXE from the ROM of QEMU's network card, with the lab's dnsmasq.
    @Test func ipxe() throws { check(try Boot.start("xen01", on: "tap", "--pxe"), "xen01") }
}

/// From a medium, the installer finds the node by the MAC addresses of the machine and requests nothing from the
/// server.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct MediumBootTests {
    private func check(_ seen: Boot.Seen, _ node: String) {
        #expect(seen.hostname == node, "\(seen.serial.suffix(3000))")
        #expect(seen.location == "file:///preseed.cfg")
        #expect(seen.serial.contains("xenseed: this machine is \(node)"))
        #expect(seen.asked.isEmpty)
    }

    @Test func seed() throws { check(try Boot.start("xen02", "--kernel", "--seed"), "xen02") }

    @Test func cd() throws { check(try Boot.start("xen01", "--down", "--iso", "lab.iso"), "xen01") }

    @Test func usbByBIOS() throws { check(try Boot.start("xen01", "--down", "--usb", "lab.iso"), "xen01") }

    @Test func usbByUEFI() throws { check(try Boot.start("xen02", "--down", "--usb", "lab.iso"), "xen02") }

    /// On a machine that is not a node of the lab, the installer stops and shows the MAC addresses of the machine and
    /// the lab.
    @Test func stranger() throws {
        let seen = try Boot.start("xen01", tree: "other", "--kernel", "--seed")
        #expect(seen.hostname.isEmpty)
        for words in ["Identify the node of the lab that this machine", "52:54:00:08:08:13", "08:00:27:08:08:13"] {
            #expect(seen.serial.contains(words), "\(words): \(seen.serial.suffix(3000))")
        }
        #expect(!seen.serial.contains("xenseed: this machine is"))
    }
}
