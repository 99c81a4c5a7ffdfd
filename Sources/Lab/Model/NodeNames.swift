/// Names of nodes as text for people: sorted, with ranges, and with the number of nodes if there are many.
package enum NodeNames {
    /// The number of nodes from which a list ends with it.
    private static let many = 5
    /// The number of names in a row from which they are a range.
    private static let shortestRange = 3

    /// Returns whether a name is sorted before another one. Digits are compared as numbers: `n2` comes before `n10`.
    package static func isBefore(_ a: String, _ b: String) -> Bool {
        var (left, right) = (Array(a.utf8)[...], Array(b.utf8)[...])
        while let first = left.first, let second = right.first {
            if isDigit(first), isDigit(second) {
                let (x, y) = (removeNumber(from: &left), removeNumber(from: &right))
                if x != y { return x.count == y.count ? x.lexicographicallyPrecedes(y) : x.count < y.count }
            } else if first != second {
                return first < second
            } else {
                left.removeFirst()
                right.removeFirst()
            }
        }
        return left.isEmpty == right.isEmpty ? a < b : left.isEmpty
    }

    /// Returns a list of names, such as `n1–n6, n8 (7 nodes)`.
    /// - Parameters:
    ///   - total: The number of nodes in the lab, if the text can be `all 30 nodes`.
    ///   - limit: The number of characters from which the list is cut off. It has the first name or range in any case.
    package static func text(_ names: some Sequence<String>, of total: Int? = nil, limit: Int = .max) -> String {
        let sorted = Set(names).sorted(by: isBefore)
        let isMany = sorted.count >= many
        if isMany, sorted.count == total { return "all \(sorted.count) nodes" }
        let (parts, number) = (ranges(sorted), "(\(sorted.count) nodes)")
        let all = parts.joined(separator: ", ") + (isMany ? " \(number)" : "")
        guard parts.count > 1, all.count > limit else { return all }
        var list = parts[0]
        for part in parts.dropFirst() {
            guard list.count + 2 + part.count + 4 + number.count <= limit else { break }
            list += ", \(part)"
        }
        return "\(list), … \(number)"
    }

    /// Returns sorted names, with each row of consecutive ones as a range.
    private static func ranges(_ names: [String]) -> [String] {
        var rows: [ArraySlice<String>] = []
        for (index, name) in names.enumerated() {
            if let last = rows.last?.last, isNext(name, after: last) {
                rows[rows.count - 1] = names[rows[rows.count - 1].startIndex...index]
            } else {
                rows.append(names[index...index])
            }
        }
        return rows.flatMap { $0.count < shortestRange ? Array($0) : ["\($0.first!)–\($0.last!)"] }
    }

    private static func isNext(_ name: String, after other: String) -> Bool {
        let (a, b) = (parts(other), parts(name))
        guard a.prefix == b.prefix, let x = Int(a.digits), let y = Int(b.digits), x + 1 == y else { return false }
        return a.digits.count == b.digits.count || a.digits.first != "0" && b.digits.first != "0"
    }

    /// Splits a name before the digits at its end, of which at most nine count.
    private static func parts(_ name: String) -> (prefix: Substring, digits: Substring) {
        let digits = name.reversed().prefix(9).prefix { $0.isASCII && $0.isNumber }.count
        return (name.dropLast(digits), name.suffix(digits))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    /// Removes the digits at the beginning of a text and returns them without leading zeros.
    private static func removeNumber(from text: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let digits = text.prefix(while: isDigit)
        text = text.dropFirst(digits.count)
        return digits.drop { $0 == 48 }
    }
}
