import Build
import Foundation
import Lab
import Preseed
import TestSupport
import Testing

/// Tests the files for Jessie with Jessie's own programs. The variable XENSEED_JESSIE names a Jessie root directory.
///
/// Without it, these tests are skipped, because Debian's mirrors no longer have Jessie. They need root.
@Suite(.timeLimit(.minutes(15)), .enabled(if: OtherSystem.jessie != nil, "skipped: no Jessie tree (XENSEED_JESSIE)"))
struct JessieTests {
    private static let labs = LabCase.all.filter { $0.codename == "jessie" }

    private func inJessie<Result>(_ body: () throws -> Result) rethrows -> Result {
        try OtherSystem.$root.withValue(OtherSystem.jessie, operation: body)
    }

    /// The programs have the versions of Jessie, so that the other tests don't use different ones by mistake.
    @Test(arguments: [
        ("ifquery --version", "ifquery version 0.7.53.1"), ("dpkg-divert --version", "dpkg-divert version 1.17"),
        ("tar --version", "tar (GNU tar) 1.27"), ("cat /etc/debian_version", "8."),
        ("sed -n '/^Package: debconf$/,/^$/s/^Version: //p' /var/lib/dpkg/status", "1.5.56"),
    ]) func versions(_ command: String, _ says: String) throws {
        let ran = try inJessie { try tool(["sh", "-c", command]) }
        #expect(ran.status == 0 && ran.out.contains(says), "\(ran.out)\(ran.err)")
    }

    @Test(arguments: labs) func interfaces(_ lab: LabCase) async throws {
        let tree = try await lab.tree()
        let files = tree.lab.nodes.map { tree.url($0, "overlay/etc/network/interfaces").path }
        let readings = try inJessie { try InterfacesReading.read(files) }
        for (node, reading) in zip(tree.lab.nodes, readings) {
            #expect(reading == InterfacesReading(of: node, on: tree.lab.release), "\(node.name)")
        }
    }

    @Test(arguments: labs) func scripts(_ lab: LabCase) async throws {
        let tree = try await lab.tree()
        for node in tree.someNodes {
            let scripts = ["late-command.sh", "overlay/usr/local/sbin/xenseed-verify"].map { tree.url(node, $0).path }
            for script in scripts {
                let ran = try inJessie { try tool(["dash", "-n", script]) }
                #expect(ran.status == 0 && ran.err.isEmpty, "\(ran.err)")
            }
        }
    }

    @Test(arguments: labs) func preseeds(_ lab: LabCase) async throws {
        let tree = try await lab.tree()
        let texts = try tree.someNodes.map { try tree.text($0, "preseed.cfg") }
        let files = try texts.map(parsed)
        let debconf = try inJessie { try Debconf.values(texts, questions: files.map { $0.answers.map(\.question) }) }
        for (file, values) in zip(files, debconf) {
            for answer in file.answers {
                #expect(values[answer.question].map(squeezed) == squeezed(answer.value), "\(answer.question)")
            }
        }
    }

    /// Unpacked by Jessie's tar, every member has the planned mode, owner, size, time and link target.
    @Test(arguments: labs) func overlays(_ lab: LabCase) async throws {
        let tree = try await lab.tree()
        for node in tree.someNodes {
            let folder = try TemporaryFolder()
            let ran = try inJessie {
                try tool(
                    [
                        "sh", "-euc",
                        """
                        umask 077
                        tar -xpzf "$1"
                        find . -mindepth 1 ! -type d -printf '%P %m %U:%G %TY-%Tm-%Td %s %l\\n' -o -type d -path './root/.ssh' \
                            -printf '%P %m %U:%G %TY-%Tm-%Td 0 \\n'
                        """, "sh", tree.url(node, "overlay.tar.gz").path,
                    ], in: URL(filePath: folder.path))
            }
            #expect(ran.status == 0 && ran.err.isEmpty, "\(ran.err)")
            let planned = try ArchiveReader.members(of: tree.bytes(node, "overlay.tar.gz"), limit: 1 << 20).map {
                member in
                let (size, target) =
                    switch member.kind {
                    case .file(let bytes): (bytes.count, "")
                    case .folder: (0, "")
                    case .link(let target): (target.utf8.count, target)
                    }
                let mode = if case .link = member.kind { "777" } else { String(member.mode, radix: 8) }
                return "\(member.path) \(mode) 0:0 2015-04-25 \(size) \(target)"
            }
            #expect(Set(ran.out.split(separator: "\n").map(String.init)) == Set(planned))
        }
    }

    /// Runs the late command's step for accounts twice, with Jessie's useradd, usermod, groupadd and chpasswd.
    @Test func accounts() async throws {
        let tree = try await LabCase(name: "users", codename: "jessie").tree()
        let node = try #require(tree.lab.nodes.last)
        let hash = try #require(node.access.users[1].password)
        let ran = try inJessie {
            try tool([
                "sh", "-euc",
                """
                [ -e /dev/null ] || mknod -m 666 /dev/null c 1 3
                ln -s / /target
                mkdir -p /home /var/log/xenseed
                printf '#!/bin/sh\\nexec "$@"\\n' >/bin/in-target
                chmod 755 /bin/in-target
                for round in 1 2; do
                    sh "$1" step make_users / >/dev/null
                    getent passwd ann bob carla
                    id -Gn ann
                    sed -n '/^ann:/p;/^bob:/p;/^carla:/p' /etc/shadow | cut -d : -f 1,2
                    stat -c '%U:%G %a' /home/ann/.ssh /home/ann/.ssh/authorized_keys
                    wc -l </home/ann/.ssh/authorized_keys
                    ls /var/lib/xenseed
                done
                """, "sh", tree.url(node, "late-command.sh").path,
            ])
        }
        let round = """
            ann:x:1500:1500:Ann O'Brien:/home/ann:/bin/bash
            bob:x:1501:1501:Bób Żak:/home/bob:/bin/bash
            carla:x:1502:1502::/home/carla:/bin/sh
            ann adm systemd-journal
            ann:*
            bob:\(hash)
            carla:\(hash)
            ann:ann 700
            ann:ann 600
            2

            """
        #expect(ran.status == 0 && ran.out == round + round, "\(ran.out)\(ran.err)")
    }

    /// Runs the late command's diversion twice, then makes GRUB's menu. If the tree has Jessie's GRUB, the first entry
    /// is Xen with dom0's limits, and the root file system is named by its device.
    @Test func diversionAndMenu() async throws {
        let tree = try await LabCase(name: "reference", codename: "jessie").tree()
        let script = try tree.text(tree.lab.nodes[0], "late-command.sh")
        let command = try #require(script.firstMatch(of: /in_target '(dpkg-divert [^']+)'/)).1
        let ran = try inJessie {
            try tool([
                "sh", "-euc",
                """
                mkdir -p /etc/grub.d /var/lib/dpkg/updates /boot/grub
                [ -e /etc/grub.d/20_linux_xen ] || echo : >/etc/grub.d/20_linux_xen
                tar -xpzf "$1" -C /
                \(command)
                \(command)
                dpkg-divert --truename /etc/grub.d/20_linux_xen
                [ -e /etc/grub.d/08_linux_xen ] && [ ! -e /etc/grub.d/20_linux_xen ]
                command -v grub-mkconfig >/dev/null || exit 0
                # What grub-probe would find, and checkers that this tree may lack.
                for name in grub-probe grub-mkrelpath grub-script-check grub-file grub-editenv; do
                    rm -f /usr/bin/$name /usr/sbin/$name
                    cat >/usr/sbin/$name <<'END'
                #!/bin/sh
                for last; do :; done
                case "$0 $*" in
                    *grub-mkrelpath*) echo "$last" ;;
                    *target=device*) echo /dev/sda1 ;;
                    *target=fs_uuid*) echo 5ee0b0a7-0c5d-4c5e-9d2b-7c1f6f3a2b10 ;;
                    *target=fs*) echo ext2 ;;
                    *target=partmap*) echo msdos ;;
                    *target=compatibility_hint*) echo hd0,msdos1 ;;
                esac
                END
                    chmod +x /usr/sbin/$name
                    ln -s ../sbin/$name /usr/bin/$name
                done
                rm -f /boot/vmlinuz* /boot/initrd* /boot/xen*
                for file in vmlinuz-3.16.0-11-amd64 initrd.img-3.16.0-11-amd64 xen-4.4-amd64.gz; do
                    echo >/boot/$file
                done
                echo CONFIG_XEN_DOM0=y >/boot/config-3.16.0-11-amd64
                [ -e /dev/sda1 ] || : >/dev/sda1
                grub-mkconfig
                """, "sh", tree.url(tree.lab.nodes[0], "overlay.tar.gz").path,
            ])
        }
        #expect(ran.status == 0, "\(ran.out)\(ran.err)")
        #expect(ran.out.contains("\n/etc/grub.d/08_linux_xen\n"), "\(ran.out)")
        guard FileManager.default.fileExists(atPath: "\(OtherSystem.jessie!)/usr/sbin/grub-mkconfig") else { return }
        let menu = ran.out.split(separator: "\n").map { $0.trimmingPrefix { $0.isWhitespace } }
        #expect(try #require(menu.first { $0.hasPrefix("menuentry ") }).contains("with Xen hypervisor"), "\(ran.out)")
        let xen = try #require(menu.first { $0.hasPrefix("multiboot") })
        #expect(xen.contains("/boot/xen-4.4-amd64.gz "))
        #expect(xen.contains(" dom0_mem=1024M,max:1024M dom0_max_vcpus=1 dom0_vcpus_pin "), "\(xen)")
        let linux = try #require(menu.first { $0.hasPrefix("module") })
        #expect(linux.contains(" root=/dev/sda1 ro"), "\(linux)")
        #expect(menu.contains("set timeout=1"))
        // Further entries follow the Xen entry.
        #expect(menu.count { $0.hasPrefix("menuentry ") } > 1)
    }
}
