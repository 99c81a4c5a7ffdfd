import Foundation
import Preseed
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15)))
struct ShellCommandTests {
    /// Returns the simple commands of a text, in order: the operator before the command, its words (? for a word that
    /// is known only at run time), and g if its failure is handled.
    private static func shown(_ text: String) throws -> [String] {
        try ShellCommand(text.utf8).commands.map { command in
            let words = command.words.map { $0.literal ?? "?" }.joined(separator: ",")
            return (command.joinedBy ?? "") + "[" + words + "]" + (command.isGuarded ? "g" : "")
        }
    }

    @Test(
        arguments: [
            ("", []),
            ("# only a comment", []),
            ("echo a", ["[echo,a]"]),
            ("echo a && in-target sh -c 'x; y' || true", ["[echo,a]", "&&[in-target,sh,-c,x; y]g", "||[true]"]),
            ("if [ -e x ]; then echo y; fi", ["[[,-e,x,]]g", "[echo,y]"]),
            ("if a; then b; elif c; then d; else e; fi", ["[a]g", "[b]", "[c]g", "[d]", "[e]"]),
            (
                "for d in a b; do case $d in *://*) f \"$d\" ;; *) cp \"$d/x\" y ;; esac 2>/dev/null || continue; done",
                ["[f,?]g", "[cp,?,y]g", "||[continue]"]
            ),
            ("echo $(cat `ls x`)", ["[echo,?]", "[cat,?]", "[ls,x]"]),
            ("echo \"$(a \"b\")\" '$(c)'", ["[echo,?,$(c)]", "[a,b]"]),
            ("echo `a \\`b\\``", ["[echo,?]", "[a,?]", "[b]"]),
            ("x() { echo 1; }; x", ["[echo,1]", ";[x]"]),
            ("echo $((1+(2))) ${x:-$(y)}", ["[echo,?,?]", "[y]"]),
            ("echo $( (a) | b)", ["[echo,?]", "[a]", "|[b]"]),
            ("{ a; } && (b) & ! c", ["[a]", "[b]", "&[c]"]),
            ("for x in 1 2; do echo; done > /x; y", ["[echo]", ";[y]"]),
            ("while read -r a; do b; done </proc/mounts", ["[read,-r,a]g", "[b]"]),
            ("case x in esac", []),
            ("case x in a|b) ;; (c) d;; e) f; esac", ["[d]", "[f]"]),
            ("x=1 y z=2", ["[y,z=2]"]),
            ("x=$(y)", ["[]", "[y]"]),
            ("echo a#b # c", ["[echo,a#b]"]),
            ("2>/dev/null", ["[]"]),
            ("echo \\; a\\ b \"c\\\"\"", ["[echo,;,a b,c\"]"]),
            ("if=1; fi=2; echo if then", ["[]", ";[]", ";[echo,if,then]"]),
            ("a |\nb\nc", ["[a]", "|[b]", ";[c]"]),
            ("cat <<\"END\" >x\nif $(\nEND\nb", ["[cat]", ";[b]"]),
            ("cat <<-'E F' | b\n'\n\tE F\nc", ["[cat]", "|[b]", ";[c]"]),
            ("while read -r x; do a; done <<END\n)\nEND\n", ["[read,-r,x]g", "[a]"]),
            ("a \"${x:-don't}\"", ["[a,?]"]),
        ] as [(String, [String])])
    func commands(_ text: String, _ found: [String]) throws {
        #expect(try Self.shown(text) == found)
        try dash(text, takes: true)
    }

    @Test(
        arguments: [
            ("a |", "nothing follows “|”", 2), ("a && ; b", "nothing follows “&&”", 2),
            ("a || ", "nothing follows “||”", 2),
            ("(a; b", "“(” is not closed", 0), ("a )", "unexpected “)”", 2),
            ("a ;; b", "unexpected “;;”", 2),
            ("; a", "a command is missing", 0), ("a;; b", "unexpected “;;”", 1),
            ("echo 'a", "a ' is not closed", 5), ("echo \"a", "a \" is not closed", 5),
            ("echo `a", "a ` is not closed", 5),
            ("echo $(a", "“$(” is not closed", 5), ("echo ${a", "“${” is not closed", 5),
            ("if a; then b", "“if” is not followed by “fi”", 0), ("if a; b; fi", "unexpected “fi”", 9),
            ("fi", "unexpected “fi”", 0), ("while a; done", "unexpected “done”", 9),
            ("for 1 in a; do b; done", "“for” needs the name of a variable", 4),
            ("for a in b; c; done", "“for” is not followed by “do”", 0),
            ("for a in b <c; do d; done", "a word is missing", 11),
            ("case a b) c;; esac", "“case” needs “in”", 7),
            ("case a in b c;; esac", "a pattern of “case” needs “)”", 12),
            ("a; { b", "“{” is not followed by “}”", 3), ("a }; }", "unexpected “}”", 5),
            ("cat <<END", "a here-document (<<) needs lines after the command", 4),
            ("a >", "a redirection needs a file", 2),
            ("echo $(fi)", "unexpected “fi”", 7), ("if then fi", "a command is missing", 3),
            ("echo $((a) | b)", "“$((” is not closed", 5),
        ] as [(String, String, Int)])
    func faults(_ text: String, _ message: String, _ offset: Int) throws {
        #expect(throws: ShellSyntaxError(message: message, offset: offset)) { try ShellCommand(text.utf8) }
        // For a here-document without an end, dash only prints a warning.
        if !text.contains("<<") { try dash(text, takes: false) }
    }

    /// Syntax that only bash has is refused.
    @Test func bashsOwn() {
        #expect(throws: ShellSyntaxError.self) { try ShellCommand("diff <(a) <(b)".utf8) }
    }

    @Test func nestingHasAnEnd() {
        for opening in ["(", "$(", "{ ", "if ", "\"$(", "${x:-"] {
            #expect(throws: ShellSyntaxError.self) {
                try ShellCommand(String(repeating: opening, count: 100_000).utf8)
            }
        }
    }

    private func dash(_ text: String, takes: Bool) throws {
        let ran = try run(["dash", "-n", "-c", text])
        #expect((ran.status == 0) == takes, "\(text): \(ran.err)")
    }
}

extension ShellCommandTests {
    /// Every script on this machine that dash accepts is accepted.
    @Test func realScriptsAreRead() throws {
        let folders = [
            "/etc/init.d", "/usr/bin", "/usr/sbin", "/var/lib/dpkg/info", "/usr/share/debconf", "/etc/grub.d",
        ]
        var count = 0
        for folder in folders {
            for name in ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() {
                let path = "\(folder)/\(name)"
                guard let script = FileManager.default.contents(atPath: path), script.count < 200_000,
                    script.starts(with: Array("#!/bin/sh".utf8))
                else { continue }
                do { _ = try ShellCommand(script) } catch {
                    #expect(try run(["dash", "-n", path]).status != 0, "\(path): \(error)")
                }
                count += 1
            }
        }
        #expect(count > 50)
    }
}
