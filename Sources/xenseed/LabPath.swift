import FoundationEssentials

/// Returns the lab file that an argument names: the file itself, or `lab.yaml` in a directory.
func labPath(_ argument: String) -> String {
    var isDirectory = false
    guard FileManager.default.fileExists(atPath: argument, isDirectory: &isDirectory), isDirectory else {
        return argument
    }
    return argument.hasSuffix("/") ? "\(argument)lab.yaml" : "\(argument)/lab.yaml"
}
