import Foundation
import TestSupport
import Testing

/// Tests `xenseed verify` as a user runs it, on reports from the nodes' verifier.
@Suite(.timeLimit(.minutes(15)))
struct VerifyTests {
    /// Creates a directory with a lab of two nodes, and with two reports for node1: one of a machine on which every
    /// check fails, and one of a machine on which every check passes.
    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(labText(), to: "lab.yaml")
        #expect(try xenseed("build", in: folder).status == 0)
        let expect = try folder.read("out/nodes/node1/overlay/etc/xenseed/expect")
        try folder.write(expect, to: "root/etc/xenseed/expect")
        let script = checkout.appending(path: "templates/xenseed-verify.sh").path
        let ran = try run(["/bin/sh", script], environment: ["XENSEED_ROOT": folder.url("root").path])
        #expect(ran.status == 1)
        try folder.write(try folder.read("root/var/lib/xenseed/report.json"), to: "bad.json")
        try folder.write(try whole(folder.read("bad.json")), to: "good.json")
        return folder
    }

    /// Returns a failed report as one in which every check passes.
    private func whole(_ report: String) throws -> String {
        var object = try #require(try JSONSerialization.jsonObject(with: Data(report.utf8)) as? [String: Any])
        var checks = try #require(object["checks"] as? [[String: Any]])
        for index in checks.indices {
            checks[index]["ok"] = true
            checks[index]["seen"] = checks[index]["asked"]
        }
        object["checks"] = checks
        object["passed"] = checks.count
        object["failed"] = 0
        return String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    }

    @Test func tells() throws {
        let folder = try folder()
        let good = try xenseed("verify", "good.json", in: folder)
        #expect(good.status == 0 && good.err.isEmpty, "\(good)")
        #expect(good.out.wholeMatch(of: /node1: [0-9]+ ok, 0 differ \(20.*Z\)\n/) != nil, "\(good.out)")
        let all = try xenseed("verify", "--all", "good.json", in: folder)
        #expect(all.out.contains(/\n  ok  hostname +saw node1\.hl\.local, expected node1\.hl\.local\n/), "\(all.out)")
        let bad = try xenseed("verify", "bad.json", in: folder)
        #expect(bad.status == 4 && bad.out.hasPrefix("node1: 0 ok, "), "\(bad)")
        #expect(bad.out.contains("  differs  dom0-memory"))
        // Of two reports from a node, the newer one is used.
        let later = try folder.read("good.json").replacing(/"time":"[^"]*"/, with: "\"time\":\"2099-01-01T00:00:00Z\"")
        #expect(try xenseed("verify", "-", "bad.json", input: later, in: folder).status == 0)
        // A named node without a report is a difference.
        let missing = try xenseed("verify", "--node", "node1", "--node", "node2", "good.json", in: folder)
        #expect(missing.status == 4 && missing.out.hasSuffix("node2: no report\n"))
        let json = try xenseed("verify", "--format", "json", "bad.json", in: folder)
        let items = try #require(try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [[String: Any]])
        #expect(json.status == 4 && items.map { $0["node"] as? String } == ["node1"])
    }

    /// A report from before a change of the lab is compared with the current lab.
    @Test func afterTheLabHasChanged() throws {
        let folder = try folder()
        try folder.write(labText(memory: "4 GiB"), to: "lab.yaml")
        let ran = try xenseed("verify", "good.json", in: folder)
        #expect(ran.status == 4)
        #expect(ran.out.contains("  outdated  total-memory  saw 2048 MiB, expected 4096 MiB\n"), "\(ran.out)")
    }

    @Test func wrongInput() throws {
        let folder = try folder()
        let foreign = try folder.read("good.json").replacing("node1.hl", with: "node9.hl")
        let stranger = try xenseed("verify", "-", input: foreign, in: folder)
        #expect(stranger.status == 1 && stranger.out.isEmpty)
        #expect(
            stranger.err.contains("node9.hl.local, which is not a node of the lab; did you mean node"),
            "\(stranger.err)")
        #expect(try xenseed("verify", "-", input: "{}", in: folder).status == 1)
        #expect(try xenseed("verify", "nowhere.json", in: folder).status == 3)
        #expect(try xenseed("verify", in: folder).status == 2)
        let typo = try xenseed("verify", "--node", "nod1", "good.json", in: folder)
        #expect(typo.status == 2 && typo.err.contains("did you mean node1?"))
        // Control characters in a report are not printed.
        let hostile = try folder.read("bad.json").replacing(#""seen": "nothing""#, with: #""seen": "\u001b[2J\u0007""#)
        let shown = try xenseed("verify", "-", input: hostile, in: folder)
        #expect(shown.status == 4 && !shown.out.contains("\u{1B}") && !shown.out.contains("\u{7}"))
    }

    /// With `--ssh`, the user's ssh with its configuration collects the reports: node1 answers, node2 does not.
    @Test func collects() throws {
        let folder = try folder()
        // The script's changes outside of the directory are in namespaces that end with it.
        let script = """
            set -eu
            ip link set lo up
            for place in /root /usr/local/sbin /var/lib; do mount -t tmpfs tmpfs $place; done
            chmod 700 /root
            mkdir -m 700 /root/.ssh /var/lib/xenseed
            printf '#!/bin/sh\\ncp "%s" /var/lib/xenseed/report.json; exit 1\\n' "$PWD/good.json" >/usr/local/sbin/xenseed-verify
            chmod 755 /usr/local/sbin/xenseed-verify
            ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id_ed25519
            cp /root/.ssh/id_ed25519.pub /root/.ssh/authorized_keys
            printf '%s\\n' 'StrictHostKeyChecking accept-new' 'LogLevel ERROR' 'Host node1.hl.local' 'HostName 127.0.0.1' 'Port 2222' \
                'Host node2.hl.local' 'HostName 127.0.0.1' 'Port 2223' >/root/.ssh/config
            dropbearkey -t ed25519 -f /root/hostkey >/dev/null
            dropbear -F -s -r /root/hostkey -p 127.0.0.1:2222 2>/dev/null &
            server=$!
            until ssh root@node1.hl.local true 2>/dev/null; do sleep 0.1; done
            status=0
            "$@" || status=$?
            kill $server
            exit $status
            """
        func verify(_ words: String...) throws -> Ran {
            try run(
                ["timeout", "30", "unshare", "--net", "--mount", "sh", "-c", script, "sh", program, "verify", "--ssh"]
                    + words,
                environment: ["HOME": "/root"], in: URL(filePath: folder.path))
        }
        let one = try verify("--node", "node1")
        #expect(one.status == 0 && one.out.hasPrefix("node1: "), "\(one)")
        let both = try verify()
        #expect(both.status == 4 && both.out.hasSuffix("node2: no report\n"), "\(both)")
        #expect(both.err.contains("port 2223: Connection refused"), "\(both.err)")
        #expect(both.err.contains("xenseed: node2: ssh failed with exit status 255\n"), "\(both.err)")
    }
}
