import Foundation
import TestSupport
import Testing

/// The networks of labs, brought up by the release's own kernel, udev, ifupdown, ifenslave and bridge-utils, checked by the
/// nodes' verifier, and with packets that pass: Tests/Cards/shapes. Needs root; `make boot-test` runs it, and it takes five minutes of two processors without KVM.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct NetworkTests {
    static let labs = ["drbd-bond", "dual-stack", "guest-networks", "lacp-vlans", "static-nic"]

    @Test(arguments: ["bookworm", "trixie"]) func shapes(_ release: String) throws {
        let folder = try TemporaryFolder()
        for lab in Self.labs { try Self.add(lab, release, to: folder) }
        try """
        release: \(release)
        domain: hl.local
        networks: {lan: {subnet: 10.0.0.0/24, gateway: 10.0.0.1, dns: [10.0.0.1]}}
        nodes:
          xen01:
            cpus: 1
            access: {authorized_keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKty1EPnNkCD6pQOVY4sD/Jsw2HASpiTrgK3IXi/eJs5 ann@desk"]}
            files: {folder: files}
            interfaces: {eth9: {mac: "08:00:27:16:22:99", network: lan, address: 10.0.0.13}}

        """.write(to: folder.url("lab.yaml"), atomically: true, encoding: .utf8)
        let program = folder.url("files/usr/local/sbin/boot-test")
        try FileManager.default.createDirectory(
            at: program.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: checkout.appending(path: "Tests/Cards/shapes"), to: program)
        let card = ["-netdev", "hubport,id=n0,hubid=0", "-device", "e1000,netdev=n0,mac=08:00:27:16:22:99,romfile="]
        let lines = try BootState(release, in: folder, devices: card, seconds: 1800)["test"]
        let results = lines.map { $0.split(separator: " ", maxSplits: 3).map(String.init) }
        for (line, words) in zip(lines, results) where words.count != 4 || words[2] != "ok" {
            Issue.record("\(line)")
        }
        // Nothing was left out.
        for lab in Self.labs {
            for round in ["1", "2"] {
                let own = Set(results.filter { $0.count == 4 && $0[0] == lab && $0[1] == round }.map { $0[3] })
                #expect(own.isSuperset(of: ["ifup -a", "ifdown -a", "no address is left"]), "\(lab) \(round): \(own)")
                #expect(own.count > 8, "\(lab) \(round): \(own)")
            }
        }
    }

    /// Adds the files of a lab's first node to those of the machine.
    private static func add(_ lab: String, _ release: String, to folder: TemporaryFolder) throws {
        let built = try run(
            [
                "sh", "-euc",
                """
                "$1" build "$2/lab.yaml" --release "$3" --output "$4-lab" >&2
                mkdir -p "files/shapes/$4"
                cd "$4-lab/nodes/xen01/overlay/etc"
                to="$OLDPWD/files/shapes/$4"
                cp network/interfaces "$to"
                [ ! -e resolv.conf ] || cp resolv.conf "$to"
                grep -E '^(card|address|bridge|lease|default-route|bond|vlan|mtu|more-address|ipv6-address|slaac) ' \\
                    xenseed/expect >"$to/expect"
                grep -E '^(no-address|no-ipv6|route|ipv6-default-route|search) ' xenseed/expect >>"$to/expect"
                sed -n 's/^card //p' xenseed/expect >"$to/cards"
                """, "sh", checkout.appending(path: ".build/debug/xenseed").path,
                checkout.appending(path: "Tests/ArtifactTests/Labs/\(lab)").path, release, lab,
            ], in: URL(filePath: folder.path))
        guard built.status == 0 else { throw BootState.Failure(said: built.err) }
    }
}
