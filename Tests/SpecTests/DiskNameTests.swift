import Preseed
import Testing

@testable import Lab

/// Tests how dom0 finds its root file system, for each release.
@Suite(.timeLimit(.minutes(15)))
struct DiskNameTests {
    /// Reads a lab with one node.
    private func node(_ release: Release, disk: String, grub: String = "") throws -> (Node?, codes: [String]) {
        let text = """
            release: \(release.codename)
            domain: hl.local
            networks:
              lan: {subnet: 10.8.8.0/24, dhcp: true}
            nodes:
              xen01:
                cpus: 2
                memory: 4 GiB
                disk: {\(disk)}
                grub: {\(grub)}
                interfaces:
                  eth0: {mac: "08:00:27:08:08:13", network: lan}
                access: {authorized_keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKriSEmELXCCtm9XzoJwvQTaLDn/uX3yKAPCcJgwMsTl ann@desk"]}
            """
        let (lab, report) = Spec.read(text, file: "lab.yaml", labFiles: .empty)
        return (lab?.nodes.first, report.diagnostics.map(\.code.id))
    }

    /// By default, the root is named by its device only in releases in which a disk keeps its name.
    @Test(arguments: Release.all.map(\.codename)) func rootIsNamedByDeviceOnlyWhereThatIsStable(
        _ codename: String
    ) throws {
        let release = try #require(Release.named(codename))
        let (node, codes) = try node(release, disk: "select: largest")
        #expect(node?.grub.disablesLinuxUUID == !release.diskNamesMove)
        #expect(codes.isEmpty)
        #expect(Release.all.contains { $0.diskNamesMove } && Release.all.contains { !$0.diskNamesMove })
    }

    /// Labs with one disk, a root on LVM or an exact selector get no warning, nor do labs with a release in which disks
    /// keep their names.
    @Test(arguments: [
        ("device: /dev/sda", true), ("by_id: ata-X1, keep: [/dev/sdb]", false), ("select: only, layout: lvm", true),
        ("device: /dev/vda", true),
        (
            "by_id: ata-X1, recipe: 'r :: 512 512 512 ext4 method{ format } format{ } mountpoint{ /boot } . "
                + "2500 3000 -1 ext4 $lvmok{ } method{ format } format{ } mountpoint{ / } .'", true
        ),
    ]) func nothingIsSaidOfSafeLabs(_ disk: String, byDevice: Bool) throws {
        for release in Release.all where release.diskNamesMove || byDevice {
            #expect(
                try node(release, disk: disk, grub: "disable_linux_uuid: \(byDevice)").codes == [],
                "\(release.codename)")
        }
    }
}
