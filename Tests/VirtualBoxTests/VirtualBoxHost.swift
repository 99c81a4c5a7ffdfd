import Foundation
import TestSupport

/// A host with the real VirtualBox, on which an ordinary user runs a lab's script (`hold`). Its `VBoxManage` only
/// simulates the start of machines.
final class VirtualBoxHost {
    /// The root directory from Tests/VirtualBox/root.
    private static let root = checkout.appending(path: ".build-virtualbox/root").path
    private static let files = checkout.appending(path: "Tests/VirtualBoxTests")
    /// The user's home directory, as a path in the host.
    static let home = "/home/user"

    let folder: TemporaryFolder
    /// The process that holds the host's namespaces.
    private let process: pid_t
    /// The default machine folder, relative to the home directory.
    var machineFolder = "VirtualBox VMs"

    init() throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(at: folder.url("home/.test/on"), withIntermediateDirectories: true)
        let ran = try TestSupport.run([
            "sh", "-c",
            """
            : >"$5"
            unshare --mount --net --pid --fork --kill-child "$1/hold" "$2" "$3" "$1" >"$5" 2>"$4" </dev/null &
            for _ in $(seq 100); do
                [ ! -s "$5" ] || break
                sleep 0.1
            done
            cat "$5"
            """, "sh", Self.files.path, Self.root, folder.url("home").path, folder.url("errors").path,
            folder.url("process").path,
        ])
        guard let process = pid_t(ran.out.trimmingCharacters(in: .newlines)) else {
            throw NoHost(said: (try? String(contentsOf: folder.url("errors"), encoding: .utf8)) ?? "")
        }
        self.process = process
    }

    struct NoHost: Error { var said: String }

    deinit { kill(process, SIGKILL) }

    /// Runs a command as the host's user, in the home directory, with a time limit in seconds.
    func run(
        _ words: [String], environment: [String: String] = [:], input: String = "", limit seconds: Int = 120
    ) throws -> Ran {
        let variables =
            [
                "HOME": Self.home, "USER": "user", "LOGNAME": "user", "PATH": "/usr/local/bin:/usr/bin:/bin",
                "LANG": "C.UTF-8",
            ]
            .merging(environment) { $1 }.map { "\($0)=\($1)" }
        return try TestSupport.run(
            [
                "timeout", "-s", "KILL", "\(seconds)", "nsenter", "--target", "\(process)", "--mount", "--net", "--pid",
                "chroot", Self.root, "setpriv", "--reuid=user", "--regid=user", "--init-groups", "env", "-i",
            ] + variables + ["sh", "-c", "cd && exec \"$@\"", "sh"] + words, input: Data(input.utf8))
    }

    /// The path to which `put` writes a lab's script, relative to the home directory. It has a space and a two-byte
    /// letter.
    static let script = "lab für uns/lab"

    func put(_ lab: BuiltLab) throws {
        try write(try Data(contentsOf: lab.virtualBox), to: Self.script)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: url(Self.script).path)
    }

    /// Runs a lab's script.
    func lab(_ lab: BuiltLab, _ words: [String], environment: [String: String] = [:]) throws -> Ran {
        try put(lab)
        return try run(["./\(Self.script)"] + words, environment: environment)
    }

    /// Runs the real VBoxManage, without its warnings about the kernel module.
    func manage(_ words: String...) throws -> Ran {
        try run(["/usr/lib/virtualbox/VBoxManage"] + words)
    }

    /// Starts VirtualBox's server, which then runs until it is ended. A server that a client starts ends some seconds after
    /// the last client.
    func startServer() throws {
        let started = try run(["sh", "-c", "/usr/lib/virtualbox/VBoxSVC >/dev/null 2>&1 &"])
        guard started.status == 0 else { throw NoHost(said: started.err) }
    }

    // MARK: Files in the home directory

    func url(_ path: String) -> URL { folder.url("home").appending(path: path) }

    /// Writes a file, owned by the user, into the home directory.
    func write(_ data: Data = Data(), to path: String) throws {
        let place = url(path)
        let folder = place.deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try data.write(to: place)
        for changed in [place, folder] {
            try FileManager.default.setAttributes(
                try FileManager.default.attributesOfItem(atPath: url("").path)
                    .filter { [.ownerAccountID, .groupOwnerAccountID].contains($0.key) }, ofItemAtPath: changed.path)
        }
    }

    func remove(_ path: String) throws { try FileManager.default.removeItem(at: url(path)) }

    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: url(path).path) }

    /// The paths of files and directories below the default machine folder.
    var files: [String] {
        ((try? FileManager.default.subpathsOfDirectory(atPath: url(machineFolder).path)) ?? []).sorted()
    }

    // MARK: The wrapper VBoxManage

    /// Kills the script at its N-th call from now: `before` it, `after` it, or `half` way.
    func cut(_ when: String, _ number: Int) throws {
        try forgetCalls()
        try write(Data("\(when) \(number)\n".utf8), to: ".test/cut")
    }

    func cutNothing() throws { try remove(".test/cut") }

    /// The arguments of the calls so far, joined by spaces.
    var calls: [String] {
        get throws {
            guard exists(".test/calls") else { return [] }
            return try String(contentsOf: url(".test/calls"), encoding: .utf8).split(separator: "\n").map(String.init)
        }
    }

    func forgetCalls() throws { try write(to: ".test/calls") }

    // MARK: State of VirtualBox

    /// Names and UUIDs of the machines. A machine that VirtualBox cannot read is named `<inaccessible>`.
    var machines: [(name: String, id: String)] {
        get throws {
            try manage("list", "vms").out.matches(of: /"(.*)" \{(.*)\}/).map { (String($0.1), String($0.2)) }
        }
    }

    /// A description of every machine: first what depends on the lab, then what is the same for all machines. Paths are
    /// relative to the default machine folder.
    var picture: String {
        get throws {
            try machines.sorted { $0.name < $1.name }.map { try picture($0.id) }.joined(separator: "\n\n")
        }
    }

    private func picture(_ id: String) throws -> String {
        // One command fetches everything. The showvminfo of the wrapper is used, because it reports which machines are
        // on.
        let ran = try run([
            "sh", "-c",
            """
            real=/usr/lib/virtualbox/VBoxManage
            VBoxManage showvminfo "$1" --machinereadable
            $real showvminfo "$1" | grep '^NIC [0-9]*: *MAC'
            $real getextradata "$1" enumerate
            $real list --long hdds
            """, "sh", id,
        ])
        var values: [String: String] = [:]
        for match in ran.out.matches(of: /(?m)^"?([^"=\n]+)"?="?([^"\n]*)"?$/) {
            values[String(match.1)] = String(match.2)
        }
        func value(_ key: String) -> String { values[key] ?? "-" }
        func below(_ path: String) -> String { path.replacing("\(Self.home)/\(machineFolder)/", with: "") }
        var lines = [
            "\(value("name")) \(value("VMState")), \(value("firmware")), \(value("cpus")) CPUs, \(value("memory")) MiB",
            below(value("CfgFile")),
        ]
        for nic in 1...8 where value("nic\(nic)") != "none" {
            let kind = value("nic\(nic)")
            let device = ["bridged": "bridgeadapter", "hostonly": "hostonlyadapter"][kind] ?? kind
            // Only the human-readable output has these properties.
            let line = try ran.out.firstMatch(
                of: Regex("(?m)^NIC \(nic): .*Boot priority: ([0-9]+), Promisc Policy: ([a-z-]+)"))
            let (priority, policy) = (line?.output[1].substring ?? "-", line?.output[2].substring ?? "-")
            lines.append(
                "\(nic) \(kind) \(value("\(device)\(nic)")) \(value("macaddress\(nic)")) \(value("nictype\(nic)")) "
                    + "\(policy) priority \(priority) cable \(value("cableconnected\(nic)"))")
        }
        for uart in 1...4 where value("uart\(uart)") != "off" {
            lines.append("uart\(uart) \(value("uart\(uart)")) \(below(value("uartmode\(uart)")))")
        }
        var sizes: [String: String] = [:]
        for match in ran.out.matches(of: /Location: +(.*)\n(?:.*\n)*?Capacity: +([0-9]+) MBytes/) {
            sizes[String(match.1)] = " \(match.2) MiB"
        }
        for number in 0..<8 {
            let name = value("storagecontrollername\(number)")
            guard name != "-" else { continue }
            lines.append(
                "\(name) \(value("storagecontrollertype\(number)")) \(value("storagecontrollerportcount\(number)")) ports, "
                    + "bootable \(value("storagecontrollerbootable\(number)"))")
            let port = try Regex("\(name)-[0-9]+-[0-9]+")
            for (key, medium) in values.sorted(by: { $0.key < $1.key }) where medium != "none" {
                guard try port.wholeMatch(in: key) != nil else { continue }
                lines.append("  \(key.dropFirst(name.count + 1)) \(below(medium))\(sizes[medium] ?? "")")
            }
        }
        lines += ran.out.matches(of: /(?m)^Key: (.*), Value: (.*)$/).map { "\($0.1)=\($0.2)" }.sorted()
        lines.append(
            "group \(value("groups")) \(value("ostype")) chipset \(value("chipset")) acpi \(value("acpi")) "
                + "ioapic \(value("ioapic")) pae \(value("pae")) longmode \(value("longmode")) hpet \(value("hpet")) "
                + "utc \(value("rtcuseutc")) paravirt \(value("paravirtprovider")) vram \(value("vram")) "
                + "usb \(value("usb")) \(value("ehci")) \(value("xhci")) mouse \(value("hidpointing")) "
                + "audio \(value("audio")) boot \((1...4).map { value("boot\($0)") }.joined(separator: " "))")
        return lines.joined(separator: "\n")
    }
}
