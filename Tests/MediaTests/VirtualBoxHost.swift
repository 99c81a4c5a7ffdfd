import Foundation
import TestSupport
import Testing

/// A host with the stand-in for VirtualBox (`VBoxManage`, whose heading says what it is and is not).
final class VirtualBoxHost {
    static let versions = [
        "5.2.44r139111", "6.0.24r139119", "6.1.50r161033", "7.0.14r161095", "7.1.4r165100", "7.2.0r170228",
    ]

    let folder: TemporaryFolder
    /// What the stand-in is told: its heading lists the keys.
    private(set) var settings: [String: Any]

    init(version: String = "7.0.14r161095", os: String = "linux") throws {
        folder = try TemporaryFolder()
        settings = [
            "version": version, "os": os, "home": folder.url("VirtualBox VMs").path, "bridged": ["eth0", "wlan0"],
            "hostonly": ["vboxnet0"],
        ]
        for name in ["bin", "host"] {
            try FileManager.default.createDirectory(at: folder.url(name), withIntermediateDirectories: true)
        }
        try FileManager.default.createSymbolicLink(
            at: folder.url("bin/VBoxManage"),
            withDestinationURL: checkout.appending(path: "Tests/MediaTests/VBoxManage"))
        try set([:])
    }

    var home: URL { folder.url("VirtualBox VMs") }

    func set(_ more: [String: Any]) throws {
        settings.merge(more) { $1 }
        try JSONSerialization.data(withJSONObject: settings).write(to: folder.url("host/host.json"))
    }

    var surroundings: [String: String] {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return [
            "PATH": "\(folder.url("bin").path):\(path)", "VBOX_STAND_IN": folder.url("host").path,
            "XENSEED_BRIDGE": "", "XENSEED_HOSTONLY": "", "XENSEED_ISO": "",
        ]
    }

    /// Runs the stand-in itself.
    func manage(_ words: String...) throws -> Ran { try run(["VBoxManage"] + words, environment: surroundings) }

    /// Runs a lab's script, and ends it at the limit by SIGKILL: a test's threads, and so what they start, block others.
    func lab(
        _ lab: BuiltLab, _ words: [String], shell: [String] = [], environment more: [String: String] = [:],
        limit seconds: Int = 120, in folder: URL? = nil
    ) throws -> Ran {
        try run(
            ["timeout", "-s", "KILL", "\(seconds)"] + shell + [lab.script.path] + words,
            environment: surroundings.merging(more) { $1 }, in: folder)
    }

    // MARK: What it holds

    struct State: Codable {
        struct Machine: Codable {
            struct Controller: Codable {
                var bus: String
                var ports: Int
                var bootable: Bool
                var media: [String: String]
            }
            var name, group, settings_file, state, ostype: String
            var settings: [String: Setting]
            var extra: [String: String]
            var controllers: [String: Controller]
            var locked: Int
            var uuid: String
        }
        struct Medium: Codable {
            var kind: String
            var bytes: Int?
            var format, variant: String?
        }
        var machines: [String: Machine]
        var media: [String: Medium]
        var serial: Int
    }

    /// A switch, a number or a word.
    enum Setting: Codable, CustomStringConvertible {
        case flag(Bool)
        case number(Int)
        case text(String)

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let flag = try? value.decode(Bool.self) {
                self = .flag(flag)
            } else if let number = try? value.decode(Int.self) {
                self = .number(number)
            } else {
                self = .text(try value.decode(String.self))
            }
        }

        func encode(to encoder: any Encoder) throws {
            var value = encoder.singleValueContainer()
            switch self {
            case .flag(let flag): try value.encode(flag)
            case .number(let number): try value.encode(number)
            case .text(let text): try value.encode(text)
            }
        }

        var description: String {
            switch self {
            case .flag(let flag): flag ? "on" : "off"
            case .number(let number): "\(number)"
            case .text(let text): text
            }
        }
    }

    var state: State {
        get throws {
            guard let data = try? Data(contentsOf: folder.url("host/state.json")) else {
                return State(machines: [:], media: [:], serial: 0)
            }
            return try JSONDecoder().decode(State.self, from: data)
        }
    }

    /// Does to a machine what its user might.
    func change(_ name: String, _ body: (inout State.Machine) -> Void) throws {
        var state = try state
        let uuid = try #require(state.machines.first { $0.value.name == name }?.key)
        body(&state.machines[uuid]!)
        try JSONEncoder().encode(state).write(to: folder.url("host/state.json"))
    }

    /// The words of every call so far.
    var calls: [[String]] {
        get throws {
            guard let text = try? String(contentsOf: folder.url("host/calls.txt"), encoding: .utf8) else { return [] }
            return try text.split(separator: "\n").map {
                try JSONDecoder().decode([String].self, from: Data($0.utf8))
            }
        }
    }

    func forgetCalls() throws { try Data().write(to: folder.url("host/calls.txt")) }

    /// Files below the machines' folder.
    var files: [String] { ((try? FileManager.default.subpathsOfDirectory(atPath: home.path)) ?? []).sorted() }

    /// Every machine, for reading: what the lab decides, then what is the same for all. Paths are below `home`.
    var picture: String {
        get throws {
            let state = try state
            return state.machines.values.sorted { $0.name < $1.name }.map { picture($0, state) }
                .joined(separator: "\n\n")
        }
    }

    private func picture(_ machine: State.Machine, _ state: State) -> String {
        func word(_ key: String) -> String { machine.settings[key]?.description ?? "-" }
        func below(_ path: String) -> String { path.replacing(home.path + "/", with: "") }
        var lines = [
            "\(machine.name) \(machine.state), \(word("firmware")), \(word("cpus")) CPUs, \(word("memory")) MiB",
            below(machine.settings_file),
        ]
        for nic in 1...8 where word("nic\(nic)") != "none" {
            let kind = word("nic\(nic)")
            let device = ["bridged": "bridgeadapter", "hostonly": "hostonlyadapter"][kind] ?? kind
            lines.append(
                "\(nic) \(kind) \(word("\(device)\(nic)")) \(word("macaddress\(nic)")) \(word("nictype\(nic)")) "
                    + "\(word("nicpromisc\(nic)")) priority \(word("nicbootprio\(nic)")) "
                    + "cable \(word("cableconnected\(nic)"))")
        }
        for uart in 1...2 where word("uart\(uart)") != "off" {
            lines.append("uart\(uart) \(word("uart\(uart)")) \(below(word("uartmode\(uart)")))")
        }
        for (name, controller) in machine.controllers.sorted(by: { $0.key < $1.key }) {
            lines.append(
                "\(name) \(controller.bus) \(controller.ports) ports\(controller.bootable ? ", bootable" : "")")
            for (place, medium) in controller.media.sorted(by: { $0.key < $1.key }) {
                let size = state.media[medium]?.bytes.map { " \($0 >> 20) MiB" } ?? ""
                lines.append("  \(place) \(below(medium))\(size)")
            }
        }
        lines += machine.extra.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let audio = machine.settings["audio-enabled"] ?? machine.settings["audio"]
        lines.append(
            "group \(machine.group) \(machine.ostype) chipset \(word("chipset")) acpi \(word("acpi")) "
                + "ioapic \(word("ioapic")) pae \(word("pae")) longmode \(word("longmode")) hpet \(word("hpet")) "
                + "utc \(word("rtcuseutc")) paravirt \(word("paravirtprovider")) vram \(word("vram")) "
                + "usb \(word("usb")) mouse \(word("mouse")) "
                + "audio \(["none", "off"].contains(audio?.description) ? "off" : "on") "
                + "boot \((1...4).map { word("boot\($0)") }.joined(separator: " "))")
        return lines.joined(separator: "\n")
    }
}

/// A lab that the program has built.
struct BuiltLab {
    let folder: TemporaryFolder
    var script: URL { folder.url("out/virtualbox/lab") }

    /// - Parameter name: `reference`, or a folder of Tests/ArtifactTests/Labs.
    init(_ name: String) throws {
        let place = name == "reference" ? checkout : checkout.appending(path: "Tests/ArtifactTests/Labs/\(name)")
        try self.init(file: place.appending(path: "lab.yaml"), folder: try TemporaryFolder())
    }

    init(text: String) throws {
        let folder = try TemporaryFolder()
        try Data(text.utf8).write(to: folder.url("lab.yaml"))
        try self.init(file: folder.url("lab.yaml"), folder: folder)
    }

    private init(file: URL, folder: TemporaryFolder) throws {
        self.folder = folder
        let built = try run([
            checkout.appending(path: ".build/debug/xenseed").path, "build", file.path, "--output",
            folder.url("out").path,
        ])
        try #require(built.status == 0, "\(built.err)")
    }

    /// One node, with one interface on the LAN unless `node` says more.
    static func text(node: String, defaults: String = "", networks: String = "") -> String {
        """
        release: bookworm
        domain: hl.local
        networks:
          lan: {subnet: 10.8.0.0/16, dhcp: true}
        \(networks)
        defaults:
          cpus: 2
          memory: 4 GiB
          access: {root_password: "$6$saltsalt$\(String(repeating: "x", count: 86))"}
        \(defaults)
        nodes:
          xen01:
            interfaces:
              eth0: {mac: "08:00:27:00:00:01", network: lan}
        \(node)

        """
    }
}
