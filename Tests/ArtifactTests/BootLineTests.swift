import Foundation
import Lab
import Preseed
import TestSupport
import Testing

@testable import Build

/// With the longest values that a lab can have, the generated command lines fit into the buffers of their readers.
@Suite(.timeLimit(.minutes(15)))
struct BootLineTests {
    /// The maximum number of options that a lab can have.
    private static let options = (0..<8).map { "option\($0)=\(String(repeating: "x", count: 90))" }

    private func plan(_ release: Release) throws -> Plan {
        let domain = (0..<29).map { _ in "a" }.joined(separator: ".")
        let options = "[\(Self.options.joined(separator: ", "))]"
        let text = """
            release: \(release.codename)
            domain: \(domain)
            locale: en_US.ISO-8859-15
            keymap: fr(latin9)
            timezone: America/Argentina/Buenos_Aires
            boot_server: {address: 192.168.100.254, port: 65535}
            networks:
              lan: {subnet: 192.168.100.0/24, gateway: 192.168.100.253, dns: [192.168.100.252]}
            nodes:
              abcdef:
                cpus: 512
                memory: 9000 GiB
                console: ttyS1,115200
                disk: {layout: lvm, volume_group: \(String(repeating: "v", count: 60))}
                dom0: {memory: 4000 GiB, memory_min: 3999 GiB, memory_max: 8000 GiB, vcpus: 512, options: \(options)}
                grub: {linux_options: \(options)}
                interfaces:
                  eth0: {mac: "08:00:27:08:08:13", network: lan, address: 192.168.100.251}
            """
        let (lab, report) = Spec.read(
            text, file: "lab.yaml",
            labFiles: LabFiles(
                read: { _ throws(LabError) in throw .init("none") },
                list: { _ throws(LabError) in throw .init("none") }))
        return Plan(lab: try #require(lab, "\(report.text())"), templates: try TemplateSet())
    }

    @Test(arguments: Release.all.map(\.codename)) func fit(_ codename: String) throws {
        let plan = try plan(#require(Release.named(codename)))
        let node = plan.lab.nodes[0]
        // The installer's kernel has 2048 bytes (arch/x86, COMMAND_LINE_SIZE), and 32 environment variables for options
        // that it does not know itself (init/main.c, MAX_INIT_ENVS), two of which it sets.
        let installer = plan.kernelOptions(
            node, base: plan.baseURL, preseedSum: String(repeating: "0", count: 32))
        #expect(installer.joined(separator: " ").utf8.count < 1900)
        #expect(installer.count < 28)

        let xen = "placeholder " + plan.xenOptions(node).joined(separator: " ")
        #expect(xen.utf8.count < 1024, "\(xen.utf8.count)")
        #expect(plan.xenOptions(node).allSatisfy { $0.utf8.count <= plan.lab.release.xenOptionLength })
        let settings = try #require(
            plan.overlay(node).first { $0.path == OverlayPath.grub.rawValue }.flatMap { member -> String? in
                if case .file(let bytes) = member.kind { String(decoding: bytes, as: UTF8.self) } else { nil }
            })
        let lines = settings.matches(of: /GRUB_CMDLINE_LINUX(?:_XEN_REPLACE)?="(.*)"/).map { String($0.1) }
        #expect(lines.count == 2)
        let root = "/dev/mapper/\(String(repeating: "v", count: 60))-root"
        for line in lines {
            #expect("placeholder root=\(root) ro \(line) quiet".utf8.count < 1024, "\(line.utf8.count)")
        }
    }
}
