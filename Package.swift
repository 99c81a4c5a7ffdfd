// swift-tools-version: 6.2
import Foundation
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny")]

/// Tests read fixtures and scripts from the checkout, so nothing under a test's folder is a resource.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

let templates = [
    "README.md",
    "apt-hook.conf",
    "apt.conf",
    "article.yaml",
    "authorized_keys",
    "cards",
    "cards.sh",
    "drbd-module.conf",
    "esp-hook.conf",
    "expect",
    "grub.cfg",
    "guest.cfg",
    "guest.res",
    "guests",
    "hosts",
    "interfaces",
    "late-command.sh",
    "lvmlocal.conf",
    "machines.sh",
    "migration-hosts",
    "overview.svg",
    "persistent-net.rules",
    "preseed.cfg",
    "resolv.conf",
    "serial-getty.conf",
    "sources.list",
    "sshd.conf",
    "starter.yaml",
    "sudoers",
    "timesyncd.conf",
    "toolstack",
    "verify-waits.conf",
    "wait-for-carrier.sh",
    "xendomains",
    "xendomains-unit.conf",
    "xenseed-cards.rules",
    "xenseed-cards.service",
    "xenseed-cards.sh",
    "xenseed-esp.sh",
    "xenseed-guest-demo.sh",
    "xenseed-guests.service",
    "xenseed-guests.sh",
    "xenseed-migrate-peer.sh",
    "xenseed-migrate.sh",
    "xenseed-verify-soon.timer",
    "xenseed-verify.service",
    "xenseed-verify.sh",
    "xenseed-verify.timer",
    "xl.conf",
    "ci/github.yml",
    "ci/gitlab.yml",
    "libvirt/libvirt-lab.sh",
    "libvirt/network.xml",
    "libvirt/node.xml",
    "pxe/boot.ipxe",
    "pxe/dhcpd.conf",
    "pxe/disk.ipxe",
    "pxe/dnsmasq-proxy.conf",
    "pxe/dnsmasq.conf",
    "pxe/grub-netboot.cfg",
    "pxe/grub-node.cfg",
    "pxe/node.ipxe",
    "pxe/pxelinux-default.cfg",
    "pxe/pxelinux-node.cfg",
    "qemu/qemu-lab.sh",
    "usb/find-node.sh",
    "usb/find-node.templates",
    "usb/grub-medium.cfg",
    "usb/isolinux.cfg",
    "usb/seed-nodes",
    "usb/seed-preseed.cfg",
    "virtualbox/virtualbox-lab.sh",
]

let package = Package(
    name: "xenseed",
    products: [
        .executable(name: "xenseed", targets: ["xenseed"]),
        // Preseeds and what is wrong with them, for other programs; knows nothing of labs.
        .library(name: "Preseed", targets: ["Preseed"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        // Only for `swift package generate-documentation`.
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", exact: "1.5.0"),
        // Without its conversions from and to Foundation's types.
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
    ],
    targets: [
        .systemLibrary(name: "CLibArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "CLibDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
        .systemLibrary(name: "CYaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CCrypt", pkgConfig: "libxcrypt", providers: [.apt(["libcrypt-dev"])]),
        .systemLibrary(name: "CLinux"),
        .target(
            name: "Preseed",
            exclude: ["README.md", "asked-by-programs.tsv", "components.tsv", "rebuild"].map {
                "Releases/Catalogue/\($0)"
            },
            swiftSettings: strict),
        .target(
            name: "Lab", dependencies: ["Preseed", "CYaml", .product(name: "Crypto", package: "swift-crypto")],
            exclude: ["Reader/lab.schema.json"], swiftSettings: strict),
        .target(
            name: "Templates", path: "templates", resources: templates.map { .embedInCode($0) }, swiftSettings: strict),
        .target(
            name: "Build",
            dependencies: [
                "Lab", "Preseed", "Templates", "CLibArchive", "CLibDeflate", "CLinux",
                .product(name: "Crypto", package: "swift-crypto"), system,
                .product(name: "Subprocess", package: "swift-subprocess"),
            ], swiftSettings: strict),
        .target(
            name: "Images",
            dependencies: ["Build", "Lab", "Preseed", system, .product(name: "Crypto", package: "swift-crypto")],
            exclude: ["disk.S"], resources: [.embedInCode("disk.bin")], swiftSettings: strict),
        .target(
            name: "Server",
            dependencies: [
                "Build", "Lab", "Preseed", "Templates", system, logging,
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            resources: ["lab.html", "lab.css", "lab.js"].map { .embedInCode("Page/\($0)") }, swiftSettings: strict),
        .target(name: "Review", dependencies: ["Build", "Lab", "Preseed"], swiftSettings: strict),
        .executableTarget(
            name: "xenseed",
            dependencies: [
                "Images", "Server", "Review", "Build", "Lab", "Preseed", "CCrypt", system, logging,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], exclude: ["Debian"], swiftSettings: strict),
        // Writes the generated pages of docs/reference: make reference.
        .executableTarget(
            name: "reference", dependencies: ["Lab", "Preseed"], path: "Tests/Reference", swiftSettings: strict),
        tests("VerifierTests", ["TestSupport"], exclude: ["Fixtures"]),
        tests(
            "SpecTests", ["Lab", "Build", "TestSupport"], exclude: ["Fixtures", "Labs", "TwentyMistakes"]),
        tests("PreseedTests", ["Preseed", "TestSupport"], exclude: ["Corpus"]),
        tests("ArtifactTests", ["Lab", "Build", "Server", "Templates", "TestSupport"], exclude: ["Labs", "Golden"]),
        .target(
            name: "TestSupport", dependencies: ["Lab", "Preseed"], path: "Tests/Support",
            exclude: ["conform.py", "posts.py", "debian-root.sh"], swiftSettings: strict),
        tests("MonitoringTests", ["Server", "Build", "Preseed", "TestSupport"]),
        tests("ReviewTests", ["Review", "Lab", "Build", "Preseed", "TestSupport"]),
        tests(
            "ServerTests",
            ["Server", "Build", "Lab", "TestSupport", .product(name: "NIOEmbedded", package: "swift-nio")]),
        tests("WorldTests", ["Lab", "Build", "TestSupport"]),
        tests("CommandTests", ["TestSupport"], exclude: ["sarif.schema.json"]),
        tests("MediaTests", ["Images", "Preseed", "TestSupport"], exclude: ["VBoxManage"]),
        tests("BootTests", ["TestSupport"]),
        tests("VirtualBoxTests", ["TestSupport"], exclude: ["VBoxManage", "hold"]),
    ]
)

// With libFuzzer's own main, so only where it is asked for: make fuzz.
if ProcessInfo.processInfo.environment["XENSEED_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(name: "fuzz", dependencies: ["TestSupport"], path: "Tests/Fuzz", exclude: ["Corpus", "run"]))
}
