/// The recipes of partman-auto-raid: `LEVEL DEVICES SPARES FILESYSTEM MOUNTPOINT DEVICE#DEVICE… [SPARE#…] [OPTION#…]`, with a dot
/// after each but the last (partman-auto-raid 47 and 55, auto-raidcfg).
enum RaidRecipe {
    /// Returns the problem with the value of `partman-auto-raid/recipe`; nil when it is valid.
    static func problem(of value: String) -> ValueProblem? {
        var start = value.startIndex
        var number = 0
        while start < value.endIndex {
            let end = value[start...].firstIndex(of: ".") ?? value.endIndex
            let text = value[start..<end]
            let words = text.split { $0 == " " || $0 == "\t" }.map(String.init)
            defer { start = end == value.endIndex ? end : value.index(after: end) }
            if words.isEmpty { continue }
            number += 1
            guard var problem = problem(of: words) else { continue }
            problem.message = "RAID recipe \(number) \(problem.message)"
            problem.offset = value.utf8.distance(
                from: value.startIndex, to: text.firstIndex { $0 != " " && $0 != "\t" } ?? start)
            return problem
        }
        return nil
    }

    /// The least number of devices of each level; the installer knows the first ones, and mdadm the others.
    private static let levels = ["0": 1, "1": 1, "5": 3, "6": 4, "10": 2, "4": 2]

    private static func problem(of words: [String]) -> ValueProblem? {
        guard words.count >= 6 else {
            return ValueProblem(
                message: "needs a level, the numbers of devices and spares, a filesystem, a mount point and devices",
                hint: "1 2 0 ext4 / /dev/sda1#/dev/sdb1 .")
        }
        guard let least = levels[words[0]] else {
            return ValueProblem(message: "has the level “\(words[0])”", hint: "one of: 0, 1, 4, 5, 6, 10")
        }
        guard let count = Int(words[1]), count > 0, let spares = Int(words[2]), spares >= 0 else {
            return ValueProblem(
                message: "has “\(words[1]) \(words[2])” where the numbers of devices and spares are expected")
        }
        if count < least { return ValueProblem(message: "has \(count) devices, and level \(words[0]) needs \(least)") }
        let devices = words[5].split(separator: "#")
        if let wrong = devices.first(where: { !$0.hasPrefix("/dev/") }) {
            return ValueProblem(message: "has “\(wrong)” where a device is expected", hint: "/dev/sda1#/dev/sdb1")
        }
        if devices.count > count || devices.count < count && words[0] == "0" {
            return ValueProblem(message: "names \(devices.count) devices for an array of \(count), which mdadm refuses")
        }
        if devices.count < count {
            return ValueProblem(
                message: "names only \(devices.count) of \(count) devices, so the array is degraded from the start",
                hint: "name \(count) devices, or change the number")
        }
        if spares > 0, words.count < 7 {
            return ValueProblem(message: "has \(spares) spare devices and names none")
        }
        return nil
    }
}
