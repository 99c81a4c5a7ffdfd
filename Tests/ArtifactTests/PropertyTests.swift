import Foundation
import Preseed
import TestSupport
import Testing

@testable import Build
@testable import Lab

/// Any text in any field is either refused, or the program that reads the target file reads exactly this text.
@Suite(.timeLimit(.minutes(15)))
struct PropertyTests {
    /// The seed of the random texts; the variable XENSEED_SEED overrides it.
    static let seed = SplitMix64.seed(or: 44)
    static let textsPerField = 36

    /// A text that the reader accepted in a field.
    private struct Taken {
        var field: Field
        var text: String
        var plan: Plan
        var node: Node
        var what: String { "\(field.name) = \(text.debugDescription)" }
    }

    @Test func anyTextInAnyField() throws {
        let templates = try TemplateSet()
        var texts = Texts(seed: Self.seed)
        var taken: [Taken] = []
        for field in Field.all {
            var accepted: Set<String> = []
            for number in 0...Self.textsPerField {
                let text = number == 0 ? field.sample : texts.text(like: field.sample)
                let release = Release.all[number % Release.all.count]
                let (lab, report) = Spec.read(
                    field.lab(text).yaml, file: "lab.yaml", labFiles: .none, release: release)
                guard let lab else {
                    #expect(report.errors > 0, "\(field.name) = \(text.debugDescription) is refused without a word")
                    #expect(number > 0, "\(field.name): its own sample is refused\n\(report.text())")
                    continue
                }
                guard accepted.insert(text).inserted else { continue }
                #expect(field.held(lab) == field.normal(text), "\(field.name) = \(text.debugDescription)")
                taken.append(
                    Taken(
                        field: field, text: text, plan: Plan(lab: lab, templates: templates), node: lab.nodes[0]))
            }
        }
        // Enough accepted texts for the test to be meaningful.
        #expect(taken.count > 4 * Field.all.count)
        try check(taken)
    }

    /// Files of the user keep their paths and contents in the overlay, with any bytes in them.
    @Test func anyFile() throws {
        var texts = Texts(seed: Self.seed)
        let templates = try TemplateSet()
        var count = 0
        for number in 0..<400 {
            let path = number == 0 ? "srv/plain" : texts.text(like: "srv/a+b@c%d/x_1.y-z")
            let content = Array(texts.text(like: "text\n").utf8) + [0, 0xff, 10, 13, 0x80]
            let script = Array(("#!/bin/sh\n" + texts.text(like: "echo 'x' \"$y\" `z`")).utf8)
            var draft = Field.base
            draft.set("nodes/xen01/files/folder", .text("files"))
            draft.set("nodes/xen01/files/modes", .table([("/srv/plain", .text("0600"))]))
            draft.set("nodes/xen01/late_script", .text("late.sh"))
            let labFiles = LabFiles(
                read: { _ in script },
                list: { _ in
                    [
                        .init(path: path, isExecutable: number % 2 == 1, content: content),
                        .init(path: "srv/plain", isExecutable: false, content: []),
                    ].suffix(number == 0 ? 1 : 2)
                })
            guard let lab = Spec.read(draft.yaml, file: "lab.yaml", labFiles: labFiles).lab else { continue }
            count += 1
            let plan = Plan(lab: lab, templates: templates)
            let entries = try plan.overlay(lab.nodes[0]).map { member in
                let kind: ArchiveEntry.Kind =
                    switch member.kind {
                    case .file(let bytes): .file(bytes)
                    case .folder: .folder
                    case .link(let target): .link(target)
                    }
                return ArchiveEntry(
                    path: try #require(ArchivePath(member.path), "\(member.path)"), mode: member.mode, kind: kind)
            }
            let members = try ArchiveReader.members(of: try ArchiveWriter.tarGzip(entries), limit: 1 << 20)
            #expect(Set(members.map(\.path)).count == members.count, "\(path.debugDescription)")
            func member(_ path: String) -> ArchiveEntry? { members.first { $0.path.description == path } }
            #expect(member("srv/plain").map { $0.mode == 0o600 } == true)
            #expect(member("usr/local/lib/xenseed/late-script")?.kind == .file(script))
            if number > 0 {
                #expect(member(path)?.kind == .file(content), "\(path.debugDescription)")
                #expect(member(path)?.mode == (number % 2 == 1 ? 0o755 : 0o644))
            }
        }
        #expect(count > 20)
    }

    /// A file of the user at, above or below a path that xenseed writes is refused.
    @Test(arguments: [
        "etc/hosts", "etc", "root", "root/.ssh", "root/.ssh/authorized_keys", "usr/local/sbin/xenseed-verify",
        "etc/hosts/more",
        "etc/network/interfaces", "usr/local/lib/xenseed", "etc/xenseed/expect", "etc/resolv.conf",
    ])
    func clash(_ path: String) {
        #expect(codes(withFile: path) == ["X0609"])
    }

    @Test(arguments: [
        "etc/hosts.allow", "root/.ssh/config", "etc/network/interfaces.d/more", "etc/default/grub", "usr/local/sbin/x",
    ])
    func besideOurs(_ path: String) {
        #expect(codes(withFile: path) == [])
    }

    /// The reader of the lab refuses a user's file at every path that the planner writes to an overlay.
    @Test(arguments: LabCase.all)
    func everyPathOfOurs(_ lab: LabCase) async throws {
        let tree = try await lab.tree()
        for node in tree.someNodes {
            let users = Set(node.files.map { String($0.path.description.dropFirst()) })
            var ofGuests: [String] = []
            for member in tree.plan.overlay(node) where !users.contains(member.path) {
                let isOfGuest = GuestPath(path: member.path) != nil || OverlayPath(rawValue: member.path)?.guests != nil
                if isOfGuest { ofGuests.append(member.path) }
                // Only a node that has the guest has its files.
                #expect(codes(withFile: member.path) == (isOfGuest ? [] : ["X0609"]), "\(member.path)")
            }
            let clashes = try clashes(withFiles: ofGuests, in: lab)
            // A file that several nodes have is one mistake.
            for path in ofGuests { #expect(clashes.contains { $0.contains(" /\(path) of ") }, "\(path)") }
        }
    }

    /// Returns the messages about files at a path of xenseed for a lab whose nodes have these files of the user, too.
    private func clashes(withFiles paths: [String], in lab: LabCase) throws -> [String] {
        var (text, labFiles) = (try lab.text(), lab.labFiles)
        if !text.contains("folder: files") {
            text.replace("defaults:\n", with: "defaults:\n  files: {folder: files}\n", maxReplacements: 1)
        }
        let list = labFiles.list
        labFiles.list = { folder throws(LabError) in
            guard folder == "files" else { return try list(folder) }
            return ((try? list(folder)) ?? []) + paths.map { .init(path: $0, isExecutable: false, content: []) }
        }
        let report = Spec.read(text, file: "lab.yaml", labFiles: labFiles, release: lab.release).report
        return report.diagnostics.filter { $0.code.id == "X0609" }.map(\.message)
    }

    private func codes(withFile path: String) -> [String] {
        var draft = Field.base
        draft.set("nodes/xen01/files/folder", .text("files"))
        let labFiles = LabFiles(read: { _ in [] }, list: { _ in [.init(path: path, isExecutable: false, content: [])] })
        return Spec.read(draft.yaml, file: "lab.yaml", labFiles: labFiles).report.diagnostics.map(\.code.id)
    }

    // MARK: Reading back

    private func check(_ taken: [Taken]) throws {
        let folder = try TemporaryFolder()
        var preseeds: [String] = []
        var roots: [String] = []
        for (index, item) in taken.enumerated() {
            let root = folder.url("\(index)")
            let shared = Set(item.plan.sharedMembers.map(\.path))
            for member in item.plan.overlay(item.node) {
                guard case .file(let bytes) = member.kind, !shared.contains(member.path) else { continue }
                try write(bytes, root.appending(path: member.path))
            }
            for file in item.plan.networkBoot() + item.plan.overview()
                + [item.plan.virtualBox(), item.plan.qemu(preseedSums: [Self.sum])]
                + item.plan.bootFiles(of: item.node, preseedSum: Self.sum)
            {
                try write(#require(file.bytes), root.appending(path: "media/\(file.path)"))
            }
            for file in try item.plan.seed() { try write(file.content, root.appending(path: "seed/\(file.path)")) }
            try write(
                item.plan.lateCommand(item.node, overlaySum: String(repeating: "0", count: 64)),
                root.appending(path: "late-command.sh"))
            let preseed = item.plan.preseed(item.node, lateSum: String(repeating: "0", count: 64))
            try item.plan.checkPreseed(preseed, of: item.node, file: "preseed.cfg")
            preseeds.append(String(decoding: preseed, as: UTF8.self))
            roots.append(root.path)
        }
        try checkInterfaces(taken, roots)
        try checkPreseeds(taken, preseeds)
        try checkShell(taken, roots)
        try checkKeys(taken, roots)
        try checkApt(taken, roots)
        try checkServers(taken, roots)
        try checkMachines(taken, roots)
        for (item, root) in zip(taken, roots) { try checkWords(item, URL(filePath: root)) }
    }

    private func write(_ bytes: [UInt8], _ file: URL) throws {
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    /// Returns the labs whose files at `paths` differ, because most fields don't change a given file and running the
    /// programs takes time.
    private func distinct(_ taken: [Taken], _ roots: [String], by paths: [String]) throws -> ([Taken], [String]) {
        var seen: Set<[Data]> = []
        let kept = try taken.indices.filter { index in
            seen.insert(try paths.map { try Data(contentsOf: URL(filePath: roots[index]).appending(path: $0)) })
                .inserted
        }
        return (kept.map { taken[$0] }, kept.map { roots[$0] })
    }

    private func checkInterfaces(_ all: [Taken], _ allRoots: [String]) throws {
        let (taken, roots) = try distinct(all, allRoots, by: ["etc/network/interfaces"])
        let readings = try InterfacesReading.read(roots.map { "\($0)/etc/network/interfaces" })
        for (item, reading) in zip(taken, readings) {
            #expect(reading == InterfacesReading(of: item.node, on: item.plan.lab.release), "\(item.what)")
        }
    }

    /// Compares the answers, as read by the installer's reader and by debconf.
    private func checkPreseeds(_ taken: [Taken], _ preseeds: [String]) throws {
        let wanted = taken.map { answers($0.plan.lab, $0.node) }
        let debconf = try Debconf.values(preseeds, questions: wanted.map { $0.keys.sorted() })
        for index in taken.indices {
            let values = Dictionary(
                uniqueKeysWithValues: try parsed(preseeds[index]).answers.map { ($0.question, $0.value) })
            for (question, value) in wanted[index] {
                #expect(values[question] == value, "\(taken[index].what): \(question)")
                #expect(debconf[index][question].map(squeezed) == value, "\(taken[index].what): \(question) in debconf")
            }
        }
    }

    private func answers(_ lab: Lab, _ node: Node) -> [String: String] {
        let link = node.installLink
        let scheme = lab.mirror.scheme.rawValue
        var answers = [
            "debian-installer/locale": "\(lab.locale)", "keyboard-configuration/xkb-keymap": "\(lab.keymap)",
            "time/zone": "\(lab.timeZone)", "netcfg/choose_interface": "\(node.installMAC)",
            "netcfg/hostname": "\(node.name)",
            "netcfg/get_domain": "\(lab.domain)", "netcfg/get_ipaddress": link.addressing.address!.description,
            "netcfg/get_netmask": "\(link.addressing.network.subnet!.netmask)",
            "netcfg/get_gateway": link.addressing.network.gateway!.description,
            "netcfg/get_nameservers": link.addressing.network.dns.map(\.description).joined(separator: " "),
            "mirror/\(scheme)/hostname": "\(lab.mirror.host)", "mirror/\(scheme)/directory": "\(lab.mirror.directory)",
            "mirror/\(scheme)/proxy": lab.mirror.proxy!.description,
            "passwd/root-password-crypted": node.access.rootPassword?.description ?? "*",
        ]
        if case .device(let device) = node.disk.selector {
            answers["partman-auto/disk"] = "\(device)"
            answers["grub-installer/bootdev"] = "\(device)"
        }
        switch node.disk.layout {
        case .plain: break
        case .lvm(let lvm): answers["partman-auto-lvm/new_vg_name"] = "\(lvm.group)"
        case .recipe(let recipe): answers["partman-auto/expert_recipe"] = recipe.description
        }
        return answers
    }

    /// Sources the files in /etc/default with a shell and runs the late command's `apt-get` line.
    private func checkShell(_ taken: [Taken], _ roots: [String]) throws {
        let ran = try shell(
            """
            mkdir bin
            printf '#!/bin/sh\\nprintf "%%s\\\\n" "$@"\\n' >bin/apt-get
            chmod +x bin/apt-get
            PATH=$PWD/bin:$PATH
            in_target() { sh -c "$1"; }
            for root in "$@"; do
                dash -n "$root/late-command.sh" || exit 1
                (
                    cd "$root/etc/default" || exit 1
                    set -u
                    GRUB_CMDLINE_LINUX_XEN_REPLACE=
                    . ./grub.d/50-xenseed.cfg && . ./xendomains && . ./xen || exit 1
                    printf '%s\\037' "$GRUB_CMDLINE_XEN" "$GRUB_CMDLINE_LINUX" "$GRUB_CMDLINE_LINUX_XEN_REPLACE" \\
                        "$XENDOMAINS_SAVE" "$XENDOMAINS_RESTORE" "$XENDOMAINS_AUTO" "$XENDOMAINS_STOP_MAXWAIT" "$TOOLSTACK"
                    node=
                    eval "$(grep '^node=' "$root/late-command.sh")"
                    eval "set -- $(sed -n '/^pick_disks/,/^}/s/^    for path in \\(.*\\); do$/\\1/p' "$root/late-command.sh")"
                    printf '%s\\037' "$node" "$*"
                    eval "$(grep "^    in_target 'apt-get " "$root/late-command.sh")"
                    printf '\\036'
                ) || exit 1
            done
            """, roots, needs: ["dash", "grep", "sed"], in: URL(filePath: roots[0]))
        try #require(ran.status == 0 && ran.err.isEmpty, "\(ran.err)")
        let records = ran.out.split(separator: "\u{1e}", omittingEmptySubsequences: false)
        try #require(records.count == taken.count + 1)
        for (item, record) in zip(taken, records) {
            let (lab, node) = (item.plan.lab, item.node)
            let (dom0, plain) = (node.dom0, lab.release.nicNameOptions + node.grub.linuxOptions.map(\.description))
            var memory = "dom0_mem=\(dom0.memory.mebibytes)M"
            if let low = dom0.memoryMin { memory += ",min:\(low.mebibytes)M" }
            var xen = ["\(memory),max:\(dom0.memoryMax.mebibytes)M", "dom0_max_vcpus=1", "dom0_vcpus_pin"]
            xen += dom0.options.map(\.description)
            var (linux, replaced) = (plain, [String]())
            if let console = node.console {
                let com = "com\(console.unit + 1)"
                xen += ["\(com)=\(console.speed),8n1", "console=\(com),vga"]
                linux += ["console=tty0", "console=ttyS\(console.unit),\(console.speed)n8"]
                replaced = plain + ["console=tty0", "console=hvc0"]
            }
            let packages = Set(
                lab.release.xenPackages + lab.release.networkPackages + lab.release.timePackages
                    + node.packages.map(\.description) + ["openssh-server", "sudo"])
            let wanted = [
                xen.joined(separator: " "), linux.joined(separator: " "), replaced.joined(separator: " "),
                node.xendomains.save?.description ?? "", node.xendomains.restores ? "true" : "",
                node.xendomains.auto?.description ?? "", "\(node.xendomains.stopMaxWait)", node.toolstack,
                "\(node.name)", node.disk.selector.paths.map(\.description).joined(separator: " "),
                (["-q", "-y", "install"] + packages.sorted()).map { $0 + "\n" }.joined(),
            ]
            #expect(
                record.split(separator: "\u{1f}", omittingEmptySubsequences: false).map(String.init) == wanted,
                "\(item.what)")
        }
    }

    private func checkKeys(_ all: [Taken], _ allRoots: [String]) throws {
        let (taken, roots) = try distinct(all, allRoots, by: ["root/.ssh/authorized_keys"])
        let ran = try shell(
            "for root in \"$@\"; do ssh-keygen -lf \"$root/root/.ssh/authorized_keys\"; echo; done", roots,
            needs: ["ssh-keygen"])
        try #require(ran.err.isEmpty, "\(ran.err)")
        for (item, listed) in zip(taken, ran.out.components(separatedBy: "\n\n")) {
            let lines = listed.split(separator: "\n")
            let comments = item.node.access.authorizedKeys.map { key in
                key.description.split(separator: " ", maxSplits: 2).dropFirst(2).first.map(String.init) ?? "no comment"
            }
            let seen = lines.map { $0.split(separator: " ", maxSplits: 2)[2] }
            // ssh-keygen prints the key's comment without leading spaces.
            #expect(seen == comments.map { "\($0.drop { $0 == " " }) (ED25519)" }, "\(item.what)")
        }
    }

    private func checkApt(_ all: [Taken], _ allRoots: [String]) throws {
        let (taken, roots) = try distinct(all, allRoots, by: ["etc/apt/sources.list", "etc/apt/apt.conf.d/90xenseed"])
        let ran = try shell(
            """
            for root in "$@"; do
                APT_CONFIG=$root/etc/apt/apt.conf.d/90xenseed apt-config dump --format '%v%n' Acquire::http::Proxy || exit 1
                apt-get update --print-uris -o Dir::Etc::SourceList="$root/etc/apt/sources.list" \\
                    -o Dir::Etc::SourceParts=/dev/null | sed -n "s/^'\\([^']*\\)InRelease'.*/\\1/p"
                echo
            done
            """, roots, needs: ["apt-config", "apt-get"])
        try #require(ran.status == 0 && ran.err.isEmpty, "\(ran.err)")
        for (item, listed) in zip(taken, ran.out.components(separatedBy: "\n\n")) {
            let (mirror, release) = (item.plan.lab.mirror, item.plan.lab.release)
            let suites = [release.codename] + release.updateSuites
            let wanted =
                [mirror.proxy!.description] + suites.map { "\(mirror.url)/dists/\($0)/" }
                + ["\(release.securityURL)/dists/\(release.securitySuite)/"]
            // apt prints the URLs in an order of its own.
            let seen = listed.split(separator: "\n").map(String.init).sorted()
            #expect(seen == wanted.sorted(), "\(item.what)")
        }
    }

    /// A valid MD5 digest for the kernel command line.
    private static let sum = String(repeating: "0", count: 32)

    private func checkServers(_ all: [Taken], _ allRoots: [String]) throws {
        let files = ["media/pxe/dnsmasq.conf", "media/pxe/dnsmasq-proxy.conf", "media/pxe/dhcpd.conf"]
        let (taken, roots) = try distinct(all, allRoots, by: files)
        #expect(taken.count > 10)
        for (item, root) in zip(taken, roots) {
            for file in files.dropLast() {
                let ran = try tool(["dnsmasq", "--test", "--conf-file=\(root)/\(file)"])
                #expect(ran.status == 0, "\(item.what): \(ran.err)")
            }
            let ran = try tool(["dhcpd", "-t", "-cf", "\(root)/\(files[2])", "-lf", "/dev/null"])
            #expect(ran.status == 0, "\(item.what): \(ran.err)")
        }
    }

    /// Checks values that are split by programs: the kernel command line in PXELINUX's file by spaces, and the seed's
    /// list of nodes and the script for VirtualBox by a shell.
    private func checkMachines(_ taken: [Taken], _ roots: [String]) throws {
        let ran = try shell(
            """
            for root in "$@"; do
                cd "$root/media" || exit 1
                line=$(sed -n 's/^  append //p' pxe/tftp/debian-installer/amd64/pxelinux.cfg/01-*)
                set -f
                set -- $line
                set +f
                printf '%s\\037' "$@"
                printf '\\035'
                while read -r name list number; do
                    case $name in '#'*) continue ;; esac
                    printf '%s\\037' "$name" "$list" "$number"
                    node=$name
                done <"$root/seed/xenseed/nodes"
                printf '\\035'
                eval "$(sed -n '/^hardware() {$/,/^}$/p' virtualbox/lab)"
                hardware "$node"
                [ -n "$cpus" ] || dmi=none
                printf '%s' "$dmi"
                printf '\\036'
            done
            """, roots, needs: ["sed"])
        try #require(ran.status == 0 && ran.err.isEmpty, "\(ran.err)")
        let records = ran.out.split(separator: "\u{1e}", omittingEmptySubsequences: false)
        try #require(records.count == taken.count + 1)
        for (item, record) in zip(taken, records) {
            let (lab, node) = (item.plan.lab, item.node)
            let server = try #require(lab.bootServer)
            let parts = record.split(separator: "\u{1d}", omittingEmptySubsequences: false).map {
                $0.split(separator: "\u{1f}", omittingEmptySubsequences: false).map(String.init)
            }
            let link = node.installLink.addressing
            var options = [
                "initrd=debian-installer/amd64/initrd.gz", "auto=true", "priority=critical",
                "url=http://\(server.address)\(server.port == 80 ? "" : ":\(server.port)")/nodes/\(node.name)/preseed.cfg",
                "preseed/url/checksum=\(Self.sum)", "netcfg/link_wait_timeout=10",
                "netcfg/dhcp_timeout=60", "hw-detect/load_firmware=false", "netcfg/hostname=\(node.name)",
                "domain=\(lab.domain)",
                "interface=\(node.installMAC)", "locale=\(lab.locale)", "keymap=\(lab.keymap)",
                "netcfg/disable_autoconfig=true", "netcfg/get_ipaddress=\(link.address!)",
                "netcfg/get_netmask=\(link.network.subnet!.netmask)", "netcfg/get_gateway=\(link.network.gateway!)",
                "netcfg/confirm_static=true", "netcfg/get_nameservers=\(link.network.dns[0])",
            ]
            if let console = node.console { options.append("console=ttyS\(console.unit),\(console.speed)n8") }
            #expect(parts[0] == options + ["---", ""], "\(item.what)")
            let macs = node.interfaces.map { "\($0.mac)" }.joined(separator: ",")
            #expect(parts[1] == ["\(node.name)", macs, node.serial!.description, ""], "\(item.what)")
            // The script has no machine for a node with a disk that VirtualBox can't provide.
            #expect(parts[2] == [node.serial!.description] || parts[2] == ["none"], "\(item.what)")
        }
    }

    /// Checks the files that are split into lines and fields.
    private func checkWords(_ item: Taken, _ root: URL) throws {
        let (lab, node) = (item.plan.lab, item.node)
        func lines(_ path: String) throws -> [[String]] {
            try String(contentsOf: root.appending(path: path), encoding: .utf8).split(separator: "\n")
                .filter { !$0.hasPrefix("#") }.map { $0.split { " \t".contains($0) }.map(String.init) }
        }
        let full = "\(node.name).\(lab.domain)"
        #expect(try String(contentsOf: root.appending(path: "etc/hostname"), encoding: .utf8) == full + "\n")
        let closed = node.links.first { !$0.addressing.network.leadsOut }!
        #expect(
            try lines("etc/hosts") == [
                ["127.0.0.1", "localhost"], ["\(closed.addressing.address!)", full, "\(node.name)"],
                ["::1", "localhost", "ip6-localhost", "ip6-loopback"], ["ff02::1", "ip6-allnodes"],
                ["ff02::2", "ip6-allrouters"],
            ], "\(item.what)")
        #expect(
            try lines("etc/resolv.conf")
                == [["search", "\(lab.domain)"]]
                + node.links.flatMap(\.addressing.network.dns).map { ["nameserver", "\($0)"] }, "\(item.what)")

        let cards: [[String]]
        if lab.release.udevExchangesNames {
            let rule =
                #/SUBSYSTEM=="net", ACTION=="add", DRIVERS=="\?\*", ATTR\{address\}=="([0-9a-f:]{17})", ATTR\{type\}=="1", NAME="([a-z][a-z0-9_-]*)"/#
            let rules = try String(
                contentsOf: root.appending(path: "etc/udev/rules.d/70-persistent-net.rules"), encoding: .utf8)
            cards = try rules.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
                let match = try #require(line.wholeMatch(of: rule), "\(line)")
                return ["\(match.2)", "\(match.1)"]
            }
        } else {
            cards = try lines("etc/xenseed/cards")
        }
        #expect(cards == node.interfaces.map { ["\($0.name)", "\($0.mac)"] }, "\(item.what)")

        // The fields that the verifier gets from `set -- $line`.
        let expect = try lines("etc/xenseed/expect")
        func words(_ keyword: String) -> [[String]] { expect.filter { $0[0] == keyword }.map { Array($0.dropFirst()) } }
        #expect(words("hostname") == [[full]], "\(item.what)")
        for option in node.dom0.options { #expect(words("xen-option").contains([option.description]), "\(item.what)") }
        #expect(
            words("address")
                == node.links.map {
                    ["\($0.name)", "\($0.addressing.address!)/\($0.addressing.network.subnet!.prefix)"]
                }, "\(item.what)")
        #expect(
            words("bridge")
                == node.links.filter { $0.bridge != nil }.map { link in
                    ["\(link.name)"] + link.cards.map { "\($0.name)=\($0.mac)" }
                },
            "\(item.what)")
        #expect(
            words("default-route") == [["\(node.links.first { $0.addressing.network.leadsOut }!.name)"]], "\(item.what)"
        )
        #expect(words("toolstack") == [[node.toolstack]])
        #expect(
            words("xendomains").contains(["XENDOMAINS_SAVE=\(node.xendomains.save?.description ?? "")"]), "\(item.what)"
        )
        #expect(
            words("xendomains").contains(["XENDOMAINS_AUTO=\(node.xendomains.auto?.description ?? "")"]), "\(item.what)"
        )

        // The disks that are kept are the items of a loop.
        let late = try String(contentsOf: root.appending(path: "late-command.sh"), encoding: .utf8)
        let kept = node.disk.kept.map { " \($0)" }.joined()
        #expect(late.contains("    for path in\(kept); do\n"), "\(item.what)")
    }
}

extension LabFiles {
    /// A lab without files.
    static let none = LabFiles(
        read: { _ throws(LabError) in throw LabError("no such file") },
        list: { _ throws(LabError) in throw LabError("no such folder") })
}
